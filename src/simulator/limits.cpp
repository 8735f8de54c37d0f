#include "limits.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace deskbridge::simulator {

using namespace std::chrono_literals;

bool Bucket::has_room(Timestamp now) const noexcept
{
    return full_again_ <= Moment{now} + interval_ * (burst_ - 1);
}

void Bucket::take(Timestamp now) noexcept
{
    full_again_ = std::max(full_again_, Moment{now}) + interval_;
}

Bucket pair_bucket() noexcept
{
    return Bucket{6s, 45};
}

Bucket number_bucket(int messages_per_second) noexcept
{
    auto const rate = std::max(messages_per_second, 1);
    return Bucket{std::chrono::microseconds{1'000'000 / rate}, rate};
}

bool Reach::has_room(std::string const& customer, std::optional<std::size_t> limit, Timestamp now) const
{
    auto const counts = [&](Timestamp at) { return now < at + 24h; };
    auto const known = written_to_.find(customer);
    if (!limit || (known != written_to_.end() && counts(known->second)))
        return true;
    auto const others = std::count_if(written_to_.begin(), written_to_.end(), [&](auto const& one) { return counts(one.second); });
    return static_cast<std::size_t>(others) < *limit;
}

void Reach::take(std::string const& customer, Timestamp now)
{
    auto& at = written_to_.try_emplace(customer, now).first->second;
    at = std::max(at, now);
}

std::optional<std::size_t> reach_of_tier(std::string_view tier) noexcept
{
    static constexpr std::array<std::pair<std::string_view, std::size_t>, 6> tiers{
        {{"TIER_50", 50}, {"TIER_250", 250}, {"TIER_1K", 1000}, {"TIER_2K", 2000}, {"TIER_10K", 10'000}, {"TIER_100K", 100'000}}};
    auto const* const found = std::find_if(tiers.begin(), tiers.end(), [&](auto const& one) { return one.first == tier; });
    return found == tiers.end() ? std::nullopt : std::optional{found->second};
}

bool window_open(std::optional<Timestamp> last_from_user, Timestamp now) noexcept
{
    return last_from_user && now < *last_from_user + 24h;
}

std::optional<std::chrono::milliseconds> next_retry(int failures, std::chrono::milliseconds age,
                                                    std::uint64_t dice) noexcept
{
    constexpr std::chrono::milliseconds first = 2s;
    constexpr std::chrono::milliseconds ceiling = 1h;
    if (age >= 7 * 24h)
        return std::nullopt;
    auto const doublings = std::clamp(failures - 1, 0, 12);
    auto const wait = std::min(ceiling, first * (1 << doublings));
    auto const spread = wait.count() * 2 / 5;
    auto const offset = static_cast<std::int64_t>(dice % static_cast<std::uint64_t>(spread + 1)) - spread / 2;
    return wait + std::chrono::milliseconds{offset};
}

std::chrono::milliseconds scaled(std::chrono::milliseconds wait, double time_scale) noexcept
{
    auto const real = static_cast<double>(wait.count()) / std::max(time_scale, 1e-3);
    return std::max(10ms, std::chrono::milliseconds{static_cast<std::int64_t>(real)});
}

} // namespace deskbridge::simulator
