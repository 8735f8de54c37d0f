#include "net_world.hpp"

#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <stdexcept>

namespace {

namespace asio = boost::asio;
using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;

std::string const host = "Host: a\r\n";
std::string const last = "Connection: close\r\n";

std::string body_of(std::string const& transcript)
{
    return transcript.substr(transcript.rfind("\r\n\r\n") + 4);
}

} // namespace

TEST_CASE("server: requests and their answers")
{
    NetWorld world;
    world.serve(echo_routes());
    struct Case {
        std::string label, request, status_line, body;
    };
    auto const c = GENERATE(values<Case>({
        {"GET", "GET / HTTP/1.1\r\n" + host + last + "\r\n", "HTTP/1.1 200 OK", "GET / "},
        {"query", "GET /?a=b HTTP/1.1\r\n" + host + last + "\r\n", "HTTP/1.1 200 OK", "GET /?a=b "},
        {"HEAD is GET without its body", "HEAD / HTTP/1.1\r\n" + host + last + "\r\n", "HTTP/1.1 200 OK", ""},
        {"POST", "POST / HTTP/1.1\r\n" + host + last + "Content-Length: 5\r\n\r\nhello", "HTTP/1.1 200 OK", "POST / hello"},
        {"POST without a body", "POST / HTTP/1.1\r\n" + host + last + "\r\n", "HTTP/1.1 200 OK", "POST / "},
        {"parameter", "GET /echo/a%20b HTTP/1.1\r\n" + host + last + "\r\n", "HTTP/1.1 200 OK", "a b"},
        {"HTTP/1.0 closes by itself", "GET / HTTP/1.0\r\n" + host + "\r\n", "HTTP/1.1 200 OK", "GET / "},
    }));
    INFO(c.label);
    auto const transcript = world.raw(c.request);
    CHECK(transcript.substr(0, transcript.find("\r\n")) == c.status_line);
    CHECK(body_of(transcript) == c.body);
    CHECK(transcript.find("Connection: close\r\n") != std::string::npos);
    CHECK(transcript.find("Date: ") != std::string::npos);
    CHECK(transcript.find("X-Content-Type-Options: nosniff\r\n") != std::string::npos);
    CHECK(transcript.find("Cache-Control: no-store\r\n") != std::string::npos);
}

TEST_CASE("server: HEAD tells the length that GET would send")
{
    NetWorld world;
    world.serve(echo_routes());
    CHECK(world.raw("HEAD / HTTP/1.1\r\n" + host + last + "\r\n").find("Content-Length: 7\r\n") != std::string::npos);
}

TEST_CASE("server: refusals that keep the connection, and those that end it")
{
    NetWorld world;
    world.serve(echo_routes());
    auto const two = world.raw("GET /nothing HTTP/1.1\r\n" + host + "\r\n" + "DELETE / HTTP/1.1\r\n" + host + "\r\n" +
                               "GET /echo/%zz HTTP/1.1\r\n" + host + "\r\n" + "GET / HTTP/1.1\r\n" + host + last + "\r\n");
    CHECK(count_of(two, "HTTP/1.1 404 ") == 1);
    CHECK(count_of(two, "HTTP/1.1 405 ") == 1);
    CHECK(count_of(two, "Allow: GET, HEAD, POST\r\n") == 1);
    CHECK(count_of(two, "HTTP/1.1 400 ") == 1);
    CHECK(count_of(two, "HTTP/1.1 200 ") == 1);
    CHECK(count_of(two, "application/problem+json") == 3);
    CHECK(world.refused("not_found") == 1);
    CHECK(world.refused("method_not_allowed") == 1);
    CHECK(world.answered(404) == 1);
    CHECK(world.answered(200) == 1);
    CHECK(world.log.count("http_refused") == 3);

    auto const with_body =
        world.raw("POST /nothing HTTP/1.1\r\n" + host + "Content-Length: 30\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n...");
    CHECK(count_of(with_body, "HTTP/1.1 ") == 1);
    CHECK(count_of(with_body, "HTTP/1.1 404 ") == 1);
}

