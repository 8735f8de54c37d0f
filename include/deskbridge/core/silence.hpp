#pragma once

#include "deskbridge/core/time.hpp"

#include <array>
#include <chrono>
#include <optional>
#include <string>

namespace deskbridge {

/// What is known when an account is judged: whole hours, for that is how arrivals are counted.
struct SilenceFacts {
    Timestamp now{};
    std::optional<Timestamp> last_inbound{}; ///< the newest message of a customer; nullopt: there was never one
    Timestamp listening_since{};             ///< the start of the daemon: before it nobody could be heard
};

/// The hours that have been silent: [from, to). Empty if not one whole hour has been.
struct SilentHours {
    Timestamp from{};
    Timestamp to{};
    friend bool operator==(SilentHours const&, SilentHours const&) = default;
};

/// At most six days: beyond, the silence would be compared with itself.
[[nodiscard]] std::optional<SilentHours> silent_hours(SilenceFacts const& facts) noexcept;

/// The same hours of the four weeks before, newest week first.
using EarlierHours = std::array<SilentHours, 4>;
inline constexpr std::chrono::hours week{7 * 24};

/// By the clocks of `zone`: who writes at nine does so in summer and in winter. Rounded down to whole hours, as arrivals are counted.
///
/// Errors: none; a zone that is not known is UTC. Threads: any.
[[nodiscard]] EarlierHours earlier_hours(SilentHours const& silent, std::string const& zone);

/// How many messages came in each of those.
using EarlierWeeks = std::array<int, 4>;

/// Is the silence more than chance? When three of the four weeks had five messages or more in these hours, and the middle of them ten or
/// more: where ten are expected, none at all is one chance in twenty thousand. A quiet number is judged after a longer silence by itself,
/// since the hours that are compared grow with it.
///
/// Errors: none; total. Threads: pure; any thread.
[[nodiscard]] bool is_unusual(EarlierWeeks const& weeks) noexcept;

} // namespace deskbridge
