#include "net_world.hpp"

#include <catch2/catch.hpp>

#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <deque>

namespace {

namespace asio = boost::asio;
using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;

/// @param size  of all of them, if the client is to know
net::Handler pieces(std::deque<std::string> all, std::optional<std::uint64_t> size = {})
{
    return [all, size](net::Request&) -> asio::awaitable<net::Reply> {
        auto const rest = std::make_shared<std::deque<std::string>>(all);
        auto next = [rest]() -> asio::awaitable<std::optional<std::string>> {
            if (rest->empty())
                co_return std::nullopt;
            auto piece = std::move(rest->front());
            rest->pop_front();
            co_return piece;
        };
        if (size)
            co_return net::Reply{text_response(200, {}), next, *size};
        co_return net::Reply{text_response(200, "head,"), next};
    };
}

} // namespace

TEST_CASE("stream: pieces are framed as chunks, an empty one does not end it")
{
    NetWorld world;
    world.serve({{"GET", "/", pieces({"one", "", std::string(17, 'x')})}});
    auto const transcript = world.raw(get);
    CHECK(transcript.find("Transfer-Encoding: chunked\r\n") != std::string::npos);
    CHECK(transcript.find("Content-Length") == std::string::npos);
    CHECK(transcript.ends_with("\r\n\r\n5\r\nhead,\r\n3\r\none\r\n11\r\nxxxxxxxxxxxxxxxxx\r\n0\r\n\r\n"));
    auto const old = world.raw("GET / HTTP/1.0\r\nHost: a\r\n\r\n");
    CHECK(old.find("chunked") == std::string::npos);
    CHECK(old.ends_with("\r\n\r\nhead,onexxxxxxxxxxxxxxxxx"));
    auto const head = world.raw("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(head.ends_with("\r\n\r\n"));
}

TEST_CASE("stream: of a known size, and whoever gets fewer bytes knows it")
{
    struct Case {
        std::deque<std::string> pieces;
        std::string came;
    };
    auto const c = GENERATE(values<Case>({{{"one", "two"}, "onetwo"}, {{"one"}, "one"}, {{"one", "twos"}, "one"}}));
    NetWorld world;
    world.serve({{"GET", "/", pieces(c.pieces, 6)}});
    auto const transcript = world.raw(get);
    CHECK(transcript.find("Content-Length: 6\r\n") != std::string::npos);
    CHECK(transcript.find("chunked") == std::string::npos);
    CHECK(transcript.ends_with("\r\n\r\n" + c.came));
}

TEST_CASE("stream: one that fails half-way is cut off, not ended")
{
    NetWorld world;
    auto const handler = [](net::Request&) -> asio::awaitable<net::Reply> {
        auto next = []() -> asio::awaitable<std::optional<std::string>> {
            throw std::runtime_error{"half-way"};
            co_return std::nullopt;
        };
        co_return net::Reply{text_response(200, "head"), next};
    };
    world.serve({{"GET", "/", handler}});
    auto const transcript = world.raw(get);
    CHECK(transcript.ends_with("4\r\nhead\r\n"));
    CHECK(world.log.count("http_handler_failed") == 1);
}

TEST_CASE("stream: the producer is told when the client leaves")
{
    NetWorld world;
    bool cancelled = false;
    auto const handler = [&](net::Request&) -> asio::awaitable<net::Reply> {
        auto next = [&]() -> asio::awaitable<std::optional<std::string>> {
            asio::steady_timer timer{co_await asio::this_coro::executor, 30s};
            boost::system::error_code ec;
            co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ec));
            cancelled = ec == asio::error::operation_aborted;
            co_return std::nullopt;
        };
        co_return net::Reply{text_response(200, "head"), next};
    };
    world.serve({{"GET", "/", handler}});
    bool const resets = GENERATE(false, true);
    auto talk = [&]() -> asio::awaitable<void> {
        RawClient client{world.io, world.port};
        co_await client.send(get);
        co_await client.read_until("head");
        if (resets)
            client.reset();
        else
            client.close();
        asio::steady_timer timer{world.io};
        while (!cancelled || world.metrics.gauge("deskbridge_http_connections").value() > 0) {
            timer.expires_after(2ms);
            co_await timer.async_wait(asio::use_awaitable);
        }
    };
    drive(world.io, talk());
    CHECK(cancelled);
}

