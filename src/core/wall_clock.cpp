#include "deskbridge/core/wall_clock.hpp"

namespace deskbridge {

std::optional<std::chrono::milliseconds> WallClock::set_back(Timestamp now, std::chrono::milliseconds running) noexcept
{
    constexpr std::chrono::seconds not_worth_it{1};
    auto const begun = now - running;
    auto const by = begun_ ? *begun_ - begun : std::chrono::milliseconds{0};
    if (by > std::chrono::milliseconds{0} && by <= not_worth_it)
        return std::nullopt; // kept in mind: many small steps are a large one
    begun_ = begun;
    return by > not_worth_it ? std::optional{by} : std::nullopt;
}

} // namespace deskbridge
