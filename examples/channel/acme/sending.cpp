#include "sending.hpp"

#include "deskbridge/channel/answer.hpp"
#include "deskbridge/channel/json.hpp"
#include "deskbridge/channel/reading.hpp"
#include "deskbridge/channel/url.hpp"

#include <algorithm>

namespace deskbridge::acme {
namespace {

using channel::Json;

constexpr int unauthorized = 401;
constexpr int too_many_requests = 429;

/// The message in words alone: buttons and rows become lines below it.
std::string words_of(OutboundContent const& content)
{
    auto words = content.text;
    auto const add = [&](Choice const& choice) { words.append(words.empty() ? "" : "\n").append(choice.title); };
    std::for_each(content.buttons.begin(), content.buttons.end(), add);
    if (content.list)
        std::for_each(content.list->rows.begin(), content.list->rows.end(), add);
    return words;
}

Outcome refused(std::string why, Refused::Because because = Refused::Because::message)
{
    return Refused{std::move(why), because, {}};
}

/// Acme says {"id": "…"} or {"error": "…"}; whatever says neither is not Acme.
Outcome outcome_of(HttpResponse const& response)
{
    auto const parsed = channel::read_json(response.body);
    auto const body = parsed ? *parsed : Json{};
    if (response.status >= 200 && response.status < 300) {
        auto id = channel::id_at(body, "/id");
        if (id.empty())
            return Unknown{"Acme answered without a message id.", {}};
        return Accepted{{std::move(id)}, {}};
    }
    ProviderError error{response.status, channel::words_at(body, "/error"), {}};
    if (error.title.empty())
        return channel::outcome_of_stranger(response, "Acme");
    if (response.status == too_many_requests)
        return NotSent{"The account sends faster than Acme allows.", channel::retry_after(response).value_or(std::chrono::seconds{0}),
                       NotSent::Slows::account, std::move(error)};
    if (response.status == unauthorized)
        return Refused{"Acme does not accept the access token.", Refused::Because::account, std::move(error)};
    if (response.status >= 400 && response.status < 500)
        return Refused{"Acme does not take the message.", Refused::Because::message, std::move(error)};
    return Unknown{"Acme had a problem of its own.", std::move(error)};
}

} // namespace

channel::SendStep next_step(channel::Account const& account, channel::Delivery const& delivery, std::span<HttpResponse const> so_far)
{
    if (!so_far.empty())
        return outcome_of(so_far.back());
    auto const tokens = account.secret("access_token");
    if (tokens.empty())
        return refused("The account has no access token.", Refused::Because::account);
    if (delivery.content.template_call || !delivery.group.empty() || delivery.to.value.empty())
        return refused("Acme sends words to phone numbers only: no templates, no groups.");
    Json const body{{"from", account.number}, {"to", delivery.to.value}, {"text", words_of(delivery.content)}, {"reference", delivery.token}};
    HttpRequest request{"POST", channel::join_url(account.setting("api_base"), {"messages"}),
                        {{"Content-Type", "application/json"}, {"Authorization", "Bearer " + tokens.front()}}, channel::write_json(body)};
    return channel::Step{std::move(request), true};
}

} // namespace deskbridge::acme
