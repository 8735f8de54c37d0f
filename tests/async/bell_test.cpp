#include "deskbridge/async/bell.hpp"

#include "run.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <catch2/catch.hpp>

#include <optional>

namespace {

namespace asio = boost::asio;
using namespace deskbridge;
using namespace std::chrono_literals;

constexpr auto forever = std::chrono::milliseconds{1h};

asio::awaitable<void> waits(async::Bell& bell, std::chrono::milliseconds limit = forever)
{
    co_await bell.wait(limit);
}

/// Whether a wait that begins now ends without anything else happening.
bool returns_at_once(asio::io_context& io, async::Bell& bell)
{
    bool ended = false;
    test::start(io, waits(bell), ended);
    test::run_ready(io);
    bool const at_once = ended;
    bell.ring(); // lets it go in any case
    test::run_until(io, ended);
    return at_once;
}

} // namespace

TEST_CASE("bell: a ring ends a wait")
{
    asio::io_context io{1};
    async::Bell bell{io.get_executor()};
    bool ended = false;
    test::start(io, waits(bell), ended);
    test::run_ready(io);
    CHECK_FALSE(ended);
    bell.ring();
    test::run_ready(io);
    CHECK(ended);
    CHECK_FALSE(returns_at_once(io, bell)); // the ring is used up
}

TEST_CASE("bell: rings before a wait count as one")
{
    asio::io_context io{1};
    async::Bell bell{io.get_executor()};
    bell.ring();
    bell.ring();
    CHECK(returns_at_once(io, bell));
    bool ended = false;
    test::start(io, waits(bell, 1ms), ended); // what returns_at_once rang was taken as well
    test::run_until(io, ended);
    CHECK(ended);
}

TEST_CASE("bell: without a ring a wait ends after its limit")
{
    asio::io_context io{1};
    async::Bell bell{io.get_executor()};
    bool ended = false;
    auto const begun = std::chrono::steady_clock::now();
    test::start(io, waits(bell, 20ms), ended);
    test::run_until(io, ended);
    CHECK(ended);
    CHECK(std::chrono::steady_clock::now() - begun >= 20ms);
}

TEST_CASE("bell: a ring wakes everybody, and nobody who waits wakes another")
{
    asio::io_context io{1};
    async::Bell bell{io.get_executor()};
    bool first = false;
    bool second = false;
    bool third = false;
    test::start(io, waits(bell), first);
    test::start(io, waits(bell), second);
    test::start(io, waits(bell, 1ms), third);
    test::run_until(io, third);
    CHECK(third); // its own limit, nobody else's
    CHECK_FALSE(first);
    CHECK_FALSE(second);
    bell.ring();
    test::run_ready(io);
    CHECK(first);
    CHECK(second);
}

TEST_CASE("bell: cancellation ends a wait, and the bell rings on")
{
    asio::io_context io{1};
    async::Bell bell{io.get_executor()};
    asio::cancellation_signal stop;
    bool cancelled = false;
    asio::co_spawn(io, waits(bell), asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr) { cancelled = true; }));
    bool other = false;
    test::start(io, waits(bell), other);
    test::run_ready(io);
    stop.emit(asio::cancellation_type::terminal);
    test::run_ready(io);
    CHECK(cancelled);
    CHECK_FALSE(other);
    bell.ring();
    test::run_ready(io);
    CHECK(other);
}

TEST_CASE("bell: one that goes away lets go who waits")
{
    asio::io_context io{1};
    std::optional<async::Bell> bell{io.get_executor()};
    bool ended = false;
    test::start(io, waits(*bell), ended);
    test::run_ready(io);
    bell.reset();
    test::run_ready(io);
    CHECK(ended);
}

TEST_CASE("bell: waiters that are destroyed with their reactor leave nothing behind in it")
{
    std::optional<asio::io_context> io{std::in_place, 1};
    async::Bell bell{io->get_executor()};
    bool ended = false;
    test::start(*io, waits(bell), ended);
    test::run_ready(*io);
    io.reset();
    bell.ring();
    CHECK_FALSE(ended);
}
