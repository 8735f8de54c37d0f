#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace deskbridge {

/// How patiently one delivery is retried.
struct RetryPolicy {
    std::chrono::seconds first{2};            ///< ceiling of the wait after the 1st failure
    std::chrono::seconds ceiling{1800};       ///< no wait of our own is longer than this
    int attempts{0};                          ///< total tries, the first one included; 0: until the message's own deadline
    std::chrono::seconds asked_ceiling{3600}; ///< a channel's wish is followed up to here
};

/// The wait before the next try of a delivery, or nullopt when it has had them all.
///
/// Full jitter: uniform in [0, min(ceiling, first * 2^(failures-1))], so that a channel that comes back after an outage
/// is not met by every waiting delivery at once.
///
/// @param failures  tries that have failed so far; >= 1.
/// @param asked     the channel's own wish (Retry-After); it wins when it is longer.
/// @param dice      a uniformly random 64-bit number; the caller owns the randomness.
/// @return          whole seconds, >= 1.
///
/// Errors:  none; total over its domain.
/// Threads: pure; any thread.
/// Source:  RFC 9110 10.2.3 (Retry-After); M. Brooker, "Exponential Backoff And Jitter", 2015.
[[nodiscard]] std::optional<std::chrono::seconds> next_wait(RetryPolicy const& policy, int failures,
                                                            std::chrono::seconds asked, std::uint64_t dice) noexcept;

} // namespace deskbridge
