#include "net_world.hpp"

#include "net/address.hpp"

#include <catch2/catch.hpp>

#include <boost/asio/experimental/awaitable_operators.hpp>

namespace {

namespace asio = boost::asio;
using namespace deskbridge;
using namespace deskbridge::test;
using namespace asio::experimental::awaitable_operators;
using namespace std::chrono_literals;

std::string why_of(net::Answer const& answer)
{
    auto const* lost = std::get_if<net::NoAnswer>(&answer);
    return lost ? lost->why : std::to_string(std::get<HttpResponse>(answer).status);
}

/// What a fetch makes of a URL; nothing listens there.
net::Answer fetch(std::string url, net::OutsideRules const& rules)
{
    asio::io_context io{1};
    NoLog log;
    net::HttpClient client{io, {}, log};
    HttpRequest request;
    request.target = std::move(url);
    net::OnData const ignore = [](std::string_view) { return true; };
    return drive(io, client.fetch(request, rules, ignore, 2s));
}

struct Fetched {
    std::string why, body, error_body;
    int pieces{0};
};

/// What a fetch makes of these bytes of a server on the loopback.
Fetched play(std::string answer, net::OutsideRules rules, int enough = 1 << 30, std::chrono::milliseconds limit = 5s)
{
    asio::io_context io{1};
    NoLog log;
    RawServer server{io};
    net::HttpClient client{io, {}, log};
    HttpRequest request;
    request.target = server.url("/file");
    rules.hosts = {"127.0.0.1"};
    rules.loopback = true;
    Fetched out;
    net::OnData const take = [&](std::string_view piece) {
        out.body += piece;
        return ++out.pieces < enough;
    };
    auto serve = [&]() -> asio::awaitable<void> {
        auto peer = co_await server.accept();
        static_cast<void>(co_await peer.read_until("\r\n\r\n"));
        co_await peer.send(answer);
        static_cast<void>(co_await peer.read_all());
    };
    auto ask = [&]() -> asio::awaitable<void> {
        auto got = co_await client.fetch(request, rules, take, limit);
        out.why = why_of(got);
        if (auto const* response = std::get_if<HttpResponse>(&got))
            out.error_body = response->body;
    };
    auto both = [&]() -> asio::awaitable<void> { co_await (serve() && ask()); };
    drive(io, both());
    return out;
}

std::string sized(int status, std::size_t length)
{
    return "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n" + std::string(length, 'x');
}

std::string chunked(std::size_t chunks)
{
    std::string out = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (std::size_t i = 0; i < chunks; ++i)
        out += "a\r\n0123456789\r\n";
    return out + "0\r\n\r\n";
}

} // namespace

TEST_CASE("addresses: only what belongs to the public Internet")
{
    struct Case {
        char const* address;
        bool is_public;
    };
    auto const c = GENERATE(values<Case>({
        {"1.1.1.1", true},          {"157.240.1.60", true},      {"9.255.255.255", true},     {"11.0.0.0", true},
        {"100.63.255.255", true},   {"100.128.0.0", true},       {"172.15.255.255", true},    {"172.32.0.0", true},
        {"223.255.255.255", true},  {"0.0.0.0", false},          {"0.1.2.3", false},          {"10.0.0.1", false},
        {"10.255.255.255", false},  {"100.64.0.1", false},       {"100.127.255.255", false},  {"127.0.0.1", false},
        {"127.255.255.254", false}, {"169.254.169.254", false},  {"172.16.0.1", false},       {"172.31.255.255", false},
        {"192.0.0.8", false},       {"192.0.2.1", false},        {"192.88.99.1", false},      {"192.168.0.1", false},
        {"198.18.0.1", false},      {"198.19.255.255", false},   {"198.51.100.7", false},     {"203.0.113.9", false},
        {"224.0.0.1", false},       {"239.255.255.255", false},  {"240.0.0.1", false},        {"255.255.255.255", false},
        {"2a03:2880:f01c::1", true}, {"2606:4700::1111", true},  {"2001:200::1", true},       {"::", false},
        {"::1", false},             {"::ffff:127.0.0.1", false}, {"::ffff:1.1.1.1", false},   {"::127.0.0.1", false},
        {"fe80::1", false},         {"febf::1", false},          {"fec0::1", false},          {"fc00::1", false},
        {"fd12:3456::1", false},    {"ff02::1", false},          {"ff0e::1", false},          {"2001:db8::1", false},
        {"2001::1", false},         {"2001:1ff::1", false},      {"2002:7f00:1::", false},    {"3fff:fff::1", false},
        {"64:ff9b::a00:1", false},  {"64:ff9b::101:101", true},  {"64:ff9b:1::101:101", false}, {"100::1", false},
        {"4000::1", false},         {"fd00:ec2::254", false},
    }));
    INFO(c.address);
    auto const address = asio::ip::make_address(c.address);
    CHECK(net::is_public_address(address) == c.is_public);
    CHECK(net::is_public_or_loopback(address) == (c.is_public || address.is_loopback()));
}

