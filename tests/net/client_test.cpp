#include "net_world.hpp"

#include "async/run.hpp"

#include <catch2/catch.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace {

namespace asio = boost::asio;
using namespace deskbridge;
using namespace deskbridge::test;
using namespace asio::experimental::awaitable_operators;
using namespace std::chrono_literals;
using Written = net::NoAnswer::Written;

std::string shown(net::Answer const& answer)
{
    if (auto const* response = std::get_if<HttpResponse>(&answer))
        return std::to_string(response->status) + " " + response->body;
    auto const& lost = std::get<net::NoAnswer>(answer);
    return lost.written == Written::all ? "all" : lost.written == Written::part ? "part" : "nothing";
}

/// What the client makes of these bytes as the answer to its request, and the request as it came.
struct Played {
    std::string outcome, request;
};

Played play(std::string answer, HttpRequest request = {}, std::chrono::milliseconds limit = 5s, bool hang = false)
{
    asio::io_context io{1};
    NoLog log;
    RawServer server{io};
    net::HttpClient client{io, {.idle = 5ms}, log};
    request.target = server.url("/path?x=1");
    Played out;
    auto serve = [&]() -> asio::awaitable<void> {
        auto peer = co_await server.accept();
        out.request = co_await peer.read_until("\r\n\r\n");
        co_await peer.send(answer);
        if (!hang)
            peer.finish();
        co_await peer.read_all();
    };
    auto ask = [&]() -> asio::awaitable<void> { out.outcome = shown(co_await client.send(request, limit)); };
    auto both = [&]() -> asio::awaitable<void> {
        auto done = [&]() -> asio::awaitable<void> {
            co_await ask();
            server.close();
        };
        co_await (serve() && done());
    };
    drive(io, both());
    return out;
}

} // namespace

TEST_CASE("client: the request as it goes out")
{
    HttpRequest request{"POST", "", {{"X-Key", "v"}, {"Host", "evil"}, {"Content-Length", "9"}, {"Connection", "x"}}, "body"};
    auto const seen = play("HTTP/1.1 204 \r\n\r\n", request).request;
    CHECK(seen.starts_with("POST /path?x=1 HTTP/1.1\r\nHost: 127.0.0.1:"));
    CHECK(count_of(seen, "X-Key: v\r\n") == 1);
    CHECK(count_of(seen, "Content-Length: 4\r\n") == 1);
    CHECK(count_of(seen, "Host: ") == 1);
    CHECK(count_of(seen, "Connection") == 0);
    CHECK(count_of(seen, "User-Agent: deskbridge\r\n") == 1);
}

