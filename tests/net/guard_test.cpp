#include "net/guard.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace deskbridge;
using namespace deskbridge::net;

std::string outcome(std::string_view block, GuardLimits const& limits = {}, std::vector<std::string> const& hosts = {})
{
    auto const inspected = inspect_head(block, limits, hosts);
    if (auto const* refusal = std::get_if<Refusal>(&inspected))
        return std::to_string(refusal->status) + " " + std::string{refusal->reason};
    return "ok";
}

struct Case {
    std::string label;
    std::string block;
    std::string outcome;
};

std::string const host = "Host: a.example\r\n";

} // namespace

TEST_CASE("guard: what Beast 1.81 accepts although it is not safe to")
{
    auto const c = GENERATE(values<Case>({
        {"gzip alone", "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip\r\n\r\n", "400 transfer_encoding"},
        {"xchunked", "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: xchunked\r\n\r\n", "400 transfer_encoding"},
        {"chunked, gzip", "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked, gzip\r\n\r\n", "400 transfer_encoding"},
        {"identity", "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: identity\r\nContent-Length: 1\r\n\r\n",
         "400 transfer_encoding"},
        {"gzip with a length", "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip\r\nContent-Length: 1\r\n\r\n",
         "400 transfer_encoding"},
        {"HTTP/1.0 and chunked", "POST / HTTP/1.0\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n", "400 transfer_encoding"},
        {"chunked twice", "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
         "400 transfer_encoding"},
        {"plain chunked: not taken here", "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: Chunked\r\n\r\n", "411 chunked_body"},
        {"no host", "GET / HTTP/1.1\r\n\r\n", "400 host_missing"},
        {"no host in 1.0", "GET / HTTP/1.0\r\n\r\n", "400 host_missing"},
        {"two hosts", "GET / HTTP/1.1\r\n" + host + host + "\r\n", "400 host_repeated"},
        {"empty host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", "400 host_malformed"},
        {"host with user info", "GET / HTTP/1.1\r\nHost: u@a.example\r\n\r\n", "400 host_malformed"},
        {"host with a bad port", "GET / HTTP/1.1\r\nHost: a.example:65536\r\n\r\n", "400 host_malformed"},
        {"host list", "GET / HTTP/1.1\r\nHost: a.example, b.example\r\n\r\n", "400 host_malformed"},
        {"absolute form", "GET http://a.example/ HTTP/1.1\r\n" + host + "\r\n", "400 target_form"},
        {"authority form", "CONNECT a.example:443 HTTP/1.1\r\n" + host + "\r\n", "400 target_form"},
        {"asterisk form", "OPTIONS * HTTP/1.1\r\n" + host + "\r\n", "400 target_form"},
        {"equal lengths twice", "POST / HTTP/1.1\r\n" + host + "Content-Length: 5\r\nContent-Length: 5\r\n\r\n",
         "400 content_length"},
        {"lengths as a list", "POST / HTTP/1.1\r\n" + host + "Content-Length: 5, 5\r\n\r\n", "400 content_length"},
        {"folded line", "GET / HTTP/1.1\r\n" + host + "X: a\r\n b\r\n\r\n", "400 folded_line"},
        {"folded first field", "GET / HTTP/1.1\r\n Host: a.example\r\n\r\n", "400 folded_line"},
        {"high bytes in the target", "GET /\xc3\xa4 HTTP/1.1\r\n" + host + "\r\n", "400 target_bytes"},
        {"GET with a body", "GET / HTTP/1.1\r\n" + host + "Content-Length: 1\r\n\r\n", "400 unexpected_body"},
        {"HEAD with a body", "HEAD / HTTP/1.1\r\n" + host + "Content-Length: 1\r\n\r\n", "400 unexpected_body"},
    }));
    INFO(c.label);
    CHECK(outcome(c.block) == c.outcome);
}

