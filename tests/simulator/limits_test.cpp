#include "limits.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace deskbridge::simulator;
using namespace std::chrono_literals;

namespace {

constexpr Timestamp noon = from_ms(1'795'262'400'000);

/// How many of `asked` sends in a row are taken.
int taken(Bucket& bucket, int asked, Timestamp at)
{
    int count = 0;
    for (int i = 0; i < asked; ++i) {
        if (!bucket.has_room(at))
            continue;
        bucket.take(at);
        ++count;
    }
    return count;
}

} // namespace

TEST_CASE("one number to one user: 45 at once, then one in six seconds, full again after 270")
{
    struct Case {
        std::string label;
        std::chrono::milliseconds later;
        int taken;
    };
    auto const c = GENERATE(values<Case>({
        {"at once", 0ms, 0},
        {"just before six seconds", 5999ms, 0},
        {"after six seconds", 6000ms, 1},
        {"after a minute", 60'000ms, 10},
        {"just before it is full", 269'999ms, 44},
        {"when it is full", 270'000ms, 45},
        {"never more than full", 24h, 45},
    }));
    INFO(c.label);
    auto bucket = pair_bucket();
    REQUIRE(taken(bucket, 60, noon) == 45);
    CHECK(taken(bucket, 60, noon + c.later) == c.taken);
}

TEST_CASE("a number sends so many messages in a second")
{
    auto bucket = number_bucket(80);
    CHECK(taken(bucket, 200, noon) == 80);
    CHECK(taken(bucket, 200, noon + 500ms) == 40);
    CHECK(taken(bucket, 200, noon + 10s) == 80);
}

TEST_CASE("so many people may be written to first within 24 hours, and each of them again")
{
    Reach reach;
    reach.take("a", noon);
    reach.take("b", noon + 1h);
    CHECK_FALSE(reach.has_room("c", 2, noon + 1h));
    CHECK(reach.has_room("b", 2, noon + 1h));
    CHECK(reach.has_room("c", std::nullopt, noon + 1h));
    CHECK_FALSE(reach.has_room("c", 2, noon + 24h - 1ms));
    CHECK(reach.has_room("c", 2, noon + 24h));
    reach.take("a", noon + 24h);
    CHECK_FALSE(reach.has_room("c", 2, noon + 24h));
    reach.take("a", noon); // what an earlier run tells of takes nothing back
    CHECK_FALSE(reach.has_room("c", 2, noon + 24h));
    CHECK(reach_of_tier("TIER_250") == 250U);
    CHECK_FALSE(reach_of_tier("TIER_UNLIMITED").has_value());
}

TEST_CASE("the window is open for 24 hours from the user's last message")
{
    struct Case {
        std::string label;
        std::optional<Timestamp> last;
        bool open;
    };
    auto const c = GENERATE(values<Case>({
        {"never wrote", std::nullopt, false},
        {"just wrote", noon, true},
        {"a millisecond left", noon - 24h + 1ms, true},
        {"24 hours ago", noon - 24h, false},
        {"late delivery: the message's own time counts", noon - 30h, false},
    }));
    INFO(c.label);
    CHECK(window_open(c.last, noon) == c.open);
}

TEST_CASE("an unanswered webhook is posted again, ever more rarely, for seven days")
{
    struct Case {
        std::string label;
        int failures;
        std::chrono::milliseconds age;
        std::optional<std::chrono::milliseconds> shortest;
        std::optional<std::chrono::milliseconds> longest;
    };
    auto const c = GENERATE(values<Case>({
        {"after the first failure", 1, 0s, 1600ms, 2400ms},
        {"after the second", 2, 2s, 3200ms, 4800ms},
        {"after the sixth", 6, 60s, 51'200ms, 76'800ms},
        {"never longer than an hour", 40, 24h, 48min, 72min},
        {"just before seven days", 200, 168h - 1ms, 48min, 72min},
        {"after seven days: given up", 200, 168h, std::nullopt, std::nullopt},
    }));
    INFO(c.label);
    CHECK(next_retry(c.failures, c.age, 0) == c.shortest);
    std::optional<std::chrono::milliseconds> longest;
    for (std::uint64_t dice = 0; dice < 3'000'000; dice += 37)
        longest = std::max(longest, next_retry(c.failures, c.age, dice));
    REQUIRE(longest.has_value() == c.longest.has_value());
    if (longest) {
        CHECK(*longest <= *c.longest);
        CHECK(*longest > *c.longest - *c.longest / 100);
    }
}

TEST_CASE("time may run faster")
{
    CHECK(scaled(60s, 1) == 60s);
    CHECK(scaled(60s, 60) == 1s);
    CHECK(scaled(2s, 10'000) == 10ms);
}