TEST_CASE("client: answers, whole and broken")
{
    struct Case {
        std::string label, answer, outcome;
    };
    std::string const ok = "HTTP/1.1 200 OK\r\n";
    auto const c = GENERATE_COPY(values<Case>({
        {"length", ok + "Content-Length: 3\r\n\r\nabc", "200 abc"},
        {"nothing", ok + "Content-Length: 0\r\n\r\n", "200 "},
        {"chunks", ok + "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1;ext=1\r\nc\r\n0\r\nTrailer: x\r\n\r\n", "200 abc"},
        {"until the end", ok + "\r\nabc", "200 abc"},
        {"HTTP/1.0", "HTTP/1.0 200 OK\r\n\r\nabc", "200 abc"},
        {"interim answers", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + ok +
                                "Content-Length: 3\r\n\r\nabc", "200 abc"},
        {"redirect is an answer", "HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n", "302 "},
        {"5xx", "HTTP/1.1 503 Busy\r\nContent-Length: 1\r\n\r\nx", "503 x"},
        {"no answer", "", "all"},
        {"half a head", "HTTP/1.1 200 OK\r\nConte", "all"},
        {"half a body", ok + "Content-Length: 10\r\n\r\nabc", "all"},
        {"half a chunk", ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nab", "all"},
        {"no last chunk", ok + "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n", "all"},
        {"not HTTP", "SSH-2.0-OpenSSH\r\n", "all"},
        {"two lengths", ok + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", "all"},
        {"length and chunks", ok + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "all"},
        {"switching protocols", "HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n", "all"},
        {"too large by length", ok + "Content-Length: 8388609\r\n\r\n", "all"},
        {"endless header", ok + "X: " + std::string(40000, 'x') + "\r\n\r\n", "all"},
        {"long chunk extension", ok + "Transfer-Encoding: chunked\r\n\r\n1;" + std::string(70000, 'x') + "\r\na\r\n0\r\n\r\n", "all"},
    }));
    INFO(c.label);
    CHECK(play(c.answer).outcome == c.outcome);
}

TEST_CASE("client: a body of 8 MiB is taken, one byte more is not")
{
    auto const sized = [](std::size_t n) { return "HTTP/1.1 200 OK\r\n\r\n" + std::string(n, 'x'); };
    CHECK(play(sized(8u << 20)).outcome.size() == 4 + (8u << 20));
    CHECK(play(sized((8u << 20) + 1)).outcome == "all");
}

TEST_CASE("client: HEAD has no body, whatever its length says")
{
    CHECK(play("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", {"HEAD", "", {}, {}}).outcome == "200 ");
}

TEST_CASE("client: what would break the framing is not sent")
{
    NetWorld world;
    world.serve(echo_routes());
    net::HttpClient client{world.io, {}, world.log};
    auto const outcome = [&](HttpRequest request) { return shown(drive(world.io, client.send(request, 5s))); };
    CHECK(outcome({"GET", world.url("/"), {{"X", "a\r\nY: b"}}, {}}) == "nothing");
    CHECK(outcome({"GET", world.url("/"), {{"X Y", "a"}}, {}}) == "nothing");
    CHECK(outcome({"G T", world.url("/"), {}, {}}) == "nothing");
    CHECK(outcome({"GET", world.url("/a\r\nX: y"), {}, {}}) == "nothing");
    CHECK(outcome({"GET", "/relative", {}, {}}) == "nothing");
    CHECK(world.answered(200) == 0);
}

TEST_CASE("client: no answer, by how much had been written")
{
    asio::io_context io{1};
    NoLog log;
    RawServer server{io};
    net::HttpClient client{io, {}, log};
    std::string const large(64u << 20, 'x'); // more than the kernel's buffers take

    SECTION("nobody listens: nothing")
    {
        HttpRequest request{"GET", server.url("/"), {}, {}};
        server.close();
        CHECK(shown(drive(io, client.send(request, 5s))) == "nothing");
    }
    SECTION("the name cannot be resolved: nothing")
    {
        HttpRequest request{"GET", "http://no-such-host.invalid/", {}, {}};
        CHECK(shown(drive(io, client.send(request, 5s))) == "nothing");
    }
    SECTION("a peer that never answers: all, at the limit")
    {
        HttpRequest request{"POST", server.url("/"), {}, "body"};
        auto const began = std::chrono::steady_clock::now();
        CHECK(shown(drive(io, client.send(request, 60ms))) == "all"); // the kernel accepts for a server that does not
        CHECK(std::chrono::steady_clock::now() - began < 3s);
    }
    SECTION("a peer that does not read: part, at the limit")
    {
        HttpRequest request{"POST", server.url("/"), {}, large};
        CHECK(shown(drive(io, client.send(request, 150ms))) == "part");
    }
    SECTION("a peer that resets in the middle: part")
    {
        HttpRequest request{"POST", server.url("/"), {}, large};
        auto serve = [&]() -> asio::awaitable<void> {
            auto peer = co_await server.accept();
            co_await peer.read_until("\r\n\r\n");
            peer.reset();
        };
        std::string outcome;
        auto ask = [&]() -> asio::awaitable<void> { outcome = shown(co_await client.send(request, 5s)); };
        auto both = [&]() -> asio::awaitable<void> { co_await (serve() && ask()); };
        drive(io, both());
        CHECK(outcome == "part");
    }
    SECTION("a peer that answers and stops reading: its answer counts")
    {
        HttpRequest request{"POST", server.url("/"), {}, large};
        auto serve = [&]() -> asio::awaitable<void> {
            auto peer = co_await server.accept();
            co_await peer.read_until("\r\n\r\n");
            co_await peer.send("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
            asio::steady_timer timer{io, 50ms};
            co_await timer.async_wait(asio::use_awaitable);
            peer.reset(); // may take the answer with it
        };
        std::string outcome;
        auto ask = [&]() -> asio::awaitable<void> { outcome = shown(co_await client.send(request, 5s)); };
        auto both = [&]() -> asio::awaitable<void> { co_await (serve() && ask()); };
        drive(io, both());
        CHECK((outcome == "413 no" || outcome == "part"));
    }
    SECTION("an answer that trickles: all, at the limit")
    {
        CHECK(play("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\na", {}, 60ms, true).outcome == "all");
    }
}

TEST_CASE("client: who cancels learns at once what had been written")
{
    asio::io_context io{1};
    NoLog log;
    RawServer server{io};
    net::HttpClient client{io, {}, log};
    HttpRequest request{"POST", server.url("/"), {}, "body"};
    asio::cancellation_signal stop;
    std::string outcome;
    bool ended = false;
    auto ask = [&]() -> asio::awaitable<void> {
        auto const origin = net::origin_of(request.target);
        auto connection = co_await client.connect(*origin, 5s);
        co_await asio::this_coro::throw_if_cancelled(false);
        outcome = shown(co_await (*connection)->exchange(request, 10min)); // cancelling it must be quicker than run_until's minute
        ended = true;
    };
    bool arrived = false;
    std::optional<RawClient> peer; // stays while the exchange lasts
    auto receive = [&]() -> asio::awaitable<void> {
        peer.emplace(co_await server.accept());
        co_await peer->read_until("body");
        arrived = true;
    };
    asio::co_spawn(io, receive(), [](std::exception_ptr) {});
    asio::co_spawn(io, ask(), asio::bind_cancellation_slot(stop.slot(), [](std::exception_ptr) {}));
    run_until(io, arrived);
    run_ready(io);
    REQUIRE_FALSE(ended);
    stop.emit(asio::cancellation_type::terminal);
    run_until(io, ended);
    CHECK(ended);
    CHECK(outcome == "all");
}
