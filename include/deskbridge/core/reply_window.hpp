#pragma once

#include "deskbridge/core/outcome.hpp"
#include "deskbridge/core/time.hpp"

#include <array>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace deskbridge {

/// How long before the provider's own closing we stop relying on the reply window.
inline constexpr std::chrono::minutes reply_window_margin{5};

/// From when a message keeps the window open: the earlier of the provider's clock and ours, so that neither a clock that
/// is ahead nor a late delivery makes it look longer than the provider thinks. (See `believed`.)
[[nodiscard]] constexpr Timestamp window_from(Timestamp sent_at, Timestamp received_at) noexcept
{
    return believed(sent_at, received_at);
}

/// How long after a customer's message a channel lets us write, as data. Where answers go decides: on one account a person may write in
/// chats that have a window, and in others that have none.
struct WindowRules {
    std::chrono::seconds usual{0};                                       ///< 0: no window, one may always write
    std::map<std::string, std::chrono::seconds, std::less<>> by_kind{};  ///< of chats whose answers go to this kind of address

    [[nodiscard]] std::chrono::seconds of(Address const& answers_to) const noexcept;
    [[nodiscard]] std::vector<std::chrono::seconds> lengths() const; ///< each once, without 0
};

/// When the window closes for us, or nullopt: never.
///
/// @param from    conversation.window_from_ms; nullopt: the customer never wrote.
/// @param window  the channel's; 0: it has none, one may always write.
/// Source: WhatsApp Cloud API, "Send messages: customer service windows" (2025-11).
struct ReplyWindow {
    std::optional<Timestamp> from;
    std::chrono::seconds window{24 * 3600};

    [[nodiscard]] std::optional<Timestamp> closes_at() const noexcept;  ///< nullopt: never closes, or is closed from the start
    [[nodiscard]] bool open_at(Timestamp now) const noexcept;
};

/// How much is left of a reply window when it is spoken of: in the event log, and to the customer if the account wants that.
/// Descending; the last one is its closing.
inline constexpr std::array<std::chrono::minutes, 3> window_marks{std::chrono::hours{4}, std::chrono::minutes{30}, std::chrono::minutes{0}};

/// From when a window must have begun to have come to its mark by `now`: one that began later has not yet.
[[nodiscard]] Timestamp began_for_mark(std::chrono::seconds window, std::chrono::minutes left, Timestamp now) noexcept;

/// Is the mark still worth speaking of? Not when the next one is past as well, after a time in which nobody looked.
[[nodiscard]] bool tells_mark(ReplyWindow const& window, std::chrono::minutes left, Timestamp now) noexcept;

/// The customer is asked to write, so that we may go on: once from a window's opening to its closing, however often it is
/// prolonged in between, and only about something.
struct ClosingSoonFacts {
    bool wanted{false};   ///< by the account's configuration, at this mark
    bool told{false};     ///< already in this window, or withheld
    bool live_ticket{false};
    bool elsewhere{false}; ///< what the customer wrote last went to another app of the number: that one has the chat
};
[[nodiscard]] bool tells_closing_soon(ClosingSoonFacts const& facts) noexcept;

} // namespace deskbridge
