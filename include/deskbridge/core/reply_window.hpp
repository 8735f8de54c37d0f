#pragma once

#include "deskbridge/core/time.hpp"

#include <chrono>
#include <optional>

namespace deskbridge {

/// How long before the provider's own closing we stop relying on the reply window.
inline constexpr std::chrono::minutes reply_window_margin{5};

/// From when a message keeps the window open: the earlier of the provider's clock and ours, so that neither a clock that
/// is ahead nor a late delivery makes it look longer than the provider thinks. (See `believed`.)
[[nodiscard]] constexpr Timestamp window_from(Timestamp sent_at, Timestamp received_at) noexcept
{
    return believed(sent_at, received_at);
}

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

} // namespace deskbridge
