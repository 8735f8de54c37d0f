#pragma once

#include "deskbridge/core/ids.hpp"
#include "deskbridge/core/time.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace deskbridge {

/// A message on screen. The order is that of `position`, then of `id` (commit sequence).
struct OnScreen {
    MessageId id;
    std::int64_t position{0};
    Timestamp sent_at; ///< the provider's time, as far as it is `believed`
};

/// Where a message stands that did not come late. The gaps are for those that do: about twenty fit in anywhere in exact
/// order, more of them stand behind each other in commit sequence.
[[nodiscard]] constexpr std::int64_t position_of(MessageId id) noexcept
{
    return id.value * (std::int64_t{1} << 22);
}

/// Where a message of a chat's history stands: before everything that came to us, by the provider's time.
[[nodiscard]] constexpr std::int64_t position_of_history(Timestamp sent_at) noexcept
{
    return to_ms(sent_at) - (std::int64_t{1} << 62);
}

/// Where a message is inserted that came late: behind the last one that was sent before it, or behind the one that it
/// answers. nullopt: after all of them, as any other.
///
/// @param newest_first  what stands on screen, from its end; as far back as one looks.
/// @param answers       the message that it quotes; 0: none.
///
/// Errors:  none. Threads: pure; any thread.
[[nodiscard]] std::optional<std::int64_t> position_of_late(std::span<OnScreen const> newest_first, Timestamp sent_at,
                                                           MessageId answers) noexcept;

} // namespace deskbridge