TEST_CASE("server: pipelined requests are answered in order, whatever the pieces they come in")
{
    NetWorld world;
    world.serve(echo_routes());
    std::string const requests = "GET /?1 HTTP/1.1\r\n" + host + "\r\nPOST /?2 HTTP/1.1\r\n" + host +
                                 "Content-Length: 4\r\n\r\nbodyGET /?3 HTTP/1.1\r\n" + host + last + "\r\n";
    auto const expected = std::vector<std::string>{"GET /?1 ", "POST /?2 body", "GET /?3 "};
    auto const step = GENERATE(1, 2, 7, 64, 1000);
    INFO("pieces of " << step);
    auto talk = [&]() -> asio::awaitable<std::string> {
        RawClient client{world.io, world.port};
        for (std::size_t at = 0; at < requests.size(); at += static_cast<std::size_t>(step))
            co_await client.send(requests.substr(at, static_cast<std::size_t>(step)));
        co_return co_await client.read_all();
    };
    auto const transcript = drive(world.io, talk());
    std::size_t at = 0;
    for (auto const& body : expected) {
        auto const found = transcript.find(body, at);
        REQUIRE(found != std::string::npos);
        at = found;
    }
    CHECK(count_of(transcript, "HTTP/1.1 200 OK") == 3);
}

