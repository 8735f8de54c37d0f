#pragma once

#include "ids.hpp"

#include "deskbridge/core/http.hpp"
#include "deskbridge/core/outcome.hpp"

#include <chrono>

namespace deskbridge::telegram {

/// What became of a message to that chat, by the Bot API's answer.
/// Source: core.telegram.org/bots/api#making-requests (Bot API 10.1, 2026-11).
/// @param chat  where it was sent to; the answer names the same, or the message has no name.
[[nodiscard]] Outcome outcome_of(HttpResponse const& response, MessageName const& chat);

/// Does the answer say that the token is not (or no longer) one?
[[nodiscard]] bool is_token_refused(HttpResponse const& response);

/// The group's new id, when the answer says that it has one.
[[nodiscard]] std::optional<std::int64_t> migrated_to(HttpResponse const& response);

/// Does the answer say that the file is no photo, so that it can still go as a document? Nothing was sent then.
/// Source: core.telegram.org/bots/api#sendphoto; core.telegram.org/api/errors (2026-11); tdlib/td#2544.
[[nodiscard]] bool is_no_photo(HttpResponse const& response);

/// A refusal in Telegram's format; `told` false: somebody else's answer, or a success.
struct Refusal {
    bool told{false};
    int code{0};
    std::string description;
    std::chrono::seconds asked{0}; ///< to wait; at most a day
};
[[nodiscard]] Refusal read_refusal(HttpResponse const& response);

} // namespace deskbridge::telegram
