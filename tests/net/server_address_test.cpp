#include "net_world.hpp"

#include "net/proxies.hpp"

#include <catch2/catch.hpp>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <sys/resource.h>

#include <deque>

namespace {

namespace asio = boost::asio;
using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;

net::ServerLimits at_most(std::size_t per_address)
{
    net::ServerLimits limits;
    limits.max_per_address = per_address;
    limits.linger = 5ms;
    return limits;
}

/// GET / tells who asks; GET /wait waits until `go`.
struct Door {
    explicit Door(asio::io_context& io) : bell{io} { bell.expires_at(asio::steady_timer::time_point::max()); }
    asio::steady_timer bell;
    int waiting{0};

    std::vector<net::Route> routes()
    {
        auto const who = [](net::Request& request) -> asio::awaitable<net::Reply> { co_return text_response(200, "<" + request.remote + ">"); };
        auto const wait = [this](net::Request& request) -> asio::awaitable<net::Reply> {
            ++waiting;
            boost::system::error_code rung;
            co_await bell.async_wait(asio::redirect_error(asio::use_awaitable, rung));
            co_return text_response(200, "<" + request.remote + ">");
        };
        return {{"GET", "/", who}, {"POST", "/", who, 1000}, {"GET", "/wait", wait}};
    }
};

net::Listen behind(std::vector<std::string> proxies)
{
    net::Listen where;
    where.address = "127.0.0.1:0";
    where.trusted_proxies = std::move(proxies);
    return where;
}

std::string from(std::string const& forwarded, std::string const& path = "/")
{
    return "GET " + path + " HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: " + forwarded + "\r\n\r\n";
}

} // namespace

TEST_CASE("proxies: addresses and networks, IPv4 inside IPv6, and what is neither")
{
    auto const proxies = net::TrustedProxies::read({"127.0.0.1", "10.0.0.0/8", "192.168.4.0/23", "::1", "2001:db8::/33"});
    REQUIRE(proxies.has_value());
    struct Case {
        char const* address;
        bool trusted;
    };
    auto const c = GENERATE(values<Case>({
        {"127.0.0.1", true}, {"127.0.0.2", false}, {"10.255.0.1", true}, {"11.0.0.1", false}, {"192.168.5.9", true},
        {"192.168.6.1", false}, {"::1", true}, {"::2", false}, {"::ffff:10.1.2.3", true}, {"2001:db8::1", true},
        {"2001:db8:8000::1", false}, {"unix", false}, {"", false}, {"proxy.example", false},
    }));
    INFO(c.address);
    CHECK(proxies->contains(c.address) == c.trusted);
    CHECK_FALSE(net::TrustedProxies{}.contains(c.address));
    for (auto const* bad : {"", "localhost", "10.0.0.0/33", "10.0.0.0/", "::/129", "10.0.0/8", "10.0.0.0/8/8", "fe80::1%eth0"})
        CHECK_FALSE(net::TrustedProxies::read({bad}).has_value());
}

TEST_CASE("proxies: the client is the last address that no trusted proxy has")
{
    auto const proxies = net::TrustedProxies::read({"10.0.0.0/8"});
    struct Case {
        std::vector<std::string> fields;
        char const* client;
    };
    auto const c = GENERATE(values<Case>({
        {{}, ""},
        {{"203.0.113.7"}, "203.0.113.7"},
        {{"6.6.6.6, 203.0.113.7"}, "203.0.113.7"},
        {{"6.6.6.6, 203.0.113.7 , 10.1.1.1,10.2.2.2"}, "203.0.113.7"},
        {{"203.0.113.7", "10.1.1.1"}, "203.0.113.7"},
        {{"10.1.1.1"}, ""},
        {{"203.0.113.7:4711"}, "203.0.113.7"},
        {{"[2001:db8::7]:4711"}, "2001:db8::7"},
        {{"2001:db8::7"}, "2001:db8::7"},
        {{"::ffff:203.0.113.7"}, "203.0.113.7"},
        {{"203.0.113.7, unknown"}, ""},
        {{"203.0.113.7,"}, ""},
        {{"[, x"}, ""},
        {{","}, ""},
        {{""}, ""},
    }));
    Headers headers;
    for (auto const& field : c.fields) {
        headers.add("x-forwarded-for", field);
        INFO(field);
    }
    CHECK(proxies->client_of(headers) == c.client);
}

