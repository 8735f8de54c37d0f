#include "net_world.hpp"

#include <catch2/catch.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace {

namespace asio = boost::asio;
using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;

/// POST /in/{name}, which tells what it did not come to hear: the name, or "*" for somebody who may have meant any.
struct Ear {
    std::string unheard;

    static asio::awaitable<net::Reply> hear(net::Request& request)
    {
        auto const& name = request.parameters.front();
        if (name == "broken")
            throw std::runtime_error{"broken"};
        if (name == "busy")
            co_return text_response(503, "later"); // the handler's own word, and its own affair
        if (name == "slow") {
            asio::steady_timer timer{co_await asio::this_coro::executor, 10s};
            co_await timer.async_wait(asio::use_awaitable);
        }
        co_return text_response(200, "heard");
    }

    std::vector<net::Route> routes()
    {
        auto const check = [](net::Request const& request) -> std::optional<HttpResponse> {
            if (request.http.headers.find("X-Sign"))
                return std::nullopt;
            return text_response(401, "");
        };
        auto const tell = [this](net::Request const* request) { unheard += request ? request->parameters.front() : "*"; };
        return {{"GET", "/in/{name}", hear, 0}, {"POST", "/in/{name}", hear, 1000, check, tell}};
    }
};

std::string post(std::string const& name, std::string const& more)
{
    return "POST /in/" + name + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + more;
}

net::ServerLimits quick()
{
    net::ServerLimits limits;
    limits.header = limits.handle = 60ms;
    limits.body_grace = 60ms;
    limits.linger = 5ms;
    return limits;
}

} // namespace

TEST_CASE("unheard: a route hears of whoever may have wanted it and was refused or cut off, and of nobody else")
{
    struct Case {
        std::string label, sent, unheard;
    };
    auto const c = GENERATE(values<Case>({
        {"heard", post("a", "X-Sign: 1\r\nContent-Length: 1\r\n\r\nx"), ""},
        {"heard, and put off by the handler", post("busy", "X-Sign: 1\r\nContent-Length: 1\r\n\r\nx"), ""},
        {"refused by its head", post("a", "Content-Length: 1\r\n\r\nx"), ""},
        {"against the grammar", post("a", "X-Sign: 1\r\nContent-Length: +1\r\n\r\nx"), ""},
        {"no such route", "POST /out HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", ""},
        {"another method", "GET /in/broken HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", ""},
        {"body too large", post("a", "X-Sign: 1\r\nContent-Length: 1001\r\n\r\n"), "a"},
        {"body that does not come", post("a", "X-Sign: 1\r\nContent-Length: 9\r\n\r\nx"), "a"},
        {"handler too slow", post("slow", "X-Sign: 1\r\nContent-Length: 1\r\n\r\nx"), "slow"},
        {"handler that fails", post("broken", "X-Sign: 1\r\nContent-Length: 1\r\n\r\nx"), "broken"},
        {"head that does not end", post("a", "X-Sign: 1"), "*"},
        {"half a request line", "POST /i", "*"},
        {"half a request line for somebody else", "POST /out", ""},
        {"half a request of another method", "GET /in/a HT", ""},
        {"nothing at all", "", ""},
    }));
    INFO(c.label);
    NetWorld world;
    Ear ear;
    world.serve(ear.routes(), quick());
    (void)world.raw(c.sent);
    CHECK(ear.unheard == c.unheard);
}

TEST_CASE("unheard: a client that leaves in the middle of its body")
{
    NetWorld world;
    Ear ear;
    world.serve(ear.routes());
    auto talk = [&]() -> asio::awaitable<void> {
        RawClient client{world.io, world.port};
        co_await client.send(post("a", "X-Sign: 1\r\nContent-Length: 9\r\n\r\nx"));
        client.finish();
        (void)co_await client.read_all();
    };
    drive(world.io, talk());
    CHECK(ear.unheard == "a");
}

TEST_CASE("unheard: somebody evicted or turned away may have meant any route")
{
    net::ServerLimits limits;
    limits.max_connections = 1;
    NetWorld world;
    Ear ear;
    world.serve(ear.routes(), limits);
    auto talk = [&]() -> asio::awaitable<void> {
        RawClient silent{world.io, world.port};
        RawClient elsewhere{world.io, world.port};
        (void)co_await silent.read_all();
        CHECK(ear.unheard == "*");
        co_await elsewhere.send("GET /in");
        asio::steady_timer timer{world.io, 30ms};
        co_await timer.async_wait(asio::use_awaitable);
        RawClient busy{world.io, world.port};
        (void)co_await elsewhere.read_all();
        CHECK(ear.unheard == "*");
        co_await busy.send(post("slow", "X-Sign: 1\r\nContent-Length: 1\r\n\r\nx"));
        timer.expires_after(30ms);
        co_await timer.async_wait(asio::use_awaitable);
        RawClient one_more{world.io, world.port};
        auto const turned_away = co_await one_more.read_all();
        CHECK(count_of(turned_away, "HTTP/1.1 503 ") == 1);
        CHECK(ear.unheard == "**");
    };
    drive(world.io, talk());
}

TEST_CASE("unheard: a client behind a proxy that has used up its share")
{
    net::ServerLimits limits;
    limits.max_per_address = 1;
    limits.linger = 5ms;
    net::Listen where;
    where.address = "127.0.0.1:0";
    where.trusted_proxies = {"127.0.0.1"};
    NetWorld world;
    Ear ear;
    world.serve(ear.routes(), limits, where);
    auto talk = [&]() -> asio::awaitable<void> {
        std::string const forwarded = "X-Sign: 1\r\nX-Forwarded-For: 203.0.113.7\r\nContent-Length: 1\r\n\r\n";
        RawClient slow{world.io, world.port};
        co_await slow.send(post("slow", forwarded));
        asio::steady_timer timer{world.io, 30ms};
        co_await timer.async_wait(asio::use_awaitable);
        RawClient refused{world.io, world.port};
        co_await refused.send(post("a", forwarded + "x"));
        auto const transcript = co_await refused.read_all();
        CHECK(count_of(transcript, "HTTP/1.1 429 ") == 1);
        CHECK(ear.unheard == "a");
    };
    drive(world.io, talk());
}
