#include "deskbridge/core/our_time.hpp"

#include <algorithm>

namespace deskbridge {

Timestamp our_time(Timestamp now, Timestamp told, std::optional<Timestamp> latest) noexcept
{
    constexpr std::chrono::minutes parallel{1};
    constexpr std::chrono::hours farthest{24};
    if (told <= now || !latest || *latest <= now)
        return now;
    if (*latest - now <= parallel)
        return std::min(told, *latest);
    return std::clamp(told, *latest, *latest + farthest);
}

} // namespace deskbridge