TEST_CASE("guard: what Beast 1.81 refuses stays refused")
{
    auto const c = GENERATE(values<Case>({
        {"length, then chunked", "POST / HTTP/1.1\r\n" + host + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
         "400 transfer_encoding"},
        {"chunked, then length", "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n",
         "400 transfer_encoding"},
        {"lengths that differ", "POST / HTTP/1.1\r\n" + host + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n",
         "400 content_length"},
        {"+5", "POST / HTTP/1.1\r\n" + host + "Content-Length: +5\r\n\r\n", "400 content_length"},
        {"-1", "POST / HTTP/1.1\r\n" + host + "Content-Length: -1\r\n\r\n", "400 content_length"},
        {"0x5", "POST / HTTP/1.1\r\n" + host + "Content-Length: 0x5\r\n\r\n", "400 content_length"},
        {"05", "POST / HTTP/1.1\r\n" + host + "Content-Length: 05\r\n\r\n", "400 content_length"},
        {"empty length", "POST / HTTP/1.1\r\n" + host + "Content-Length:\r\n\r\n", "400 content_length"},
        {"overflow", "POST / HTTP/1.1\r\n" + host + "Content-Length: 18446744073709551617\r\n\r\n", "400 content_length"},
        {"space before colon", "GET / HTTP/1.1\r\nHost : a.example\r\n\r\n", "400 field_name"},
        {"no colon", "GET / HTTP/1.1\r\n" + host + "nonsense\r\n\r\n", "400 field_name"},
        {"empty name", "GET / HTTP/1.1\r\n" + host + ": x\r\n\r\n", "400 field_name"},
        {"bare LF after the request line", "GET / HTTP/1.1\nHost: a.example\r\n\r\n", "400 bare_lf"},
        {"bare LF at the end", "GET / HTTP/1.1\r\nHost: a.example\r\n\n", "400 bare_lf"},
        {"bare CR", "GET / HTTP/1.1\r\n" + host + "X: a\rb\r\n\r\n", "400 bare_cr"},
        {"CR CR LF", "GET / HTTP/1.1\r\r\n" + host + "\r\n", "400 bare_cr"},
        {"NUL in a value", std::string{"GET / HTTP/1.1\r\nHost: a\0b\r\n\r\n", 28}, "400 control_byte"},
        {"leading CRLF", "\r\nGET / HTTP/1.1\r\n" + host + "\r\n", "400 empty_line"},
        {"leading LF", "\nGET / HTTP/1.1\r\n" + host + "\r\n", "400 bare_lf"},
        {"tab instead of space", "GET\t/ HTTP/1.1\r\n" + host + "\r\n", "400 request_line"},
        {"two spaces", "GET  / HTTP/1.1\r\n" + host + "\r\n", "400 target_form"},
        {"space in the target", "GET /a b HTTP/1.1\r\n" + host + "\r\n", "400 target_bytes"},
        {"trailing space", "GET / HTTP/1.1 \r\n" + host + "\r\n", "400 version"},
        {"lower-case version", "GET / http/1.1\r\n" + host + "\r\n", "400 version"},
        {"0.9", "GET /\r\n\r\n", "400 request_line"},
        {"HTTP/0.9", "GET / HTTP/0.9\r\n" + host + "\r\n", "400 version"},
        {"HTTP/1.2", "GET / HTTP/1.2\r\n" + host + "\r\n", "400 version"},
        {"HTTP/2.0", "GET / HTTP/2.0\r\n" + host + "\r\n", "400 version"},
        {"HTTP/2's preface", "PRI * HTTP/2.0\r\n\r\n", "400 version"},
        {"a TLS hello", std::string{"\x16\x03\x01\x02\x00\x01\x00", 7}, "400 control_byte"},
        {"bad method", "G(T / HTTP/1.1\r\n" + host + "\r\n", "400 method"},
        {"fragment", "GET /a#b HTTP/1.1\r\n" + host + "\r\n", "400 target_bytes"},
    }));
    INFO(c.label);
    CHECK(outcome(c.block) == c.outcome);
}