TEST_CASE("proxies: a neighbour is an IPv4 address or an IPv6 network of 64 bits")
{
    CHECK(net::neighbour_of("203.0.113.7") == "203.0.113.7");
    CHECK(net::neighbour_of("::ffff:203.0.113.7") == "203.0.113.7");
    CHECK(net::neighbour_of("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64");
    CHECK(net::neighbour_of("2001:db8:1:2::9") == net::neighbour_of("2001:db8:1:2:3::"));
    CHECK(net::neighbour_of("2001:db8:1:3::9") != net::neighbour_of("2001:db8:1:2::9"));
}

TEST_CASE("addresses: one of them at its cap loses its own oldest connection, nobody else's")
{
    NetWorld world;
    Door door{world.io};
    world.serve(door.routes(), at_most(2));
    auto talk = [&]() -> asio::awaitable<void> {
        RawClient other{world.io, world.port, "127.0.0.9"};
        RawClient first{world.io, world.port};
        RawClient second{world.io, world.port};
        for (auto* client : {&other, &first, &second}) {
            co_await client->send(get);
            co_await client->read_until(">");
        }
        RawClient third{world.io, world.port};
        co_await third.send(get);
        co_await third.read_until("<127.0.0.1>");
        auto const evicted = co_await first.read_all();
        CHECK(evicted.empty());
        for (auto* client : {&other, &second}) {
            co_await client->send(get);
            co_await client->read_until(">");
        }
    };
    drive(world.io, talk());
    CHECK(world.refused("evicted") == 1);
}

TEST_CASE("addresses: with all of its connections at work one more is told to come back")
{
    NetWorld world;
    Door door{world.io};
    world.serve(door.routes(), at_most(1));
    auto talk = [&]() -> asio::awaitable<std::string> {
        RawClient busy{world.io, world.port};
        co_await busy.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
        asio::steady_timer timer{world.io};
        while (door.waiting == 0) {
            timer.expires_after(1ms);
            co_await timer.async_wait(asio::use_awaitable);
        }
        RawClient one_more{world.io, world.port};
        auto refused = co_await one_more.read_all();
        RawClient other{world.io, world.port, "127.0.0.9"};
        co_await other.send(get);
        co_await other.read_until("<127.0.0.9>");
        door.bell.cancel();
        co_await busy.read_until("<127.0.0.1>");
        co_return refused;
    };
    CHECK(count_of(drive(world.io, talk()), "HTTP/1.1 503 ") == 1);
    CHECK(world.refused("address_limit") == 1);
}

TEST_CASE("addresses: behind a trusted proxy each client has its share, and the proxy itself any number of connections")
{
    NetWorld world;
    Door door{world.io};
    world.serve(door.routes(), at_most(1), behind({"127.0.0.1"}));
    auto talk = [&]() -> asio::awaitable<void> {
        RawClient a{world.io, world.port};
        co_await a.send(from("203.0.113.7", "/wait"));
        asio::steady_timer timer{world.io};
        while (door.waiting == 0) {
            timer.expires_after(1ms);
            co_await timer.async_wait(asio::use_awaitable);
        }
        RawClient b{world.io, world.port};
        co_await b.send(from("203.0.113.8"));
        co_await b.read_until("<203.0.113.8>");
        co_await b.send(get); // without a word about its client: the proxy itself
        co_await b.read_until("<127.0.0.1>");
        co_await b.send(from("203.0.113.7"));
        auto const refused = co_await b.read_all();
        CHECK(count_of(refused, "HTTP/1.1 429 ") == 1);
        door.bell.cancel();
        co_await a.read_until("<203.0.113.7>");
        co_await a.send(from("203.0.113.7"));
        co_await a.read_until("<203.0.113.7>");
    };
    drive(world.io, talk());
    CHECK(world.refused("address_limit") == 1);
    CHECK(world.refused("evicted") == 0);
}

TEST_CASE("addresses: what a stranger says about forwarding is ignored")
{
    NetWorld world;
    Door door{world.io};
    world.serve(door.routes(), {}, behind({"127.0.0.9"}));
    auto const transcript = world.raw("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 203.0.113.7\r\nConnection: close\r\n\r\n");
    CHECK(transcript.find("<127.0.0.1>") != std::string::npos);
}

TEST_CASE("addresses: a proxy that cannot be read is refused before anybody connects")
{
    NetWorld world;
    CHECK_THROWS(world.serve(echo_routes(), {}, behind({"my-proxy"})));
}

TEST_CASE("limits: at the cap somebody in the middle of a body makes room when nobody is idle")
{
    net::ServerLimits limits;
    limits.max_connections = 1;
    NetWorld world;
    Door door{world.io};
    world.serve(door.routes(), limits);
    auto talk = [&]() -> asio::awaitable<void> {
        RawClient slow{world.io, world.port};
        co_await slow.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 90\r\nExpect: 100-continue\r\n\r\n");
        co_await slow.read_until("100 Continue\r\n\r\n");
        RawClient honest{world.io, world.port};
        co_await honest.send(get);
        co_await honest.read_until("<127.0.0.1>");
        auto const evicted = co_await slow.read_all();
        CHECK(evicted.empty());
    };
    drive(world.io, talk());
    CHECK(world.refused("evicted") == 1);
}

TEST_CASE("limits: a crowd displaces itself, not the one connection that a neighbour keeps")
{
    net::ServerLimits limits;
    limits.max_connections = 10;
    NetWorld world;
    Door door{world.io};
    world.serve(door.routes(), limits);
    auto talk = [&]() -> asio::awaitable<void> {
        RawClient kept{world.io, world.port, "127.0.0.9"};
        co_await kept.send(get);
        co_await kept.read_until("<127.0.0.9>");
        std::deque<RawClient> crowd;
        for (int i = 0; i < 40; ++i) {
            crowd.emplace_back(world.io, world.port, i % 2 == 0 ? "127.0.0.7" : "127.0.0.8");
            co_await crowd.back().send(get);
            co_await crowd.back().read_until(">");
        }
        co_await kept.send(get);
        co_await kept.read_until("<127.0.0.9>");
    };
    drive(world.io, talk());
    CHECK(world.refused("evicted") == 31);
    CHECK(world.answered(200) == 42);
}

TEST_CASE("limits: some of the process's descriptors are left for others than connections")
{
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
    rlimit tight = before;
    tight.rlim_cur = 256;
    ::setrlimit(RLIMIT_NOFILE, &tight);
    NetWorld world;
    world.serve(echo_routes());
    ::setrlimit(RLIMIT_NOFILE, &before);
    CHECK(world.log.count("http_connections_limited") == 1);
    CHECK(world.log.lines.front() == "http_connections_limited count=192");
}
