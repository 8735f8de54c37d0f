#include "net_world.hpp"

#include <catch2/catch.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <deque>

namespace {

namespace asio = boost::asio;
using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;

constexpr std::size_t kib = 1024;

/// POST / is answered at once, POST /wait when the bell is cancelled.
struct Door {
    explicit Door(asio::io_context& io) : bell{io} { bell.expires_at(asio::steady_timer::time_point::max()); }
    asio::steady_timer bell;
    int waiting{0};

    std::vector<net::Route> routes()
    {
        auto const size = [](net::Request& request) -> asio::awaitable<net::Reply> {
            co_return text_response(200, "<" + std::to_string(request.http.body.size()) + ">");
        };
        auto const wait = [this](net::Request&) -> asio::awaitable<net::Reply> {
            ++waiting;
            auto const [rung] = co_await bell.async_wait(asio::as_tuple(asio::use_awaitable));
            co_return text_response(200, rung ? "<waited>" : "");
        };
        return {{"POST", "/", size, 1024 * kib}, {"POST", "/wait", wait, 1024 * kib}};
    }
    asio::awaitable<void> has_one() const
    {
        while (waiting == 0)
            co_await pause(1ms);
    }
};

std::string post(std::size_t announced, std::size_t sent, std::string const& path = "/")
{
    return "POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(announced) + "\r\n\r\n" + std::string(sent, 'x');
}

net::ServerLimits at_most(std::size_t bytes)
{
    net::ServerLimits limits;
    limits.max_bodies = bytes;
    limits.linger = 5ms;
    return limits;
}

} // namespace

TEST_CASE("bodies: in chunks they are taken where the server takes them, however the network cuts them")
{
    NetWorld world;
    Door door{world.io};
    auto limits = at_most(100 * kib);
    limits.chunked_bodies = true;
    world.serve(door.routes(), limits);
    std::string const head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    std::string const whole = head + "5\r\nhello\r\n8;name=word\r\n, world!\r\n0\r\nX-After: 1\r\n\r\n" + post(3, 3);
    for (std::size_t cut = 1; cut < whole.size(); ++cut) {
        INFO(cut);
        auto const talk = [&]() -> asio::awaitable<std::string> {
            RawClient client{world.io, world.port};
            co_await client.send(whole.substr(0, cut));
            co_await pause(1ms);
            co_await client.send(whole.substr(cut));
            auto first = co_await client.read_until("<13>");
            co_return first + co_await client.read_until("<3>");
        };
        CHECK(count_of(drive(world.io, talk()), "HTTP/1.1 200 ") >= 1);
    }
    CHECK(world.answered(200) == 2 * (whole.size() - 1));
}

