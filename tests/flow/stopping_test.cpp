#include "world.hpp"

#include "deskbridge/async/task_group.hpp"
#include "deskbridge/flow/reply_windows.hpp"
#include "deskbridge/flow/timers.hpp"
#include "deskbridge/flow/upkeep.hpp"

#include <catch2/catch.hpp>

#include <functional>
#include <future>

using namespace deskbridge;
using namespace deskbridge::test;

namespace {

/// Tells the task to stop while the store is at work for it, and waits for its end.
bool ends(World& world, std::function<boost::asio::awaitable<void>()> const& run)
{
    std::promise<void> released;
    auto job = [&released](store::Tx&) { released.get_future().wait(); };
    bool held = true;
    boost::asio::co_spawn(world.io, world.store->write(job, store::Lane::outcome), [&held](auto const&...) { held = false; });
    world.io.poll();

    async::TaskGroup tasks{world.io, world.log, [] {}};
    bool ended = false;
    tasks.spawn("task", run());
    world.io.poll();
    tasks.cancel();
    released.set_value();
    boost::asio::co_spawn(world.io, tasks.join(), [&ended](std::exception_ptr) { ended = true; });
    for (int i = 0; i < 100 && (!ended || held); ++i)
        world.io.run_one_for(std::chrono::milliseconds{100});
    return ended;
}

} // namespace

TEST_CASE("stopping: what waits for the store hears that it is to end")
{
    World world;
    (void)world.intake();
    SECTION("upkeep")
    {
        flow::Upkeep upkeep{flow::Upkeep::Parts{*world.store, world.clock, world.log, world.metrics}};
        CHECK(ends(world, [&] { return upkeep.run(); }));
    }
    SECTION("reply windows")
    {
        flow::ReplyWindows windows{flow::ReplyWindows::Parts{*world.store, world.clock, world.around(), world.log, world.metrics, [] {}}};
        CHECK(ends(world, [&] { return windows.run(); }));
    }
    SECTION("timers")
    {
        flow::Timers timers{flow::Timers::Parts{*world.store, world.clock, world.around(), world.log, world.metrics, [] {}},
                            world.io.get_executor()};
        CHECK(ends(world, [&] { return timers.run(); }));
    }
}
