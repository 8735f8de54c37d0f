#include "net_world.hpp"

#include "deskbridge/async/bell.hpp"

#include <catch2/catch.hpp>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace {

namespace asio = boost::asio;
using namespace deskbridge;
using namespace deskbridge::test;
using namespace asio::experimental::awaitable_operators;
using namespace std::chrono_literals;

struct Sleeps {
    int begun{0}, ended{0};
};

net::Handler sleeper(std::chrono::milliseconds how_long, Sleeps& sleeps)
{
    return [=, &sleeps](net::Request&) -> asio::awaitable<net::Reply> {
        ++sleeps.begun;
        asio::steady_timer timer{co_await asio::this_coro::executor, how_long};
        boost::system::error_code ec;
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ec));
        ++sleeps.ended;
        co_return text_response(200, "slept");
    };
}

} // namespace

TEST_CASE("stop: idle connections are closed at once, a request in work is finished and then closed")
{
    NetWorld world;
    int begun = 0;
    async::Bell idle_closed{world.io.get_executor()};
    auto const works = [&](net::Request&) -> asio::awaitable<net::Reply> {
        ++begun;
        co_await idle_closed.wait(10s); // longer than the server has patience: it is cancelled if nobody rings
        co_return text_response(200, "done");
    };
    world.serve({{"GET", "/", works}});
    std::string answer, idle_answer;
    auto busy = [&]() -> asio::awaitable<void> {
        RawClient client{world.io, world.port};
        co_await client.send(get + get); // the second one is not begun any more
        answer = co_await client.read_all();
    };
    auto idle = [&]() -> asio::awaitable<void> {
        RawClient client{world.io, world.port};
        idle_answer = co_await client.read_all();
        idle_closed.ring();
    };
    auto stop = [&]() -> asio::awaitable<void> {
        while (begun == 0 || world.metrics.gauge("deskbridge_http_connections").value() < 2)
            co_await pause(1ms);
        co_await world.server->stop(5s);
    };
    auto all = [&]() -> asio::awaitable<void> { co_await (busy() && idle() && stop()); };
    drive(world.io, all());
    CHECK(count_of(answer, "HTTP/1.1 200 ") == 1);
    CHECK(answer.find("Connection: close\r\n") != std::string::npos);
    CHECK(idle_answer.empty());
    CHECK(begun == 1);
    CHECK(world.metrics.gauge("deskbridge_http_connections").value() == 0);
    CHECK_THROWS(RawClient{world.io, world.port});
}

TEST_CASE("stop: at the limit what still runs is cancelled")
{
    NetWorld world;
    Sleeps sleeps;
    world.serve({{"GET", "/", sleeper(30s, sleeps)}});
    auto busy = [&]() -> asio::awaitable<void> {
        RawClient client{world.io, world.port};
        co_await client.send(get);
        auto const answer = co_await client.read_all();
        CHECK(answer.empty());
    };
    auto stop = [&]() -> asio::awaitable<void> {
        while (sleeps.begun == 0)
            co_await pause(1ms);
        co_await world.server->stop(40ms);
        CHECK(sleeps.ended == 1); // before its time: whoever drives this waits less than thirty seconds
    };
    auto all = [&]() -> asio::awaitable<void> { co_await (busy() && stop()); };
    drive(world.io, all());
}

TEST_CASE("stop: streams end properly")
{
    NetWorld world;
    bool begun = false;
    bool cancelled = false;
    auto const forever = [&](net::Request&) -> asio::awaitable<net::Reply> {
        auto next = [&]() -> asio::awaitable<std::optional<std::string>> {
            begun = true;
            asio::steady_timer timer{co_await asio::this_coro::executor, 30s};
            boost::system::error_code ec;
            co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ec));
            cancelled = ec == asio::error::operation_aborted;
            co_return std::nullopt;
        };
        co_return net::Reply{text_response(200, "first"), next};
    };
    world.serve({{"GET", "/", forever}});
    std::string answer;
    auto reader = [&]() -> asio::awaitable<void> {
        RawClient client{world.io, world.port};
        co_await client.send(get);
        answer = co_await client.read_all();
    };
    auto stop = [&]() -> asio::awaitable<void> {
        while (!begun)
            co_await pause(1ms);
        co_await world.server->stop(30s);
    };
    auto all = [&]() -> asio::awaitable<void> { co_await (reader() && stop()); };
    drive(world.io, all());
    CHECK(cancelled);
    CHECK(answer.ends_with("5\r\nfirst\r\n0\r\n\r\n"));
}

TEST_CASE("stop: a server that is destroyed without stopping leaves nothing behind that fails")
{
    asio::io_context io{1};
    KeptLog log;
    Metrics metrics;
    Sleeps sleeps;
    std::optional<net::HttpServer> server;
    server.emplace(io, std::vector<net::Route>{{"GET", "/", sleeper(30s, sleeps)}}, net::ServerLimits{}, log, metrics);
    auto const port = server->listen({"127.0.0.1:0"});
    REQUIRE(port.has_value());
    auto talk = [&]() -> asio::awaitable<void> {
        RawClient client{io, *port};
        co_await client.send(get);
        while (sleeps.begun == 0)
            co_await pause(1ms);
        server.reset();
        auto const answer = co_await client.read_all();
        CHECK(answer.empty());
    };
    drive(io, talk());
    for (int i = 0; i < 200 && sleeps.ended == 0; ++i) {
        io.restart();
        io.run_one_for(50ms);
    }
    CHECK(sleeps.ended == 1);
}
