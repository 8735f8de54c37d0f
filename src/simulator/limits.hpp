#pragma once

#include "deskbridge/core/time.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace deskbridge::simulator {

/// A bucket that holds `burst` sends and gets one back every `interval`.
///
/// Kept as the moment from which it is full again, so it needs no timer.
class Bucket {
public:
    Bucket(std::chrono::microseconds interval, int burst) : interval_{interval}, burst_{burst} {}
    [[nodiscard]] bool has_room(Timestamp now) const noexcept;
    void take(Timestamp now) noexcept;

private:
    using Moment = std::chrono::sys_time<std::chrono::microseconds>;
    std::chrono::microseconds interval_;
    int burst_;
    Moment full_again_{};
};

/// One number to one user: 1 message in 6 s, 45 at once.
/// Source: Meta, WhatsApp Cloud API, "Pair rate limits", read 2026-10.
[[nodiscard]] Bucket pair_bucket() noexcept;
[[nodiscard]] Bucket number_bucket(int messages_per_second) noexcept;

/// Whom a business has written to first, outside their reply windows: so many people within 24 hours.
/// Source: Meta, WhatsApp Business Platform, "Messaging limits", read 2026-10: one limit for a portfolio.
class Reach {
public:
    [[nodiscard]] bool has_room(std::string const& customer, std::optional<std::size_t> limit, Timestamp now) const;
    void take(std::string const& customer, Timestamp now);

private:
    std::map<std::string, Timestamp> written_to_; ///< by customer: when last
};

/// "TIER_2K", …; nullopt: no limit.
[[nodiscard]] std::optional<std::size_t> reach_of_tier(std::string_view tier) noexcept;

/// Whether free-form messages may be sent: 24 hours from the user's last message, by the provider's clock.
/// Source: Meta, WhatsApp Business Platform, "Customer service windows", read 2026-10.
[[nodiscard]] bool window_open(std::optional<Timestamp> last_from_user, Timestamp now) noexcept;

/// The wait before a webhook is posted again, in provider time; nullopt when seven days have passed.
///
/// Doubles from 2 s to 1 h, a fifth shorter or longer by chance.
/// @param failures  posts without a 200 so far; >= 1.
/// @param age       since the first post, in provider time.
/// @param dice      uniformly random; the caller owns the randomness.
/// Source: Meta, WhatsApp webhooks, "up to 7 days", read 2026-10; the steps in between are undocumented.
[[nodiscard]] std::optional<std::chrono::milliseconds> next_retry(int failures, std::chrono::milliseconds age,
                                                                  std::uint64_t dice) noexcept;

/// A wait of provider time in real time, at least 10 ms.
[[nodiscard]] std::chrono::milliseconds scaled(std::chrono::milliseconds wait, double time_scale) noexcept;

} // namespace deskbridge::simulator