TEST_CASE("fetch: what the rules refuse is not looked up, and its URL is not quoted")
{
    struct Case {
        char const* label;
        char const* url;
        char const* why;
    };
    auto const c = GENERATE(values<Case>({
        {"other host", "https://elsewhere.example/secret", "forbidden: the host"},
        {"a suffix is no domain", "https://evilfiles.example/secret", "forbidden: the host"},
        {"below, where only the host itself is listed", "https://a.cdn.example/secret", "forbidden: the host"},
        {"the domain itself, where only below is listed", "https://files.example/secret", "forbidden: the host"},
        {"trailing dot", "https://cdn.example./secret", "forbidden: the host"},
        {"plain http", "http://cdn.example/secret", "forbidden: not https"},
        {"other port", "https://cdn.example:8443/secret", "forbidden: not the port"},
        {"user info", "https://cdn.example@127.0.0.1/secret", "forbidden: "},
        {"no URL", "secret", "forbidden: "},
        {"other scheme", "file:///secret", "forbidden: "},
        {"private address, though listed", "https://10.1.2.3/secret", "forbidden: the host leads to no address"},
        {"loopback, though listed", "https://127.0.0.1/secret", "forbidden: the host leads to no address"},
        {"a name of the loopback", "https://localhost/secret", "forbidden: the host leads to no address"},
        {"a name below that", "https://a.localhost/secret", "forbidden: the host leads to no address"},
        {"metadata", "https://169.254.169.254/secret", "forbidden: the host leads to no address"},
        {"in hexadecimal", "https://0x7f000001/secret", "forbidden: the host leads to no address"},
        {"as one number", "https://2130706433/secret", "forbidden: the host leads to no address"},
        {"short", "https://127.1/secret", "forbidden: the host leads to no address"},
        {"IPv6 loopback", "https://[::1]/secret", "forbidden: the host leads to no address"},
        {"v4-mapped", "https://[::ffff:10.0.0.1]/secret", "forbidden: the host leads to no address"},
    }));
    INFO(c.label);
    net::OutsideRules rules;
    rules.hosts = {"cdn.example", ".files.example", "10.1.2.3", "127.0.0.1", "localhost", ".localhost", "169.254.169.254", "0x7f000001",
                   "2130706433", "127.1", "::1", "::ffff:10.0.0.1"};
    auto const why = why_of(fetch(c.url, rules));
    CHECK(why.substr(0, std::string_view{c.why}.size()) == c.why);
    CHECK(why.find("secret") == std::string::npos);
}

TEST_CASE("fetch: an empty list allows nothing; case does not matter")
{
    net::OutsideRules rules;
    CHECK(why_of(fetch("https://cdn.example/", rules)).starts_with("forbidden: the host"));
    rules.hosts = {"LOCALHOST"};
    CHECK(why_of(fetch("https://localHost/", rules)).starts_with("forbidden: the host leads"));
}

TEST_CASE("fetch: a body comes in pieces and is bounded, whatever its framing")
{
    net::OutsideRules rules;
    rules.max_body = 100'000;
    auto const all = play(sized(200, 100'000), rules);
    CHECK(all.why == "200");
    CHECK(all.body.size() == 100'000);
    CHECK(all.pieces > 1);
    CHECK(all.error_body.empty());
    CHECK(play(sized(200, 100'001), rules).why == "answer is too large");
    CHECK(play(chunked(10'000), rules).body.size() == 100'000);
    CHECK(play(chunked(10'001), rules).why == "answer is too large");
    CHECK(play("HTTP/1.1 200 OK\r\n\r\n" + std::string(200'000, 'x'), rules).why == "answer is too large");
    CHECK(play(sized(200, 50'000), rules, 1).pieces == 1);
}

TEST_CASE("fetch: a body may be larger than what answers may have elsewhere")
{
    net::OutsideRules rules;
    rules.max_body = 12u << 20;
    CHECK(play(sized(200, 12u << 20), rules).body.size() == 12u << 20);
}

TEST_CASE("fetch: redirects and refusals are answered, not followed; their bodies are small or nobody's")
{
    net::OutsideRules rules;
    auto const redirect = play("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 2\r\n\r\nno", rules);
    CHECK(redirect.why == "302");
    CHECK(redirect.error_body == "no");
    CHECK(redirect.pieces == 0);
    CHECK(play(sized(404, 60'000), rules).error_body.size() == 60'000);
    CHECK(play(sized(404, 70'000), rules).why == "answer is too large");
}

TEST_CASE("fetch: the limit is for the whole, however busily a body trickles")
{
    net::OutsideRules rules;
    auto const slow = play("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", rules, 1 << 30, 1s);
    CHECK(slow.why == "no answer in time");
    CHECK(slow.body == "abc");
}
