#include "deskbridge/async/clock.hpp"
#include "deskbridge/async/within.hpp"

#include "run.hpp"

#include <catch2/catch.hpp>

namespace {

namespace asio = boost::asio;
using namespace deskbridge;
using namespace std::chrono_literals;

/// Whether `sleep_until(when)` returns before `limit`; it is cancelled then.
bool sleeps_less_than(std::chrono::milliseconds limit, Timestamp when)
{
    asio::io_context io{1};
    async::SystemClock clock;
    bool in_time = false;
    bool ended = false;
    auto const sleep = [](async::Clock& c, Timestamp until, std::chrono::milliseconds most, bool& out) -> asio::awaitable<void> {
        auto const answer = co_await async::within(most, c.sleep_until(until));
        out = answer.has_value();
    };
    test::start(io, sleep(clock, when, limit, in_time), ended);
    test::run_until(io, ended);
    CHECK(ended);
    return in_time;
}

} // namespace

TEST_CASE("clock: sleeps until the moment, not at all when it has passed, and ends when cancelled")
{
    auto const now = async::SystemClock{}.now();
    struct Case {
        std::string label;
        Timestamp when;
        std::chrono::milliseconds limit;
        bool in_time;
    };
    auto const c = GENERATE_COPY(values<Case>({
        {"soon", now + 20ms, 5s, true},
        {"now", now, 5s, true},
        {"long ago", Timestamp{}, 5s, true},
        {"before all time", Timestamp::min() + std::chrono::hours{24 * 365 * 10000}, 5s, true},
        {"in an hour", now + 1h, 20ms, false},
        {"never", Timestamp::max(), 20ms, false},
    }));
    INFO(c.label);
    CHECK(sleeps_less_than(c.limit, c.when) == c.in_time);
}

TEST_CASE("clock: now is the wall clock's time")
{
    auto const wall = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    CHECK(async::SystemClock{}.now() - wall < 10s);
    CHECK(async::SystemClock{}.now() >= wall);
}
