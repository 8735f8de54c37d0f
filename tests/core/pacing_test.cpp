#include "deskbridge/core/pacing.hpp"
#include "deskbridge/core/retry.hpp"

#include "support/noon.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace deskbridge;
using deskbridge::test::noon;
using namespace std::chrono_literals;

namespace {

constexpr ConversationId anna{1};
constexpr ConversationId ben{2};

/// Sends to fresh recipients as fast as allowed; answers how many left within `span`.
int sent_within(Pace& pace, Timestamp& now, std::chrono::milliseconds span, std::int64_t& recipient)
{
    int sent = 0;
    for (auto const end = now + span;;) {
        ConversationId const to{++recipient};
        auto const at = pace.ready_at(to, now);
        if (at >= end) {
            now = end;
            return sent;
        }
        now = at;
        pace.take(to, now);
        ++sent;
    }
}

} // namespace

TEST_CASE("back-off: full jitter under a doubling ceiling")
{
    struct Case {
        std::string label;
        int failures;
        std::chrono::seconds asked;
        std::uint64_t dice;
        std::optional<std::chrono::seconds> wait;
    };
    auto const c = GENERATE(values<Case>({
        {"first failure, lowest dice: never zero", 1, 0s, 0, 1s},
        {"first failure, highest dice", 1, 0s, 2, 2s},
        {"the channel's wish wins when longer", 1, 60s, 1, 60s},
        {"and not when shorter", 6, 10s, 60, 60s},
        {"third failure reaches eight seconds", 3, 0s, 8, 8s},
        {"and starts over above it", 3, 0s, 9, 1s},
        {"never over the ceiling", 11, 0s, 900, 900s},
        {"a wish is followed up to an hour", 1, 86400s, 0, 3600s},
        {"gives up after the last attempt", 12, 0s, 0, std::nullopt},
    }));
    INFO(c.label);
    CHECK(next_wait({2s, 900s, 12}, c.failures, c.asked, c.dice) == c.wait);
}

