#include "deskbridge/async/pool.hpp"

#include "run.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/this_coro.hpp>

#include <catch2/catch.hpp>

#include <future>
#include <stdexcept>
#include <string>

namespace {

namespace asio = boost::asio;
using namespace deskbridge;

/// Work on a pool's thread, begun and not yet done.
struct World {
    asio::io_context io{1};
    async::Pool pool{1};
    asio::cancellation_signal stop;
    std::promise<void> begun;
    std::promise<void> released;
    bool ended{false};
    std::string answered;

    asio::awaitable<void> ask(bool fails)
    {
        co_await asio::this_coro::throw_if_cancelled(false);
        auto work = [&]() -> int {
            begun.set_value();
            released.get_future().wait();
            return fails ? throw std::runtime_error{"broken"} : 7;
        };
        try {
            answered = std::to_string(co_await pool.run(work));
        } catch (std::runtime_error const& error) {
            answered = error.what();
        }
    }
};

} // namespace

TEST_CASE("pool: whoever is told to stop while the work is under way still gets what it answers")
{
    for (bool const fails : {false, true}) {
        World world;
        auto done = [&](std::exception_ptr) { world.ended = true; };
        asio::co_spawn(world.io, world.ask(fails), asio::bind_cancellation_slot(world.stop.slot(), done));
        test::run_ready(world.io);
        world.begun.get_future().wait();
        world.stop.emit(asio::cancellation_type::terminal);
        world.released.set_value();
        test::run_until(world.io, world.ended);
        CHECK(world.answered == (fails ? "broken" : "7"));
    }
}
