#include "deskbridge/core/silence.hpp"

#include <algorithm>

namespace deskbridge {
namespace {

using std::chrono::hours;

constexpr hours longest{6 * 24};
constexpr int least = 5;
constexpr int usual = 10;
constexpr std::ptrdiff_t weeks_heard = 3;

} // namespace

std::optional<SilentHours> silent_hours(SilenceFacts const& facts) noexcept
{
    if (!facts.last_inbound)
        return std::nullopt;
    auto const quiet_since = std::max(*facts.last_inbound, facts.listening_since);
    Timestamp const to = std::chrono::floor<hours>(facts.now);
    Timestamp const from = std::max<Timestamp>(std::chrono::ceil<hours>(quiet_since), to - longest);
    return from < to ? std::optional{SilentHours{from, to}} : std::nullopt;
}

bool is_unusual(EarlierWeeks const& weeks) noexcept
{
    auto const heard = std::count_if(weeks.begin(), weeks.end(), [](int count) { return count >= least; });
    auto sorted = weeks;
    std::sort(sorted.begin(), sorted.end());
    auto const middle = (sorted[1] + sorted[2]) / 2;
    return heard >= weeks_heard && middle >= usual;
}

} // namespace deskbridge
