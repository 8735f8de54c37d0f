#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace deskbridge {

/// A moment in UTC, in milliseconds. `core` never asks what time it is: it is told.
using Timestamp = std::chrono::sys_time<std::chrono::milliseconds>;

[[nodiscard]] constexpr std::int64_t to_ms(Timestamp at) noexcept
{
    return at.time_since_epoch().count();
}

[[nodiscard]] constexpr Timestamp from_ms(std::int64_t ms) noexcept
{
    return Timestamp{std::chrono::milliseconds{ms}};
}

/// A provider's time, as far as decisions may believe it: never later than when the event came (a clock that is ahead would
/// make everything else look late), and of a time before 2009, when none of these channels existed, the moment of receipt.
/// What the provider told is stored as it was told.
[[nodiscard]] constexpr Timestamp believed(Timestamp told, Timestamp received_at) noexcept
{
    constexpr Timestamp earliest{std::chrono::sys_days{std::chrono::year{2009} / 1 / 1}};
    return told < earliest || told > received_at ? received_at : told;
}

/// RFC 3339 in UTC with milliseconds: "2026-11-21T14:03:09.120Z".
[[nodiscard]] std::string render_rfc3339(Timestamp at);

/// The reverse, with any offset and 0 to 9 fraction digits; nullopt if it is not RFC 3339.
[[nodiscard]] std::optional<Timestamp> parse_rfc3339(std::string_view text) noexcept;

} // namespace deskbridge
