#include "net_world.hpp"

#include <catch2/catch.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace {

namespace asio = boost::asio;
using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;

std::int64_t connections(NetWorld& world)
{
    return world.metrics.gauge("deskbridge_http_connections").value();
}

int status_of(NetWorld& world, net::HttpClient& client, std::string_view target = "/")
{
    HttpRequest request{"GET", world.url(target), {}, {}};
    auto const answer = drive(world.io, client.send(request, 5s));
    return std::holds_alternative<HttpResponse>(answer) ? std::get<HttpResponse>(answer).status : 0;
}

/// Within three seconds of a machine that does not stall: whatever stays for the usual time does not end.
bool all_end(NetWorld& world)
{
    for (int i = 0; i < 600 && connections(world) > 0; ++i)
        drive(world.io, pause(5ms));
    return connections(world) == 0;
}

} // namespace

TEST_CASE("pool: a clean connection is used again, by the same origin only")
{
    NetWorld world;
    world.serve(echo_routes());
    net::HttpClient client{world.io, {}, world.log};
    for (int i = 0; i < 5; ++i)
        CHECK(status_of(world, client) == 200);
    CHECK(status_of(world, client, "/nothing") == 404);
    CHECK(connections(world) == 1);
    HttpRequest request{"GET", "http://localhost:" + std::to_string(world.port) + "/", {}, {}};
    CHECK(std::holds_alternative<HttpResponse>(drive(world.io, client.send(request, 5s))));
    CHECK(connections(world) == 2);
}

TEST_CASE("pool: a connection that died in the meantime is not used")
{
    net::ServerLimits limits;
    limits.idle = 20ms;
    NetWorld world;
    world.serve(echo_routes(), limits);
    net::HttpClient client{world.io, {.idle = 60s}, world.log};
    for (int i = 0; i < 3; ++i) {
        CHECK(status_of(world, client) == 200);
        REQUIRE(all_end(world)); // the server closes it
    }
    CHECK(world.answered(200) == 3);
}

TEST_CASE("pool: bytes that nobody asked for make a connection unusable")
{
    NetWorld world;
    RawServer server{world.io};
    net::HttpClient client{world.io, {}, world.log};
    HttpRequest request{"GET", server.url("/"), {}, {}};
    int accepted = 0;
    bool behind = GENERATE(false, true); // in the same packet as the answer, or later
    auto talk = [&]() -> asio::awaitable<void> {
        for (int i = 0; i < 2; ++i) {
            auto peer = co_await server.accept();
            ++accepted;
            co_await peer.read_until("\r\n\r\n");
            std::string const answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
            std::string const unasked = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged";
            std::string const first = behind ? answer + unasked : answer;
            co_await peer.send(first);
            if (!behind)
                co_await peer.send(unasked);
            co_await pause(20ms);
        }
    };
    asio::co_spawn(world.io, talk(), [](std::exception_ptr) {});
    for (int i = 0; i < 2; ++i) {
        auto const answer = drive(world.io, client.send(request, 5s));
        REQUIRE(std::holds_alternative<HttpResponse>(answer));
        CHECK(std::get<HttpResponse>(answer).body.empty());
        drive(world.io, pause(30ms));
    }
    CHECK(accepted == 2);
}

TEST_CASE("pool: idle connections are closed after their time, and only so many are kept")
{
    NetWorld world;
    world.serve(echo_routes());
    net::HttpClient client{world.io, {.idle_per_origin = 2, .idle = 1s}, world.log};
    auto const origin = net::origin_of(world.url("/"));
    auto hold_four = [&]() -> asio::awaitable<void> {
        std::vector<std::unique_ptr<net::Connection>> held;
        for (int i = 0; i < 4; ++i) {
            auto connection = co_await client.connect(*origin, 5s);
            held.push_back(std::move(*connection));
            HttpRequest request{"GET", world.url("/"), {}, {}};
            auto const answer = co_await held.back()->exchange(request, 5s);
            CHECK(std::holds_alternative<HttpResponse>(answer));
        }
        CHECK(connections(world) == 4);
    };
    drive(world.io, hold_four());
    drive(world.io, pause(10ms));
    CHECK(connections(world) == 2);
    CHECK(all_end(world));
}

TEST_CASE("pool: a connection whose exchange failed carries no other")
{
    NetWorld world;
    RawServer server{world.io};
    net::HttpClient client{world.io, {}, world.log};
    HttpRequest request{"GET", server.url("/"), {}, {}};
    auto const origin = net::origin_of(request.target);
    auto talk = [&]() -> asio::awaitable<void> {
        auto connection = co_await client.connect(*origin, 5s);
        auto const first = co_await (*connection)->exchange(request, 30ms);
        CHECK(std::get<net::NoAnswer>(first).written == net::NoAnswer::Written::all);
        auto const second = co_await (*connection)->exchange(request, 30ms);
        CHECK(std::get<net::NoAnswer>(second).written == net::NoAnswer::Written::nothing);
    };
    drive(world.io, talk());
}

TEST_CASE("pool: a lease may outlive its client")
{
    NetWorld world;
    world.serve(echo_routes());
    auto const origin = net::origin_of(world.url("/"));
    auto talk = [&]() -> asio::awaitable<void> {
        std::unique_ptr<net::Connection> kept;
        {
            net::HttpClient client{world.io, {}, world.log};
            auto connection = co_await client.connect(*origin, 5s);
            kept = std::move(*connection);
        }
        HttpRequest request{"GET", world.url("/"), {}, {}};
        auto const answer = co_await kept->exchange(request, 5s);
        CHECK(std::holds_alternative<HttpResponse>(answer));
    };
    drive(world.io, talk());
}