TEST_CASE("stream: a reader that does not read is dropped, and costs one piece")
{
    net::ServerLimits limits;
    limits.respond = 60ms;
    NetWorld world;
    int asked = 0;
    auto const handler = [&](net::Request&) -> asio::awaitable<net::Reply> {
        auto next = [&]() -> asio::awaitable<std::optional<std::string>> {
            ++asked;
            co_return std::string(1u << 20, 'x');
        };
        co_return net::Reply{text_response(200, "head"), next};
    };
    world.serve({{"GET", "/", handler}}, limits);
    auto talk = [&]() -> asio::awaitable<void> {
        RawClient client{world.io, world.port};
        co_await client.send(get);
        asio::steady_timer timer{world.io};
        while (world.refused("respond_timeout") == 0) {
            timer.expires_after(5ms);
            co_await timer.async_wait(asio::use_awaitable);
        }
    };
    drive(world.io, talk());
    CHECK(asked < 30); // what the kernel's buffers took, and one
}

TEST_CASE("stream: read by our own client over a Unix socket")
{
    ScratchFolder folder;
    NetWorld world;
    world.serve({{"GET", "/", pieces({"a", "b", "c"})}, {"GET", "/small", [](net::Request&) -> asio::awaitable<net::Reply> {
                                                             co_return text_response(404, "none");
                                                         }}},
                {}, {.address = "", .unix_path = folder.path() / "s"});
    net::HttpClient client{world.io, {}, world.log};
    auto const read = [&](std::string target, std::size_t enough) {
        std::string seen;
        std::function<bool(std::string_view)> const keep = [&](std::string_view piece) {
            seen += piece;
            return seen.size() < enough;
        };
        HttpRequest request{"GET", std::move(target), {}, {}};
        auto const answer = drive(world.io, client.stream(folder.path() / "s", request, keep));
        REQUIRE(std::holds_alternative<HttpResponse>(answer));
        return std::to_string(std::get<HttpResponse>(answer).status) + " " + std::get<HttpResponse>(answer).body + " " + seen;
    };
    CHECK(read("/", 1000) == "200  head,abc");
    CHECK(read("/", 1).starts_with("200  head,"));
    CHECK(read("/small", 1000) == "404 none ");
}

namespace {

asio::awaitable<void> speak_no_http(asio::generic::stream_protocol::socket& connection)
{
    std::string const words = "220 mail.example\r\n";
    boost::system::error_code failed;
    co_await asio::async_write(connection, asio::buffer(words), asio::redirect_error(asio::use_awaitable, failed));
    std::array<char, 4> heard{};
    co_await asio::async_read(connection, asio::buffer(heard), asio::redirect_error(asio::use_awaitable, failed));
}

} // namespace

TEST_CASE("take over: what the handler writes is all there is, until it ends or the server does")
{
    NetWorld world;
    auto const handler = [](net::Request&) -> asio::awaitable<net::Reply> {
        net::Reply reply{text_response(200, "not this")};
        reply.take_over = speak_no_http;
        co_return reply;
    };
    world.serve({{"GET", "/", handler}});
    RawClient leaving{world.io, world.port};
    RawClient waiting{world.io, world.port};
    auto const converse = [&]() -> asio::awaitable<void> {
        co_await leaving.send(get);
        auto const greeting = co_await leaving.read_until("\r\n");
        CHECK(greeting == "220 mail.example\r\n");
        co_await leaving.send("QUIT");
        auto const farewell = co_await leaving.read_all();
        CHECK(farewell.empty());
        co_await waiting.send(get);
        auto const greeting_again = co_await waiting.read_until("\r\n");
        CHECK(greeting_again == greeting);
        co_await world.server->stop(10ms);
        auto const end = co_await waiting.read_all();
        CHECK(end.empty());
    };
    drive(world.io, converse());
}
