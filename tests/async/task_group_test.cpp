#include "deskbridge/async/task_group.hpp"

#include "run.hpp"
#include "support/lines.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <catch2/catch.hpp>

#include <stdexcept>
#include <string>
#include <vector>

namespace {

namespace asio = boost::asio;
using namespace deskbridge;
using namespace std::chrono_literals;

struct World {
    asio::io_context io{1};
    test::Lines log;
    int crashes{0};
    async::TaskGroup tasks{io, log, [this] { ++crashes; }};

    /// Whether a join that begins now has ended after everything that is ready.
    bool joins()
    {
        bool ended = false;
        test::start(io, tasks.join(), ended);
        test::run_ready(io);
        bool const at_once = ended;
        if (!ended) {
            tasks.cancel();
            test::run_until(io, ended);
        }
        return at_once;
    }
};

asio::awaitable<void> sleeps()
{
    asio::steady_timer timer{co_await asio::this_coro::executor, 1h};
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
}

/// Awaits something again after it was cancelled, as careless code does.
asio::awaitable<void> sleeps_and_throws()
{
    asio::steady_timer timer{co_await asio::this_coro::executor, 1h};
    co_await timer.async_wait(asio::use_awaitable);
}

asio::awaitable<void> returns()
{
    co_return;
}

asio::awaitable<void> throws(std::exception_ptr what)
{
    std::rethrow_exception(what);
    co_return;
}

asio::awaitable<void> spawns_another(async::TaskGroup& tasks, bool& other)
{
    auto const note = [](bool& done) -> asio::awaitable<void> {
        done = true;
        co_return;
    };
    tasks.spawn("other", note(other));
    co_return;
}

} // namespace

TEST_CASE("task group: a join without tasks returns at once; with some, after the last")
{
    World world;
    CHECK(world.joins());
    world.tasks.spawn("short", returns());
    world.tasks.spawn("long", sleeps());
    CHECK(world.tasks.size() == 2);
    test::run_ready(world.io);
    CHECK(world.tasks.size() == 1);
    CHECK_FALSE(world.joins());
    CHECK(world.tasks.size() == 0);
    CHECK(world.log.lines.empty());
}

TEST_CASE("task group: a task that throws is reported by name, the others go on")
{
    struct Case {
        std::string label;
        std::exception_ptr what;
        std::string line;
    };
    auto const c = GENERATE(values<Case>({
        {"the text of an exception may quote a customer: its type alone", std::make_exception_ptr(std::domain_error{"my words"}), "task_crashed bad std::domain_error"},
        {"a system error's text is the system's", std::make_exception_ptr(boost::system::system_error{asio::error::broken_pipe}), "task_crashed bad Broken pipe"},
        {"cancelled, but not by us", std::make_exception_ptr(boost::system::system_error{asio::error::operation_aborted}), "task_crashed bad Operation canceled"},
        {"no exception of any library", std::make_exception_ptr(7), "task_crashed bad unknown"},
    }));
    INFO(c.label);
    World world;
    world.tasks.spawn("long", sleeps());
    world.tasks.spawn("bad", throws(c.what));
    test::run_ready(world.io);
    REQUIRE(world.log.lines.size() == 1);
    INFO(world.log.lines.front());
    CHECK(world.log.lines.front().starts_with(c.line));
    CHECK(world.crashes == 1);
    CHECK(world.tasks.size() == 1);
    CHECK_FALSE(world.joins());
}

TEST_CASE("task group: cancel stops every task, however it takes it, and none of them has crashed")
{
    World world;
    for (int i = 0; i < 3; ++i) {
        world.tasks.spawn("sleeps", sleeps());
        world.tasks.spawn("throws", sleeps_and_throws());
    }
    test::run_ready(world.io);
    CHECK(world.tasks.size() == 6);
    world.tasks.cancel();
    world.tasks.cancel();
    test::run_ready(world.io);
    CHECK(world.tasks.size() == 0);
    CHECK(world.log.lines.empty());
    CHECK(world.crashes == 0);
}

TEST_CASE("task group: a task cancelled before its first step ends too")
{
    World world;
    world.tasks.spawn("never ran", sleeps_and_throws());
    world.tasks.cancel();
    test::run_ready(world.io);
    CHECK(world.joins());
    CHECK(world.crashes == 0);
}

TEST_CASE("task group: what is added while it closes is waited for, and not cancelled")
{
    World world;
    world.tasks.spawn("long", sleeps());
    test::run_ready(world.io);
    bool joined = false;
    test::start(world.io, world.tasks.join(), joined);
    test::run_ready(world.io);
    world.tasks.cancel();
    world.tasks.spawn("added", sleeps());
    test::run_ready(world.io);
    CHECK_FALSE(joined);
    CHECK(world.tasks.size() == 1);
    world.tasks.cancel();
    test::run_ready(world.io);
    CHECK(joined);
}

TEST_CASE("task group: a task may add another as its last act; the join waits for both")
{
    World world;
    bool other = false;
    bool joined = false;
    world.tasks.spawn("first", spawns_another(world.tasks, other));
    test::start(world.io, world.tasks.join(), joined);
    test::run_ready(world.io);
    CHECK(other);
    CHECK(joined);
}

TEST_CASE("task group: several may join")
{
    World world;
    world.tasks.spawn("long", sleeps());
    bool first = false;
    bool second = false;
    test::start(world.io, world.tasks.join(), first);
    test::start(world.io, world.tasks.join(), second);
    test::run_ready(world.io);
    world.tasks.cancel();
    test::run_ready(world.io);
    CHECK(first);
    CHECK(second);
}
