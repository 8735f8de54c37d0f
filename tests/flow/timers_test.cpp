#include "world.hpp"

#include "async/run.hpp"
#include "deskbridge/flow/timers.hpp"
#include "deskbridge/store/timer.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace deskbridge::test;

namespace {

/// The loop under test, until destroyed.
struct Running {
    explicit Running(World& world)
        : timers{{*world.store, world.clock, world.around(), world.log, world.metrics, [this] { ++queued; }}, world.io.get_executor()},
          io{world.io}
    {
        boost::asio::co_spawn(world.io, timers.run(),
                              boost::asio::bind_cancellation_slot(stop.slot(), [this](std::exception_ptr) { ended = true; }));
    }
    ~Running()
    {
        stop.emit(boost::asio::cancellation_type::terminal);
        test::run_while(io, [this] { return !ended; });
    }
    void until(std::function<bool()> const& done)
    {
        test::run_while(io, [&] { return !done(); });
    }

    flow::Timers timers;
    boost::asio::io_context& io;
    boost::asio::cancellation_signal stop;
    int queued{0};
    bool ended{false};
};

TicketId open_ticket(World& world)
{
    Customer const writer{"mara", "Mara", "14155550101", "US.1"};
    auto message = message_of(writer, "wamid.1", world.now());
    message["type"] = "text";
    message["text"] = {{"body", "hello"}};
    (void)world.deliver(world.sign(webhook({messages_change({"700100200300400"}, writer, nlohmann::json::array({message}))})));
    return TicketId{1};
}

bool acknowledged(World& world, TicketId ticket)
{
    return world.store.read([&](store::Reading& reading) { return store::find_ticket(reading, ticket)->acknowledged_at.has_value(); });
}

} // namespace

TEST_CASE("What fell due while the daemon was down fires at the start")
{
    World world;
    auto const ticket = open_ticket(world);
    world.clock.set(world.now() + std::chrono::hours{1});
    Running running{world};
    running.until([&] { return running.queued > 0; });
    CHECK(acknowledged(world, ticket));
    CHECK(world.metrics.render().find(R"(deskbridge_acknowledgements_total{outcome="queued"} 1)") != std::string::npos);
}

TEST_CASE("A timer that is not due yet waits; one that is announced wakes the loop")
{
    World world;
    Running running{world};
    running.until([&] { return running.io.poll_one() == 0; });
    auto const ticket = open_ticket(world);
    running.timers.expect(world.now() + std::chrono::seconds{8});
    world.io.poll();
    CHECK_FALSE(acknowledged(world, ticket));
    world.clock.set(world.now() + std::chrono::seconds{8});
    running.timers.expect(world.now());
    running.until([&] { return running.queued > 0; });
    CHECK(acknowledged(world, ticket));
}

TEST_CASE("A clock that is set back is noticed: what waits is pulled along, and the others are told")
{
    World world;
    auto const ticket = open_ticket(world);
    std::chrono::milliseconds told{0};
    flow::Timers timers{{*world.store, world.clock, world.around(), world.log, world.metrics, [] {}, [&](auto by) { told += by; }},
                        world.io.get_executor()};
    boost::asio::cancellation_signal stop;
    bool ended = false;
    boost::asio::co_spawn(world.io, timers.run(), boost::asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr) { ended = true; }));
    while (world.io.poll_one() != 0) {
    }
    world.clock.jump(-std::chrono::hours{1});
    timers.expect(world.now());
    test::run_while(world.io, [&] { return told == std::chrono::milliseconds::zero(); });
    stop.emit(boost::asio::cancellation_type::terminal);
    test::run_while(world.io, [&] { return !ended; });
    CHECK(told == std::chrono::hours{1});
    CHECK(world.log.has("clock_set_back seconds=3600"));
    auto const timer = world.store.read([&](store::Reading& reading) { return store::find_timer(reading, ticket); });
    REQUIRE(timer.has_value());
    CHECK(timer->due_at == world.now() + std::chrono::seconds{8});
}
