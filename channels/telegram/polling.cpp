#include "polling.hpp"

#include "answers.hpp"
#include "api.hpp"

#include "deskbridge/core/ascii.hpp"

#include <fmt/format.h>

#include <charconv>

namespace deskbridge::telegram {
namespace {

constexpr int longest_wait_s = 50;
constexpr int most_updates = 50;
constexpr std::int64_t largest_update = 1LL << 53; ///< Telegram's ids are positive, and numbers that JSON holds whole
/// A batch is deeper and larger than one webhook: what one alone may be must not make a batch unreadable.
constexpr channel::JsonLimits batch_limits{40, 2'000'000};

channel::Polled trouble(HttpResponse const& response)
{
    auto const refusal = read_refusal(response);
    if (!refusal.told)
        return {{}, fmt::format("an answer (HTTP {}) that is not Telegram's", response.status)};
    if (refusal.code == 409 && holds_word(refusal.description, "webhook"))
        return {{}, "Telegram delivers to a webhook: call deleteWebhook first, or leave out updates = \"poll\"", std::chrono::seconds{60}};
    if (refusal.code == 409)
        return {{}, "another program asks for this bot's updates: only one may", std::chrono::seconds{30}};
    return {{}, fmt::format("{} (error {})", refusal.description, refusal.code), refusal.asked};
}

} // namespace

std::optional<HttpRequest> ask_for_updates(channel::Account const& account, std::string_view cursor)
{
    auto const tokens = tokens_of(account);
    if (tokens.empty() || account.secret("webhook_secret").empty())
        return std::nullopt;
    Json parameters{{"timeout", longest_wait_s},
                    {"limit", most_updates},
                    {"allowed_updates",
                     {"message", "edited_message", "callback_query", "my_chat_member", "message_reaction", "business_connection",
                      "business_message", "edited_business_message", "deleted_business_messages"}}};
    std::int64_t offset = 0;
    if (std::from_chars(cursor.data(), cursor.data() + cursor.size(), offset).ec == std::errc{})
        parameters["offset"] = offset;
    return call(account, tokens.front(), "getUpdates", channel::write_json(parameters));
}

channel::Polled read_updates(channel::Account const& account, HttpResponse const& response)
{
    auto const body = channel::read_json(response.body, batch_limits);
    auto const* updates = body ? channel::array_at(*body, "/result") : nullptr;
    if (response.status != 200 || updates == nullptr)
        return trouble(response);
    channel::Polled polled;
    auto const secrets = account.secret("webhook_secret");
    std::string cursor; // what has no id of its own goes with the one before it
    for (auto const& update : *updates) {
        auto const id = channel::int_at(update, "/update_id");
        if (id && *id > 0 && *id < largest_update)
            cursor = std::to_string(*id + 1);
        if (secrets.empty())
            continue;
        HttpRequest webhook{"POST", "", {{"Content-Type", "application/json"}, {std::string{secret_header}, secrets.front()}},
                            channel::write_json(update)};
        polled.items.push_back({std::move(webhook), cursor});
    }
    if (cursor.empty() && !polled.items.empty()) // nothing says where to go on: the same would come again and again
        return {{}, "Telegram answered with updates that have no usable update_id"};
    return polled;
}

std::optional<HttpRequest> call_in_reply(channel::Account const& account, HttpResponse const& reply)
{
    auto const tokens = tokens_of(account);
    auto body = channel::read_json(reply.body);
    auto const method = body ? word_at(*body, "/method") : std::string{};
    if (tokens.empty() || method.empty())
        return std::nullopt;
    body->erase("method");
    return call(account, tokens.front(), method, channel::write_json(*body));
}

} // namespace deskbridge::telegram