TEST_CASE("guard: honest requests pass, and are read right")
{
    auto const read = [](std::string const& block) { return std::get<Head>(inspect_head(block, {})); };
    auto const post = read("POST /hooks/a?x=%2F HTTP/1.1\r\nhost: A.example:8080\r\nContent-Length: 12\r\n"
                           "X-Empty:\r\nX-Spaced: \t a b \t\r\nExpect: 100-Continue\r\n\r\n");
    CHECK(post.method == "POST");
    CHECK(post.target == "/hooks/a?x=%2F");
    CHECK(post.host == "a.example");
    CHECK(post.content_length == 12);
    CHECK(post.keep_alive);
    CHECK(post.expects_continue);
    CHECK(post.headers.find("x-empty") == "");
    CHECK(post.headers.find("X-SPACED") == "a b");
    CHECK(read("GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n").host == "::1");
    CHECK_FALSE(read("GET / HTTP/1.0\r\nHost: a\r\n\r\n").keep_alive);
    CHECK_FALSE(read("GET / HTTP/1.1\r\nHost: a\r\nConnection: foo, Close\r\n\r\n").keep_alive);
    CHECK(read("GET / HTTP/1.1\r\nHost: a\r\nConnection: closed\r\n\r\n").keep_alive);
    CHECK(outcome("POST / HTTP/1.1\r\nHost: a\r\nExpect: miracles\r\n\r\n") == "417 expectation");
    CHECK(outcome("GET / HTTP/1.1\r\nHost: a\r\nX-Latin: caf\xe9\r\n\r\n") == "ok");
}

TEST_CASE("guard: a body in chunks passes where it is wanted, and nothing else does that is refused elsewhere")
{
    auto const read = [](std::string const& head) { return inspect_head(head + "\r\n", {.chunked = true}); };
    auto const chunked = read("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n");
    REQUIRE(std::holds_alternative<Head>(chunked));
    CHECK(std::get<Head>(chunked).chunked);
    CHECK(std::get<Head>(chunked).content_length == 0);
    CHECK_FALSE(std::get<Head>(read("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n")).chunked);
    for (std::string const head : {"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n", "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n",
                                   "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n",
                                   "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n"}) {
        INFO(head);
        CHECK(std::holds_alternative<Refusal>(read(head)));
    }
}

TEST_CASE("guard: hosts from the allow-list only")
{
    std::vector<std::string> const hosts{"Desk.example", "[::1]"};
    CHECK(outcome("GET / HTTP/1.1\r\nHost: desk.EXAMPLE:443\r\n\r\n", {}, hosts) == "ok");
    CHECK(outcome("GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", {}, hosts) == "ok");
    CHECK(outcome("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", {}, hosts) == "400 host_unknown");
}

TEST_CASE("guard: sizes at their limits")
{
    GuardLimits const limits{20, 200, 3};
    auto const target = [](std::size_t n) { return "GET /" + std::string(n - 1, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n"; };
    CHECK(outcome(target(20), limits) == "ok");
    CHECK(outcome(target(21), limits) == "414 target_too_long");
    CHECK(outcome(target(90), limits) == "414 target_too_long");
    auto const fields = [](int n) {
        std::string out = "GET / HTTP/1.1\r\nHost: a\r\n";
        for (int i = 1; i < n; ++i)
            out += "X: b\r\n";
        return out + "\r\n";
    };
    CHECK(outcome(fields(3), limits) == "ok");
    CHECK(outcome(fields(4), limits) == "431 too_many_fields");
    auto const padded = [](std::size_t total) {
        std::string out = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
        return out + std::string(total - out.size() - 4, 'x') + "\r\n\r\n";
    };
    CHECK(outcome(padded(200), limits) == "ok");
    CHECK(outcome(padded(201), limits) == "431 header_too_long");
}

TEST_CASE("guard: the scanner says the same wherever the bytes are split, and as early as it can")
{
    std::string const good = "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc\r\n\r\n";
    for (std::size_t split = 0; split <= good.size(); ++split) {
        HeadScanner scanner{GuardLimits{}};
        auto first = scanner.scan(std::string_view{good}.substr(0, split));
        if (std::get<std::size_t>(first) == 0)
            first = scanner.scan(good);
        INFO("split at " << split);
        CHECK(std::get<std::size_t>(first) == good.find("abc"));
    }
    HeadScanner scanner{GuardLimits{}};
    CHECK(std::get<Refusal>(scanner.scan("GET / HTTP/1.1\n")).reason == "bare_lf");
}
