#pragma once

#include "deskbridge/core/time.hpp"

#include <chrono>
#include <optional>

namespace deskbridge {

/// A channel's free entry point: once we answer somebody who wrote from an advert, everything that we send them costs nothing for a
/// while. It is a deadline of its own, and lengthens no reply window.
/// Source: WhatsApp Business Platform, "Pricing: free entry point conversations" (2026-10).
struct FreeEntryRules {
    std::chrono::seconds lasts{0};         ///< from our first answer; 0: the channel has none
    std::chrono::seconds answer_within{0}; ///< of the customer's message
};

/// Until when nothing costs anything, or nullopt: this answer begins no free entry point.
///
/// @param referred_at  when the customer wrote from the advert, by the earlier of both clocks.
/// @param answered_at  when our answer left.
/// Five minutes early, as reply windows close for us: neither clock is the one that the provider charges by.
/// Errors:  none. Threads: pure; any thread.
[[nodiscard]] std::optional<Timestamp> free_entry_until(FreeEntryRules const& rules, Timestamp referred_at, Timestamp answered_at) noexcept;

} // namespace deskbridge