TEST_CASE("back-off: without a limit of attempts it goes on until the message's deadline")
{
    CHECK(next_wait({}, 1000, 0s, 1800) == 1800s);
    CHECK(next_wait({}, 1'000'000'000, 0s, 1801) == 1s);
}

TEST_CASE("pace: a recipient gets a burst, then one every six seconds")
{
    Pace pace{{.per_second = 1000, .per_second_max = 1000, .pair_interval = 6s, .pair_burst = 3}};
    for (int i = 0; i < 3; ++i) {
        CHECK(pace.ready_at(anna, noon) == noon);
        pace.take(anna, noon);
    }
    CHECK(pace.ready_at(anna, noon) == noon + 6s);
    CHECK(pace.ready_at(ben, noon) == noon);
    CHECK(pace.ready_at(anna, noon + 6s) == noon + 6s);
    pace.take(anna, noon + 6s);
    CHECK(pace.ready_at(anna, noon + 6s) == noon + 12s);
    pace.give_back(anna);
    CHECK(pace.ready_at(anna, noon + 6s) == noon + 6s);
}

TEST_CASE("pace: a rate error for one recipient slows that one only")
{
    Pace pace{{}};
    pace.pair_throttled(anna, noon, 16s);
    CHECK(pace.ready_at(anna, noon) == noon + 16s);
    CHECK(pace.ready_at(ben, noon) == noon);
    CHECK(pace.per_second() == 20.0);
}

TEST_CASE("pace: the account's rate rises by clean minutes and halves on a rate error")
{
    Pace pace{{}};
    auto now = noon;
    std::int64_t recipient = 0;
    auto const first = sent_within(pace, now, 60s, recipient);
    CHECK(first >= 1190);
    CHECK(first <= 1210); // 20 a second
    sent_within(pace, now, 60s, recipient);
    CHECK(pace.per_second() == 25.0);
    for (int minute = 0; minute < 20; ++minute)
        sent_within(pace, now, 60s, recipient);
    CHECK(pace.per_second() == 60.0);
    pace.account_throttled(now, 4s, now);
    CHECK(pace.per_second() == 30.0);
    pace.account_throttled(now + 1s, 4s, now - 1s); // left before the rate was halved
    CHECK(pace.per_second() == 30.0);
    CHECK(pace.account_ready_at(now) == now + 5s);
    for (int i = 0; i < 10; ++i) {
        now += 1s;
        pace.account_throttled(now, 0s, now);
    }
    CHECK(pace.per_second() == 1.0);
}

TEST_CASE("pace: complaints make what nobody asked for wait, and halve the rest")
{
    Pace pace{{.per_second = 20}};
    pace.take(anna, noon);
    pace.proactive_throttled(noon, 600s, noon);
    CHECK(pace.proactive_ready_at() == noon + 600s);
    CHECK(pace.per_second() == 10.0);
    CHECK(pace.account_ready_at(noon + 1s) == noon + 1s);
    pace.proactive_throttled(noon + 1s, 60s, noon - 1s); // left before, and asks for less
    CHECK(pace.proactive_ready_at() == noon + 600s);
    CHECK(pace.per_second() == 10.0);
    pace.set_back(1h);
    CHECK(pace.proactive_ready_at() == noon + 600s - 1h);
}

TEST_CASE("pace: no second sees more than the provider allows")
{
    Pace pace{{.per_second = 60}};
    auto now = noon + 1h;
    std::int64_t recipient = 0;
    for (int second = 0; second < 30; ++second)
        CHECK(sent_within(pace, now, 1s, recipient) <= 75); // limit 80 a second
}

TEST_CASE("pace: a clock that goes back opens nothing and locks nothing")
{
    TokenBucket bucket{1.0, 2.0};
    bucket.take(noon);
    bucket.take(noon);
    CHECK(bucket.ready_at(noon - 1h) == noon - 1h + 1s);
    bucket.take(noon - 1h);
    CHECK(bucket.ready_at(noon - 1h) == noon - 1h + 2s);
}

TEST_CASE("pace: recipients who rest are forgotten, those who wait are not")
{
    Pace pace{{.per_second = 1e6, .per_second_max = 1e6, .pair_interval = 6s, .pair_burst = 1}};
    pace.pair_throttled(anna, noon, 24h);
    for (std::int64_t id = 10; id < 9000; ++id)
        pace.take(ConversationId{id}, noon + std::chrono::seconds{id});
    CHECK(pace.ready_at(anna, noon) == noon + 24h);
}

TEST_CASE("pace: however many recipients wait, none is forgotten")
{
    Pace pace{{.per_second = 1e6, .per_second_max = 1e6, .pair_interval = 1h, .pair_burst = 1}};
    for (std::int64_t id = 10; id < 100'000; ++id) // a walk over all of them for each would take minutes
        pace.take(ConversationId{id}, noon);
    int waiting = 0;
    for (std::int64_t id = 10; id < 100'000; ++id)
        waiting += pace.ready_at(ConversationId{id}, noon + 1s) == noon + 1h ? 1 : 0;
    CHECK(waiting == 99'990);
}

TEST_CASE("pace: a clock that was set back makes nobody wait longer")
{
    Pace pace{{.per_second = 1.0, .pair_burst = 1}};
    pace.take(anna, noon);
    pace.account_throttled(noon, 5s, noon);
    pace.pair_throttled(anna, noon, 10s);
    auto const account = pace.account_ready_at(noon) - noon;
    auto const pair = pace.ready_at(anna, noon) - noon;
    auto const before = noon - 1h;
    CHECK(pace.ready_at(anna, before) > noon);
    pace.set_back(1h);
    CHECK(pace.account_ready_at(before) - before == account);
    CHECK(pace.ready_at(anna, before) - before == pair);
}
