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
