#include "errors.hpp"

#include "contents.hpp"
#include "error_table.hpp"

#include "deskbridge/channel/answer.hpp"
#include "deskbridge/channel/url.hpp"
#include "deskbridge/core/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace deskbridge::whatsapp {
namespace {

constexpr int rate_status = 429;
constexpr int graph_parameter_error = 100;
constexpr int missing_object_subcode = 33;
constexpr std::size_t longest_trace = 64;

ProviderError read_error(Json const& error)
{
    ProviderError out;
    auto const code = channel::loose_int_at(error, "/code").value_or(0);
    out.code = code >= 0 && code <= INT32_MAX ? static_cast<int>(code) : 0;
    out.title = words_at(error, "/title");
    auto const message = words_at(error, "/message");
    if (out.title.empty())
        out.title = message;
    for (std::string_view const place : {"/error_data/details", "/details", "/error_user_msg", "/message"})
        if (out.detail.empty())
            out.detail = words_at(error, place);
    if (out.detail == out.title)
        out.detail.clear();
    out.trace = shorten(name_at(error, "/fbtrace_id"), longest_trace);
    // 0 stands for an error without a code, too.
    if (auto const* row = out.code > 0 ? find_error(out.code) : nullptr)
        out.sentence = row->why;
    return out;
}

/// The sentence for agents, with the provider's own words and the code behind it.
std::string reason_of(ErrorRow const* row, ProviderError const& error)
{
    auto const& own = error.detail.empty() ? error.title : error.detail;
    auto sentence = row != nullptr ? std::string{row->why} : std::string{"WhatsApp refused the message."};
    return fmt::format("{} ({}{}{})", sentence, own, own.empty() ? "error " : "; error ", error.code);
}

NotSent not_sent(std::string why, NotSent::Slows slows, std::chrono::seconds asked, ProviderError error)
{
    return NotSent{std::move(why), asked, slows, std::move(error)};
}

struct Meant {
    Verdict verdict{Verdict::refuse};
    std::chrono::seconds asked{0};
    std::string_view template_status{};
};

Outcome by_verdict(Meant const& judged, std::string why, ProviderError error)
{
    auto const asked = judged.asked;
    switch (judged.verdict) {
    case Verdict::wait: return not_sent(std::move(why), NotSent::Slows::intent, asked, std::move(error));
    case Verdict::wait_file: {
        auto again = not_sent(std::move(why), NotSent::Slows::intent, asked, std::move(error));
        again.about_file = true;
        return again;
    }
    case Verdict::wait_pair: return not_sent(std::move(why), NotSent::Slows::pair, asked, std::move(error));
    case Verdict::wait_account: return not_sent(std::move(why), NotSent::Slows::account, asked, std::move(error));
    case Verdict::wait_proactive: return not_sent(std::move(why), NotSent::Slows::proactive, asked, std::move(error));
    case Verdict::refuse: return Refused{std::move(why), Refused::Because::message, std::move(error)};
    case Verdict::window: return Refused{std::move(why), Refused::Because::window_closed, std::move(error)};
    case Verdict::opted_out: return Refused{std::move(why), Refused::Because::opted_out, std::move(error)};
    case Verdict::unreachable: return Refused{std::move(why), Refused::Because::person, std::move(error)};
    case Verdict::unusable_template:
        return Refused{std::move(why), Refused::Because::unusable_template, std::move(error), std::string{judged.template_status}};
    case Verdict::pause: return Refused{std::move(why), Refused::Because::account, std::move(error)};
    case Verdict::unknown: break;
    }
    return Unknown{std::move(why), std::move(error)};
}

/// The `error` object of an answer in Meta's format: it has a code.
Json const* error_object(Json const& body)
{
    auto const* error = channel::object_at(body, "/error");
    return error != nullptr && channel::loose_int_at(*error, "/code") ? error : nullptr;
}

Verdict verdict_of(HttpResponse const& response, Json const& error, ErrorRow const* row)
{
    auto const code = channel::loose_int_at(error, "/code").value_or(0);
    if (row == &refused_proof())
        return Verdict::pause;
    if (code == graph_parameter_error && channel::loose_int_at(error, "/error_subcode") == missing_object_subcode)
        return Verdict::pause;
    // A rate or a passing fault may carry any code; only codes that say so mean that nothing was processed on 5xx.
    if (response.status == rate_status && (row == nullptr || row->verdict == Verdict::refuse))
        return Verdict::wait_account;
    if (row != nullptr)
        return response.status >= 500 && (row->verdict == Verdict::wait || row->verdict == Verdict::wait_file) ? Verdict::unknown : row->verdict;
    if (response.status >= 500)
        return Verdict::unknown;
    if (response.status == 401)
        return Verdict::pause;
    return channel::bool_at(error, "/is_transient").value_or(false) ? Verdict::wait : Verdict::refuse;
}

Outcome by_table(HttpResponse const& response, Json const& node)
{
    auto error = read_error(node);
    auto const* row = is_proof_refused(response) ? &refused_proof() : find_error(error.code);
    if (row != nullptr)
        error.sentence = row->why;
    auto const verdict = verdict_of(response, node, row);
    auto const floor = row != nullptr ? row->asked : std::chrono::seconds{0};
    auto const asked = std::max(floor, channel::retry_after(response).value_or(std::chrono::seconds{0}));
    auto why = reason_of(row, error);
    return by_verdict({verdict, asked, row != nullptr ? row->template_status : std::string_view{}}, std::move(why), std::move(error));
}

/// Of a status 4xx; nothing else is parsed.
std::optional<Json> body_of_refusal(HttpResponse const& response)
{
    if (response.status < 400 || response.status >= 500)
        return std::nullopt;
    auto body = channel::read_json(response.body);
    return body ? std::optional{std::move(*body)} : std::nullopt;
}

Outcome accepted_or_unknown(Json const& body)
{
    auto id = message_id_at(body, "/messages/0/id");
    if (!id)
        return Unknown{"WhatsApp answered without a message id.", {}};
    auto aliases = addresses_at(body, {"/contacts/0/wa_id", "/contacts/0/user_id", {}});
    // Source: developers.facebook.com, WhatsApp "Template pacing" (2026-08): it is sent, or fails with 132015, when its quality is known.
    bool const held = name_at(body, "/messages/0/message_status") == "held_for_quality_assessment";
    return Accepted{std::move(*id), std::move(aliases), held};
}

} // namespace

