#include "net_world.hpp"

#include <catch2/catch.hpp>

namespace {

namespace asio = boost::asio;
using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;

struct Case {
    std::string label;
    std::string request;
    int status{400};
};

/// What a parser that lets the framing through would take for a second request.
std::string const smuggled = "GET /?smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
std::string const good = "POST /?good HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody";

std::vector<Case> hostile()
{
    std::string const post = "POST / HTTP/1.1\r\nHost: a\r\n";
    std::string const chunks = "0\r\n\r\n";
    return {
        {"TE gzip", post + "Transfer-Encoding: gzip\r\n\r\n" + smuggled},
        {"TE xchunked", post + "Transfer-Encoding: xchunked\r\n\r\n" + smuggled},
        {"TE chunked, gzip", post + "Transfer-Encoding: chunked, gzip\r\n\r\n" + smuggled},
        {"TE identity and length", post + "Transfer-Encoding: identity\r\nContent-Length: 0\r\n\r\n" + smuggled},
        {"1.0 chunked", "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + smuggled},
        {"chunked", post + "Transfer-Encoding: chunked\r\n\r\n" + chunks + smuggled, 411},
        {"length and chunked", post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + smuggled},
        {"equal lengths", post + "Content-Length: 0\r\nContent-Length: 0\r\n\r\n" + smuggled},
        {"lengths as a list", post + "Content-Length: 0, 0\r\n\r\n" + smuggled},
        {"no host", "GET / HTTP/1.1\r\n\r\n" + smuggled},
        {"two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" + smuggled},
        {"absolute form", "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n" + smuggled},
        {"folded line", "GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n" + smuggled},
        {"high byte in the target", "GET /\xff HTTP/1.1\r\nHost: a\r\n\r\n" + smuggled},
        {"GET with a body", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 38\r\n\r\n" + smuggled},
        {"bare LF", "GET / HTTP/1.1\nHost: a\n\n" + smuggled},
        {"bare CR", "GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n" + smuggled},
        {"leading CRLF", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n" + smuggled},
        {"space before colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n" + smuggled},
        {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + smuggled},
        {"TLS hello", std::string{"\x16\x03\x01\x00\x10\x01\x00", 7}},
    };
}

void check_refused(Case const& c, std::string const& transcript, std::size_t good_answers)
{
    INFO(c.label);
    INFO(transcript);
    CHECK(count_of(transcript, "HTTP/1.1 ") == good_answers + 1);
    CHECK(count_of(transcript, "HTTP/1.1 " + std::to_string(c.status) + " ") == 1);
    CHECK(transcript.find("smuggled") == std::string::npos);
    CHECK(transcript.find("Connection: close\r\n") != std::string::npos);
    CHECK(transcript.find("…") == std::string::npos);
}

net::ServerLimits short_linger()
{
    net::ServerLimits limits;
    limits.linger = 5ms;
    return limits;
}

} // namespace

TEST_CASE("hostile requests on a socket: refused, closed, and nothing behind them is read")
{
    NetWorld world;
    world.serve(echo_routes(), short_linger());
    for (auto const& c : hostile()) {
        check_refused(c, world.raw(c.request), 0);
        check_refused(c, world.raw(good + c.request), 1);
    }
    CHECK(world.answered(200) == hostile().size());
}

TEST_CASE("hostile requests on a socket: the same when they are split at any byte")
{
    NetWorld world;
    world.serve(echo_routes(), short_linger());
    for (auto const& c : hostile()) {
        for (std::size_t split = 1; split < c.request.size(); ++split) {
            auto talk = [&]() -> asio::awaitable<std::string> {
                RawClient client{world.io, world.port};
                co_await client.send(c.request.substr(0, split));
                // The server has read the first part when it has nothing else to do.
                world.io.poll();
                co_await client.send(c.request.substr(split));
                co_return co_await client.read_all();
            };
            auto const transcript = drive(world.io, talk());
            INFO("split at " << split);
            check_refused(c, transcript, 0);
        }
    }
    CHECK(world.answered(200) == 0);
}