TEST_CASE("server: Expect: 100-continue is answered before the body comes, a refusal instead of it")
{
    NetWorld world;
    world.serve(echo_routes());
    auto talk = [&]() -> asio::awaitable<std::string> {
        RawClient client{world.io, world.port};
        co_await client.send("POST / HTTP/1.1\r\n" + host + last + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
        auto const interim = co_await client.read_until("\r\n\r\n");
        CHECK(interim == "HTTP/1.1 100 Continue\r\n\r\n");
        co_await client.send("ok");
        co_return co_await client.read_all();
    };
    CHECK(body_of(drive(world.io, talk())) == "POST / ok");
    auto const refused = world.raw("POST / HTTP/1.1\r\n" + host + "Expect: 100-continue\r\nContent-Length: 2000000\r\n\r\n");
    CHECK(count_of(refused, "HTTP/1.1 ") == 1);
    CHECK(count_of(refused, "HTTP/1.1 413 ") == 1);
}

TEST_CASE("server: a head check refuses before a byte of the body is read")
{
    NetWorld world;
    bool asked = false;
    auto const handler = [&](net::Request&) -> asio::awaitable<net::Reply> {
        asked = true;
        co_return text_response(200, "in");
    };
    auto const check = [](net::Request const& request) -> std::optional<HttpResponse> {
        CHECK(request.http.body.empty());
        if (request.http.headers.find("X-Key") == "right")
            return std::nullopt;
        return text_response(401, "no");
    };
    world.serve({{"POST", "/", handler, 100, check}});
    auto const refused = world.raw("POST / HTTP/1.1\r\n" + host + "X-Key: wrong\r\nContent-Length: 50\r\n\r\n");
    CHECK(count_of(refused, "HTTP/1.1 401 ") == 1);
    CHECK(refused.find("Connection: close") != std::string::npos);
    CHECK_FALSE(asked);
    CHECK(world.refused("head_check") == 1);
    auto const taken = world.raw("POST / HTTP/1.1\r\n" + host + last + "X-Key: right\r\nContent-Length: 2\r\n\r\nab");
    CHECK(count_of(taken, "HTTP/1.1 200 ") == 1);
}

TEST_CASE("server: a body may be as long as its route says, and no longer")
{
    NetWorld world;
    auto const count = [](net::Request& request) -> asio::awaitable<net::Reply> {
        co_return text_response(200, std::to_string(request.http.body.size()));
    };
    world.serve({{"POST", "/small", count, 10}, {"POST", "/large", count, 4u << 20}});
    auto const post = [&](std::string const& path, std::size_t length) {
        return world.raw("POST " + path + " HTTP/1.1\r\n" + host + last + "Content-Length: " + std::to_string(length) +
                         "\r\n\r\n" + std::string(length, 'x'));
    };
    CHECK(body_of(post("/small", 10)) == "10");
    CHECK(count_of(post("/small", 11), "HTTP/1.1 413 ") == 1);
    CHECK(body_of(post("/large", 4u << 20)) == "4194304");
    CHECK(count_of(post("/large", (4u << 20) + 1), "HTTP/1.1 413 ") == 1);
    CHECK(world.refused("body_too_large") == 2);
    CHECK(std::count_if(world.log.lines.begin(), world.log.lines.end(), [](auto const& line) {
              return line == "http_refused status=413 reason=body_too_large route=/small";
          }) == 1);
}

TEST_CASE("server: a handler that throws is a 500, and its words stay inside")
{
    NetWorld world;
    auto const later = [](net::Request&) -> asio::awaitable<net::Reply> {
        throw std::runtime_error{"the customer's words"};
        co_return net::Reply{};
    };
    auto const at_once = [](net::Request&) -> asio::awaitable<net::Reply> { throw std::logic_error{"the customer's words"}; };
    world.serve({{"GET", "/later", later}, {"GET", "/at-once", at_once}});
    auto const path = GENERATE("/later", "/at-once");
    auto const transcript = world.raw(fmt::format("GET {} HTTP/1.1\r\nHost: a\r\n\r\n", path));
    CHECK(count_of(transcript, "HTTP/1.1 500 ") == 1);
    CHECK(transcript.find("customer") == std::string::npos);
    REQUIRE(world.log.count("http_handler_failed") == 1);
    for (auto const& line : world.log.lines)
        CHECK(line.find("customer") == std::string::npos);
}

TEST_CASE("server: a reply whose fields would break the framing is a 500")
{
    NetWorld world;
    auto const handler = [](net::Request&) -> asio::awaitable<net::Reply> {
        auto response = text_response(200, "secret");
        response.headers.add("X-Name", "a\r\nSet-Cookie: b");
        co_return response;
    };
    world.serve({{"GET", "/", handler}});
    auto const transcript = world.raw("GET / HTTP/1.1\r\n" + host + "\r\n");
    CHECK(count_of(transcript, "HTTP/1.1 500 ") == 1);
    CHECK(transcript.find("…") == std::string::npos);
    CHECK(transcript.find("secret") == std::string::npos);
    CHECK(transcript.find("Set-Cookie") == std::string::npos);
    CHECK(world.log.count("http_reply_invalid") == 1);
}

TEST_CASE("server: answers without a body have none, and no length")
{
    NetWorld world;
    auto const handler = [](net::Request&) -> asio::awaitable<net::Reply> { co_return text_response(204, "ignored"); };
    world.serve({{"GET", "/", handler}});
    auto const transcript = world.raw("GET / HTTP/1.1\r\n" + host + last + "\r\n");
    CHECK(body_of(transcript).empty());
    CHECK(transcript.find("Content-Length") == std::string::npos);
}

TEST_CASE("server: a listen address that cannot be used is an error with its reason")
{
    asio::io_context io{1};
    KeptLog log;
    Metrics metrics;
    net::HttpServer server{io, echo_routes(), {}, log, metrics};
    struct Case {
        std::string address;
        Fault fault;
    };
    auto const c = GENERATE(values<Case>({{"", Fault::malformed},
                                          {"8080", Fault::malformed},
                                          {":8080", Fault::malformed},
                                          {"127.0.0.1", Fault::malformed},
                                          {"127.0.0.1:", Fault::malformed},
                                          {"127.0.0.1:65536", Fault::malformed},
                                          {"::1:80", Fault::malformed},
                                          {"nowhere.example:80", Fault::malformed},
                                          {"203.0.113.7:0", Fault::malformed}}));
    INFO(c.address);
    auto const bound = server.listen({c.address});
    REQUIRE_FALSE(bound.has_value());
    CHECK(bound.error().fault == c.fault);
    CHECK_FALSE(bound.error().detail.empty());
}

TEST_CASE("server: an address in use is a conflict")
{
    NetWorld world;
    world.serve(echo_routes());
    net::HttpServer other{world.io, echo_routes(), {}, world.log, world.metrics};
    auto const bound = other.listen({fmt::format("127.0.0.1:{}", world.port)});
    REQUIRE_FALSE(bound.has_value());
    CHECK(bound.error().fault == Fault::conflict);
}
