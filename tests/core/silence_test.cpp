#include "deskbridge/core/silence.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace deskbridge;
using namespace std::chrono_literals;

namespace {

constexpr Timestamp noon = from_ms(1'795'910'400'000); // a full hour

} // namespace

TEST_CASE("silence: the whole hours in which nothing came while we listened")
{
    struct Case {
        std::string label;
        SilenceFacts facts;
        std::optional<SilentHours> hours;
    };
    std::vector<Case> const cases{
        {"nothing ever came", {noon, std::nullopt, noon - 100h}, std::nullopt},
        {"a message this hour", {noon + 20min, noon + 10min, noon - 100h}, std::nullopt},
        {"a message in the hour before", {noon + 20min, noon - 10min, noon - 100h}, std::nullopt},
        {"one whole hour", {noon + 20min, noon - 70min, noon - 100h}, SilentHours{noon - 1h, noon}},
        {"a message on the hour", {noon + 20min, noon - 2h, noon - 100h}, SilentHours{noon - 2h, noon}},
        {"we were down until an hour ago", {noon + 20min, noon - 9h, noon - 1h}, SilentHours{noon - 1h, noon}},
        {"we have just started", {noon + 20min, noon - 9h, noon + 10min}, std::nullopt},
        {"six days at most", {noon, noon - 400h, noon - 500h}, SilentHours{noon - 144h, noon}},
        {"a clock that was set back", {noon, noon + 3h, noon - 100h}, std::nullopt},
    };
    for (auto const& c : cases) {
        INFO(c.label);
        CHECK(silent_hours(c.facts) == c.hours);
    }
}

TEST_CASE("silence: the same hours of earlier weeks are those of the zone's clocks")
{
    struct Case {
        std::string label;
        std::string zone;
        char const* from;
        std::vector<char const*> earlier; ///< where the windows of the four weeks before begin
    };
    std::vector<Case> const cases{
        {"no clock changes", "UTC", "2026-11-02T08:00:00Z",
         {"2026-10-26T08:00:00Z", "2026-10-19T08:00:00Z", "2026-10-12T08:00:00Z", "2026-10-05T08:00:00Z"}},
        {"after summer time", "Europe/Berlin", "2026-11-02T08:00:00Z",
         {"2026-10-26T08:00:00Z", "2026-10-19T07:00:00Z", "2026-10-12T07:00:00Z", "2026-10-05T07:00:00Z"}},
        {"after winter time", "Europe/Berlin", "2026-04-06T07:00:00Z",
         {"2026-03-30T07:00:00Z", "2026-03-23T08:00:00Z", "2026-03-16T08:00:00Z", "2026-03-09T08:00:00Z"}},
        {"the other half of the world", "Australia/Sydney", "2026-10-05T00:00:00Z",
         {"2026-09-28T01:00:00Z", "2026-09-21T01:00:00Z", "2026-09-14T01:00:00Z", "2026-09-07T01:00:00Z"}},
        {"a zone that nobody knows", "Middle/Earth", "2026-11-02T08:00:00Z",
         {"2026-10-26T08:00:00Z", "2026-10-19T08:00:00Z", "2026-10-12T08:00:00Z", "2026-10-05T08:00:00Z"}},
    };
    for (auto const& c : cases) {
        INFO(c.label);
        auto const from = *parse_rfc3339(c.from);
        auto const weeks = earlier_hours({from, from + 2h}, c.zone);
        for (std::size_t back = 0; back < weeks.size(); ++back) {
            CHECK(render_rfc3339(weeks[back].from) == render_rfc3339(*parse_rfc3339(c.earlier[back])));
            CHECK(weeks[back].to - weeks[back].from == 2h);
        }
    }
}

TEST_CASE("silence: a window over the change itself ends at the same hour of the day")
{
    auto const weeks = earlier_hours({*parse_rfc3339("2026-10-24T20:00:00Z"), *parse_rfc3339("2026-10-25T08:00:00Z")}, "Europe/Berlin");
    CHECK(render_rfc3339(weeks[0].from) == "2026-10-17T20:00:00.000Z");
    CHECK(render_rfc3339(weeks[0].to) == "2026-10-18T07:00:00.000Z"); // nine o'clock both times
}

TEST_CASE("silence: unusual is what four weeks say, not one of them")
{
    struct Case {
        std::string label;
        EarlierWeeks weeks;
        bool unusual;
    };
    std::vector<Case> const cases{
        {"busy every week", {12, 15, 9, 14}, true},
        {"a number that nobody writes to", {0, 0, 0, 0}, false},
        {"a few every week", {6, 7, 5, 8}, false},
        {"one loud week", {200, 0, 1, 0}, false},
        {"two loud weeks", {50, 60, 1, 0}, false},
        {"a holiday last week", {0, 15, 12, 18}, true},
        {"three weeks known", {11, 12, 10, 0}, true},
        {"two weeks known", {40, 40, 0, 0}, false},
        {"a middle that is too small", {10, 10, 5, 0}, false},
        {"just enough", {10, 11, 10, 0}, true},
    };
    for (auto const& c : cases) {
        INFO(c.label);
        CHECK(is_unusual(c.weeks) == c.unusual);
    }
}
