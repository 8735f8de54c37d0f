#include "deskbridge/core/silence.hpp"

#include "deskbridge/core/time_zone.hpp"

#include <algorithm>

namespace deskbridge {
namespace {

using std::chrono::hours;

constexpr hours longest{6 * 24};
constexpr int least = 5;
constexpr int usual = 10;
constexpr std::ptrdiff_t weeks_heard = 3;

Timestamp weeks_before(Timestamp at, std::size_t weeks, std::string const& zone)
{
    Timestamp const then = at - week * static_cast<int>(weeks);
    return std::chrono::floor<hours>(then + ahead_of_utc(zone, at) - ahead_of_utc(zone, then));
}

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

EarlierHours earlier_hours(SilentHours const& silent, std::string const& zone)
{
    EarlierHours earlier{};
    for (std::size_t back = 0; back < earlier.size(); ++back)
        earlier[back] = {weeks_before(silent.from, back + 1, zone), weeks_before(silent.to, back + 1, zone)};
    return earlier;
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