std::vector<ProviderError> read_errors(Json const* errors)
{
    std::vector<ProviderError> found;
    if (errors != nullptr && errors->is_object())
        found.push_back(read_error(*errors));
    if (errors == nullptr || !errors->is_array())
        return found;
    for (auto const& error : *errors)
        if (error.is_object())
            found.push_back(read_error(error));
    return found;
}

Outcome outcome_of(HttpResponse const& response)
{
    auto const parsed = channel::read_json(response.body);
    auto const body = parsed ? *parsed : Json{};
    if (response.status >= 200 && response.status < 300)
        return accepted_or_unknown(body);
    auto const* error = error_object(body);
    return error != nullptr ? by_table(response, *error) : channel::outcome_of_stranger(response, "WhatsApp");
}

bool is_proof_refused(HttpResponse const& response)
{
    auto const body = body_of_refusal(response);
    return body && channel::loose_int_at(*body, "/error/code") == graph_parameter_error &&
           words_at(*body, "/error/message").find("appsecret_proof") != std::string::npos;
}

bool is_access_refused(HttpResponse const& response)
{
    auto const body = body_of_refusal(response);
    if (!body)
        return false;
    auto const code = channel::loose_int_at(*body, "/error/code");
    return code == 190 || (code == 0 && response.status == 401) || is_proof_refused(response);
}

FailureMeaning meaning_of_failure(std::vector<ProviderError> const& errors)
{
    FailureMeaning meaning;
    if (errors.empty())
        return meaning;
    // 0 stands here for an error without a code, not for a refused token: no status is about that.
    auto const* row = errors.front().code > 0 ? find_error(errors.front().code) : nullptr;
    auto const outcome = by_verdict(row != nullptr ? Meant{row->verdict, row->asked, row->template_status} : Meant{}, {}, {});
    if (auto const* refused = std::get_if<Refused>(&outcome)) {
        meaning.because = refused->because;
        meaning.template_status = refused->template_status;
    }
    if (auto const* waits = std::get_if<NotSent>(&outcome); waits != nullptr && waits->slows != NotSent::Slows::intent) {
        meaning.slows = waits->slows;
        meaning.asked = waits->asked;
    }
    meaning.worth_retry = !std::holds_alternative<Refused>(outcome);
    return meaning;
}

} // namespace deskbridge::whatsapp
