#pragma once

#include "json_reading.hpp"

#include "deskbridge/core/http.hpp"

#include <string>
#include <string_view>
#include <variant>

namespace deskbridge::simulator::telegram {

/// A refusal in the Bot API's form. Its words matter: clients have to go by them, for there are only a handful of codes.
/// Sources: core.telegram.org/bots/api#making-requests (Bot API 10.1, 2026-11); the words: github.com/tdlib/telegram-bot-api,
/// Client.cpp (2026-11).
struct BotError {
    int code{400};
    std::string description{};
    Json parameters{}; ///< retry_after, migrate_to_chat_id; null: none
};

[[nodiscard]] BotError bad_request(std::string_view why); ///< 400 "Bad Request: …"
[[nodiscard]] BotError forbidden(std::string_view why);   ///< 403 "Forbidden: …"
[[nodiscard]] BotError conflict(std::string_view why);    ///< 409 "Conflict: …"
[[nodiscard]] BotError too_many(int seconds);             ///< 429

/// What a call came to: the result, or why not.
struct Done {
    Json result = true; // not in braces: that would be a list of it
    std::string description{}; ///< said beside the result, as setWebhook does; empty: nothing
};
using Answer = std::variant<Done, BotError>;

[[nodiscard]] HttpResponse response_of(Answer const& answer);

} // namespace deskbridge::simulator::telegram
