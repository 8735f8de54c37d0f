#pragma once

#include "deskbridge/core/outcome.hpp"
#include "deskbridge/core/time.hpp"

#include <optional>
#include <string_view>

/// Whether what is sent to an address can arrive, as far as the channel tells it before anything is tried.
namespace deskbridge {

/// Why nothing arrives. Words are those in SQL, API and fixtures.
enum class Barrier {
    blocked,             ///< the customer wants nothing from us
    connection_ended,    ///< whoever let us write in their name does not any more
    replies_not_allowed, ///< they let us read, and not write
};

/// "blocked", …
[[nodiscard]] std::string_view render_barrier(Barrier barrier) noexcept;
[[nodiscard]] std::optional<Barrier> parse_barrier(std::string_view word) noexcept;
/// A sentence for agents: why, and what would change it.
[[nodiscard]] std::string_view explain_barrier(Barrier barrier) noexcept;

/// What a channel says about an address.
struct ReachNews {
    Address address;                ///< if its value ends with '/': all that begin with it
    std::optional<Barrier> barrier; ///< nullopt: what is sent arrives
};

struct StandingBarrier {
    Barrier barrier;
    Timestamp since; ///< provider's time
};

/// Does it still stand? Whoever writes blocks nobody, whatever was told before.
/// @param window_from  of the conversation: by the same clock as `since`, so that what was written before a block and came after it, late,
///                     ends nothing. nullopt: the customer never wrote.
[[nodiscard]] bool still_stands(StandingBarrier const& barrier, std::optional<Timestamp> window_from) noexcept;

} // namespace deskbridge
