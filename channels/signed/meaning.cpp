#include "meaning.hpp"

#include "deskbridge/channel/reading.hpp"
#include "deskbridge/channel/url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace deskbridge::signed_http {
namespace {

using Because = Failure::Because;

struct Word {
    std::string_view word;
    Because because;
};

constexpr std::array<Word, 9> words{{{"message", Because::message},
                                     {"window_closed", Because::window_closed},
                                     {"opted_out", Because::opted_out},
                                     {"person", Because::person},
                                     {"template", Because::unusable_template},
                                     {"account", Because::account},
                                     {"wait", Because::wait},
                                     {"wait_recipient", Because::wait_recipient},
                                     {"wait_account", Because::wait_account}}};

/// Of a 4xx that does not say why. 410: the endpoint is gone, which Standard Webhooks wants disabled.
Because by_status(int status)
{
    switch (status) {
    case 408:
    case 425: return Because::wait;
    case 429: return Because::wait_account;
    case 401:
    case 403:
    case 404:
    case 405:
    case 410: return Because::account;
    default: return Because::message;
    }
}

std::string_view sentence_of(Because because)
{
    switch (because) {
    case Because::window_closed: return "The customer can no longer be written to without their asking.";
    case Because::opted_out: return "The customer does not want these messages.";
    case Because::person: return "This customer cannot be reached in this app, whatever is sent.";
    case Because::unusable_template: return "The app does not send this template as it is.";
    case Because::account: return "The app does not let this account send.";
    case Because::wait: return "The app asks to try again later.";
    case Because::wait_recipient: return "Too many messages to this customer in a short time.";
    case Because::wait_account: return "The account sends faster than the app allows.";
    case Because::unsaid:
    case Because::message: break;
    }
    return "The app does not take the message.";
}

std::string reason_of(Because because, int status, ProviderError const& error)
{
    auto const& own = error.detail.empty() ? error.title : error.detail;
    return fmt::format("{} ({}{}HTTP {})", sentence_of(because), own, own.empty() ? "" : "; ", status);
}

NotSent::Slows slowed_by(Because because)
{
    if (because == Because::wait_recipient)
        return NotSent::Slows::pair;
    return because == Because::wait_account ? NotSent::Slows::account : NotSent::Slows::intent;
}

Outcome of_refusal(HttpResponse const& response, channel::Json const& body)
{
    auto failure = failure_at(body, "/error");
    auto const because = failure.because == Because::unsaid ? by_status(response.status) : failure.because;
    auto why = reason_of(because, response.status, failure.error);
    if (is_wait(because))
        return NotSent{std::move(why), channel::retry_after(response).value_or(std::chrono::seconds{0}), slowed_by(because),
                       std::move(failure.error)};
    return Refused{std::move(why), refusal_of(because), std::move(failure.error)};
}

} // namespace

Failure failure_at(channel::Json const& node, std::string_view pointer)
{
    Failure failure;
    auto const* error = channel::object_at(node, pointer);
    if (error == nullptr)
        return failure;
    auto const word = channel::text_at(*error, "/because").value_or("");
    for (auto const& row : words)
        if (row.word == word)
            failure.because = row.because;
    auto const code = channel::loose_int_at(*error, "/code").value_or(0);
    failure.error.code = code >= 0 && code <= INT32_MAX ? static_cast<int>(code) : 0;
    failure.error.title = channel::words_at(*error, "/title");
    failure.error.detail = channel::words_at(*error, "/detail");
    failure.retry = channel::bool_at(*error, "/retry").value_or(false) || is_wait(failure.because);
    return failure;
}

Refused::Because refusal_of(Because because) noexcept
{
    switch (because) {
    case Because::window_closed: return Refused::Because::window_closed;
    case Because::opted_out: return Refused::Because::opted_out;
    case Because::person: return Refused::Because::person;
    case Because::unusable_template: return Refused::Because::unusable_template;
    case Because::account: return Refused::Because::account;
    case Because::unsaid:
    case Because::message:
    case Because::wait:
    case Because::wait_recipient:
    case Because::wait_account: break;
    }
    return Refused::Because::message;
}

bool is_wait(Because because) noexcept
{
    return because == Because::wait || because == Because::wait_recipient || because == Because::wait_account;
}

Outcome outcome_of(HttpResponse const& response)
{
    auto const parsed = channel::read_json(response.body);
    auto const body = parsed ? *parsed : channel::Json{};
    if (response.status >= 200 && response.status < 300) {
        auto id = channel::id_at(body, "/id");
        if (id.empty())
            return Unknown{"The app answered without a message id.", {}};
        return Accepted{{std::move(id)}, {}};
    }
    if (response.status >= 400 && response.status < 500)
        return of_refusal(response, body);
    if (response.status >= 300 && response.status < 400)
        return Refused{fmt::format("The app answered with a redirect (HTTP {}), which is not followed. Check endpoint.", response.status),
                       Refused::Because::account, {}};
    return Unknown{fmt::format("The app had a problem of its own (HTTP {}).", response.status), failure_at(body, "/error").error};
}

} // namespace deskbridge::signed_http