TEST_CASE("bodies: chunks that are none, or too many, end the connection")
{
    struct Case {
        std::string label;
        std::string chunks;
        int status;
    };
    auto const c = GENERATE(values<Case>({
        {"no number", "x\r\nhello\r\n0\r\n\r\n", 400},
        {"a sign", "+5\r\nhello\r\n0\r\n\r\n", 400},
        {"longer than it says", "4\r\nhello\r\n0\r\n\r\n", 400},
        {"a number without end", "FFFFFFFFFFFFFFFFF\r\n", 400},
        {"more than the route takes", "100001\r\n", 413},
        {"more in all", "80000\r\n" + std::string(512 * kib, 'x') + "\r\n80001\r\n", 413},
    }));
    INFO(c.label);
    NetWorld world;
    Door door{world.io};
    auto limits = at_most(4096 * kib);
    limits.chunked_bodies = true;
    world.serve(door.routes(), limits);
    auto const talk = [&](std::string path) -> asio::awaitable<std::string> {
        RawClient client{world.io, world.port};
        co_await client.send("POST " + path + " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + c.chunks + post(3, 3));
        co_return co_await client.read_all();
    };
    auto const transcript = drive(world.io, talk("/"));
    CHECK(count_of(transcript, "HTTP/1.1 " + std::to_string(c.status) + " ") == 1);
    CHECK(count_of(transcript, "HTTP/1.1 ") == 1);
    CHECK(count_of(drive(world.io, talk("/nowhere")), "HTTP/1.1 ") == 1); // nobody reads them: what follows is not looked for
}

TEST_CASE("bodies: those in work share one budget, and what is over it is refused before it is read")
{
    NetWorld world;
    Door door{world.io};
    world.serve(door.routes(), at_most(100));
    auto talk = [&]() -> asio::awaitable<std::string> {
        RawClient first{world.io, world.port}; // alone it may be larger than the budget
        co_await first.send(post(200, 200, "/wait"));
        co_await door.has_one();
        RawClient second{world.io, world.port};
        co_await second.send(post(10, 0));
        auto const refused = co_await second.read_all();
        door.bell.cancel();
        co_await first.read_until("<waited>");
        RawClient third{world.io, world.port}; // the first has given its share back
        co_await third.send(post(10, 10));
        co_await third.read_until("<10>");
        co_return refused;
    };
    CHECK(count_of(drive(world.io, talk()), "HTTP/1.1 503 ") == 1);
    CHECK(world.refused("bodies_in_work") == 1);
    CHECK(world.answered(200) == 2);
}

TEST_CASE("bodies: what is announced and does not come keeps nobody out")
{
    NetWorld world;
    Door door{world.io};
    world.serve(door.routes(), at_most(1024 * kib));
    std::deque<RawClient> slow;
    auto talk = [&]() -> asio::awaitable<void> {
        for (int i = 0; i < 200; ++i) {
            slow.emplace_back(world.io, world.port);
            co_await slow.back().send(post(1024 * kib, 1));
        }
        co_await pause(30ms);
        RawClient honest{world.io, world.port};
        for (auto const bytes : {std::size_t{10}, 300 * kib, std::size_t{10}}) {
            co_await honest.send(post(bytes, bytes));
            co_await honest.read_until("<" + std::to_string(bytes) + ">");
        }
    };
    drive(world.io, talk());
    CHECK(world.refused("bodies_in_work") == 0);
    CHECK(world.answered(200) == 3);
}

TEST_CASE("bodies: who holds much and is long in coming makes room, not who is quick or small")
{
    NetWorld world;
    Door door{world.io};
    world.serve(door.routes(), at_most(150 * kib));
    auto talk = [&]() -> asio::awaitable<void> {
        RawClient small{world.io, world.port};
        co_await small.send(post(1000, 1));
        RawClient heavy{world.io, world.port};
        co_await heavy.send(post(100 * kib, 100 * kib - 1));
        co_await pause(1s); // until all of it has been read
        RawClient quick{world.io, world.port};
        co_await quick.send(post(64 * kib, 64 * kib));
        co_await quick.read_until("<65536>");
        auto const cut_off = co_await heavy.read_all();
        CHECK(cut_off.empty());
        co_await small.send(std::string(999, 'x'));
        co_await small.read_until("<1000>");
    };
    drive(world.io, talk());
    CHECK(world.refused("evicted") == 1);
    CHECK(world.refused("bodies_in_work") == 0);
}

TEST_CASE("bodies: when the rest waits for its handlers, whoever grows over the budget is refused")
{
    NetWorld world;
    Door door{world.io};
    auto limits = at_most(100 * kib);
    limits.linger = 200ms; // else what it still sends may reset the connection before it has read its answer
    world.serve(door.routes(), limits);
    auto talk = [&]() -> asio::awaitable<void> {
        RawClient busy{world.io, world.port};
        co_await busy.send(post(64 * kib, 64 * kib, "/wait"));
        co_await door.has_one();
        RawClient grows{world.io, world.port};
        co_await grows.send(post(90 * kib, 90 * kib));
        auto const refused = co_await grows.read_all();
        CHECK(count_of(refused, "HTTP/1.1 503 ") == 1);
        RawClient small{world.io, world.port};
        co_await small.send(post(1000, 1000));
        co_await small.read_until("<1000>");
        door.bell.cancel();
        co_await busy.read_until("<waited>");
    };
    drive(world.io, talk());
    CHECK(world.refused("bodies_in_work") == 1);
    CHECK(world.refused("evicted") == 0);
}
