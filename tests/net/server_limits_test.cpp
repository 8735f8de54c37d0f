#include "net_world.hpp"

#include "deskbridge/async/bell.hpp"

#include <catch2/catch.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <dirent.h>
#include <sys/resource.h>

namespace {

namespace asio = boost::asio;
using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;

/// A handler that sleeps, and says what it saw of its cancellation.
net::Handler sleeper(std::chrono::milliseconds how_long, bool& cancelled)
{
    return [=, &cancelled](net::Request&) -> asio::awaitable<net::Reply> {
        asio::steady_timer timer{co_await asio::this_coro::executor, how_long};
        try {
            co_await timer.async_wait(asio::use_awaitable);
        } catch (boost::system::system_error const&) {
            cancelled = true;
            throw;
        }
        co_return text_response(200, "slept");
    };
}

std::chrono::milliseconds since(std::chrono::steady_clock::time_point began)
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
}

} // namespace

TEST_CASE("limits: sizes are refused with their own status, from the header alone")
{
    net::ServerLimits limits;
    limits.max_target = 100;
    limits.max_header = 1000;
    limits.max_fields = 5;
    limits.linger = 5ms;
    NetWorld world;
    world.serve(echo_routes(), limits);
    struct Case {
        std::string label, request, reason;
        int status;
    };
    std::string fields;
    for (int i = 0; i < 6; ++i)
        fields += "X: y\r\n";
    auto const c = GENERATE_COPY(values<Case>({
        {"long target", "GET /" + std::string(200, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", "target_too_long", 414},
        {"endless target", "GET /" + std::string(5000, 'a'), "target_too_long", 414},
        {"long header", "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(2000, 'a'), "header_too_long", 431},
        {"many fields", "GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n", "too_many_fields", 431},
        {"large body", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n", "body_too_large", 413},
    }));
    INFO(c.label);
    auto const transcript = world.raw(c.request);
    CHECK(count_of(transcript, "HTTP/1.1 " + std::to_string(c.status) + " ") == 1);
    CHECK(world.refused(c.reason) == 1);
}

TEST_CASE("limits: deadlines are absolute, however busily a client trickles")
{
    net::ServerLimits limits;
    limits.header = 80ms;
    limits.idle = 80ms;
    limits.body = 150ms;
    limits.body_grace = 80ms;
    limits.linger = 5ms;
    NetWorld world;
    world.serve(echo_routes(), limits);
    struct Case {
        std::string label, at_once;
        int trickle; ///< further bytes, one every 10 ms
        int status;  ///< 0: closed without a word
        std::string reason;
    };
    auto const c = GENERATE(values<Case>({
        {"nothing at all", "", 0, 0, ""},
        {"half a header", "GET / HT", 0, 408, "header_timeout"},
        {"header by the byte", "GET / HTTP/1.1\r\nHost: a\r\nX: ", 40, 408, "header_timeout"},
        {"no body", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 90\r\n\r\n", 0, 408, "body_timeout"},
        {"body below the rate", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 90\r\n\r\n", 40, 408, "body_timeout"},
        {"idle between requests", get, 0, 200, ""},
    }));
    INFO(c.label);
    auto talk = [&]() -> asio::awaitable<std::string> {
        RawClient client{world.io, world.port};
        co_await client.send(c.at_once);
        for (int i = 0; i < c.trickle; ++i) {
            co_await pause(10ms);
            co_await client.send("a");
        }
        co_return co_await client.read_all();
    };
    auto const began = std::chrono::steady_clock::now();
    auto const transcript = drive(world.io, talk());
    CHECK(since(began) < 8s);
    CHECK(count_of(transcript, "HTTP/1.1 ") == (c.status == 0 ? 0u : 1u));
    if (c.status != 0)
        CHECK(count_of(transcript, "HTTP/1.1 " + std::to_string(c.status) + " ") == 1);
    if (!c.reason.empty())
        CHECK(world.refused(c.reason) == 1);
    CHECK(transcript.find("…") == std::string::npos);
}

TEST_CASE("limits: a body that keeps up with the rate may take longer than the grace")
{
    net::ServerLimits limits;
    limits.body_grace = 60ms;
    limits.body_rate = 100;
    NetWorld world;
    world.serve(echo_routes(), limits);
    auto talk = [&]() -> asio::awaitable<std::string> {
        RawClient client{world.io, world.port};
        co_await client.send("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 200\r\n\r\n");
        for (int i = 0; i < 10; ++i) {
            co_await client.send(std::string(20, 'a'));
            co_await pause(20ms);
        }
        co_return co_await client.read_all();
    };
    CHECK(count_of(drive(world.io, talk()), "HTTP/1.1 200 ") == 1);
}

TEST_CASE("limits: a client that does not read its answer is dropped")
{
    net::ServerLimits limits;
    limits.respond = 60ms;
    NetWorld world;
    auto const large = [](net::Request&) -> asio::awaitable<net::Reply> {
        co_return text_response(200, std::string(32u << 20, 'x'));
    };
    world.serve({{"GET", "/", large}}, limits);
    auto talk = [&]() -> asio::awaitable<void> {
        RawClient client{world.io, world.port};
        co_await client.send(get);
        while (world.refused("respond_timeout") == 0) {
            co_await pause(5ms);
        }
    };
    drive(world.io, talk());
    CHECK(world.metrics.gauge("deskbridge_http_connections").value() == 0);
}

TEST_CASE("limits: a slow handler is answered 503 in time and told to stop")
{
    net::ServerLimits limits;
    limits.handle = 30ms;
    NetWorld world;
    bool cancelled = false;
    world.serve({{"GET", "/", sleeper(10s, cancelled)}}, limits);
    auto const began = std::chrono::steady_clock::now();
    auto const transcript = world.raw(get);
    CHECK(since(began) < 8s);
    CHECK(count_of(transcript, "HTTP/1.1 503 ") == 1);
    CHECK(transcript.find("Retry-After: ") != std::string::npos);
    CHECK(cancelled);
    CHECK(world.refused("handler_timeout") == 1);
}

TEST_CASE("limits: at the cap the connection that has waited longest makes room")
{
    net::ServerLimits limits;
    limits.max_connections = 3;
    NetWorld world;
    world.serve(echo_routes(), limits);
    auto talk = [&]() -> asio::awaitable<void> {
        RawClient first{world.io, world.port};
        RawClient second{world.io, world.port};
        RawClient third{world.io, world.port};
        for (auto* client : {&first, &second, &third}) {
            co_await client->send(get);
            co_await client->read_until("GET / ");
        }
        co_await first.send(get); // now the second has waited longest
        co_await first.read_until("GET / ");
        RawClient fourth{world.io, world.port};
        co_await fourth.send(get);
        co_await fourth.read_until("GET / ");
        auto const evicted = co_await second.read_all();
        CHECK(evicted.empty());
        co_await first.send(get);
        co_await first.read_until("GET / ");
        co_await third.send(get);
        co_await third.read_until("GET / ");
    };
    drive(world.io, talk());
    CHECK(world.refused("evicted") == 1);
    CHECK(world.answered(200) == 7);
}

TEST_CASE("limits: when all are at work, one more is told to come back")
{
    net::ServerLimits limits;
    limits.max_connections = 1;
    NetWorld world;
    bool at_work = false;
    async::Bell refused_one{world.io.get_executor()};
    auto const works = [&](net::Request&) -> asio::awaitable<net::Reply> {
        at_work = true;
        co_await refused_one.wait(30s);
        co_return text_response(200, "worked");
    };
    world.serve({{"GET", "/", works}}, limits);
    auto talk = [&]() -> asio::awaitable<std::string> {
        RawClient busy{world.io, world.port};
        co_await busy.send(get);
        while (!at_work)
            co_await pause(1ms);
        RawClient one_more{world.io, world.port};
        auto const refused = co_await one_more.read_all();
        refused_one.ring();
        co_await busy.read_until("worked");
        co_return refused;
    };
    CHECK(count_of(drive(world.io, talk()), "HTTP/1.1 503 ") == 1);
    CHECK(world.refused("connection_limit") == 1);
}

TEST_CASE("limits: without free descriptors the accept loop backs off, and recovers")
{
    NetWorld world;
    world.serve(echo_routes());
    std::vector<RawClient> clients;
    for (int i = 0; i < 4; ++i)
        clients.emplace_back(world.io, world.port);
    RawClient extra{world.io, world.port};
    while (world.metrics.gauge("deskbridge_http_connections").value() < 5)
        world.io.run_one_for(10ms);

    RawClient late{world.io, world.port}; // in the backlog; not accepted yet
    rlimit before{};
    ::getrlimit(RLIMIT_NOFILE, &before);
    rlimit tight = before;
    int open_files = 0;
    if (auto* folder = ::opendir("/proc/self/fd")) {
        while (auto const* entry = ::readdir(folder))
            open_files = std::max(open_files, std::atoi(entry->d_name));
        ::closedir(folder);
    }
    tight.rlim_cur = 3; // every number from 3 on is in use or forbidden
    ::setrlimit(RLIMIT_NOFILE, &tight);
    auto const began = std::chrono::steady_clock::now();
    int turns = 0;
    while (since(began) < 250ms) {
        world.io.run_one_for(20ms);
        ++turns;
    }
    ::setrlimit(RLIMIT_NOFILE, &before);
    CHECK(world.log.count("http_accept_failed") == 1);
    CHECK(world.refused("evicted") >= 1);
    CHECK(turns < 200);

    auto talk = [&]() -> asio::awaitable<std::string> {
        co_await late.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        co_return co_await late.read_all();
    };
    CHECK(count_of(drive(world.io, talk()), "HTTP/1.1 200 ") == 1);
}

TEST_CASE("limits: a connection that has had its bytes or its time is closed with an answer, not in the middle")
{
    net::ServerLimits limits;
    bool const by_bytes = GENERATE(true, false);
    if (by_bytes)
        limits.connection_bytes = 3 * get.size();
    else
        limits.connection_age = 1s;
    NetWorld world;
    world.serve(echo_routes(), limits);
    auto talk = [&]() -> asio::awaitable<std::string> {
        RawClient client{world.io, world.port};
        std::string transcript;
        while (transcript.find("Connection: close") == std::string::npos) {
            co_await client.send(get);
            transcript += co_await client.read_until("GET / ");
            co_await pause(5ms);
        }
        co_return transcript + co_await client.read_all();
    };
    auto const transcript = drive(world.io, talk());
    CHECK(count_of(transcript, "HTTP/1.1 200 ") > 1);
    CHECK(count_of(transcript, "HTTP/1.1 200 ") == count_of(transcript, "GET / "));
    if (by_bytes)
        CHECK(count_of(transcript, "HTTP/1.1 200 ") == 4);
}
