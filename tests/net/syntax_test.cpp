#include "net/message.hpp"
#include "net/syntax.hpp"
#include "net/url.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace deskbridge::net;

TEST_CASE("url: an origin and a target, or a reason")
{
    struct Case {
        std::string url;
        std::string seen; ///< scheme host port target host-line, or "refused"
    };
    auto const c = GENERATE(values<Case>({
        {"https://Graph.Example/v25.0/1?a=b", "https graph.example 443 /v25.0/1?a=b graph.example"},
        {"HTTP://127.0.0.1:8080", "http 127.0.0.1 8080 / 127.0.0.1:8080"},
        {"https://h:443/", "https h 443 / h"},
        {"http://h?x=1", "http h 80 /?x=1 h"},
        {"https://[::1]:8443/a@b", "https ::1 8443 /a@b [::1]:8443"},
        {"https://user@h/", "refused"},
        {"https://user:word@h/", "refused"},
        {"https://h:0/", "refused"},
        {"https://h:65536/", "refused"},
        {"https://h:8x/", "refused"},
        {"https://h:/", "refused"},
        {"https:///path", "refused"},
        {"https://", "refused"},
        {"ftp://h/", "refused"},
        {"//h/", "refused"},
        {"/path", "refused"},
        {"", "refused"},
        {"https://h/a b", "refused"},
        {"https://h/a\r\nX: y", "refused"},
        {"https://h/a#fragment", "refused"},
        {"https://h\\@evil/", "refused"},
        {"https://h%00/", "refused"},
        {"https://[::1/", "refused"},
        {"https://[h]/", "refused"},
    }));
    INFO(c.url);
    auto const url = parse_url(c.url);
    CHECK((url ? (url->origin.tls ? "https " : "http ") + url->origin.host + " " + std::to_string(url->origin.port) + " " +
                     url->target + " " + url->host_line
               : std::string{"refused"}) == c.seen);
    if (!url && c.url.size() > 8)
        CHECK(url.error().detail.find(c.url.substr(8)) == std::string::npos);
}

TEST_CASE("syntax: percent-decoding of one parameter")
{
    CHECK(percent_decoded("a%20b+c%2F%c3%A4") == "a b+c/\xc3\xa4");
    CHECK_FALSE(percent_decoded("%"));
    CHECK_FALSE(percent_decoded("a%2"));
    CHECK_FALSE(percent_decoded("%zz"));
    CHECK_FALSE(percent_decoded("%00"));
}

TEST_CASE("syntax: words of a list")
{
    CHECK(has_list_word("close", "close"));
    CHECK(has_list_word(" keep-alive ,\tClose ", "close"));
    CHECK_FALSE(has_list_word("closed, disclose", "close"));
    CHECK_FALSE(has_list_word("", "close"));
}

TEST_CASE("message: a field that would break the framing is not rendered")
{
    HttpResponse response;
    CHECK(render_head(response, {0, false, false}));
    response.headers.add("X-Good", "a\tb");
    CHECK(render_head(response, {0, false, false}));
    response.headers.add("X-Bad", "a\r\nSet-Cookie: x=y");
    CHECK_FALSE(render_head(response, {0, false, false}));
    HttpResponse other;
    other.headers.add("Bad Name", "a");
    CHECK_FALSE(render_head(other, {0, false, false}));
}

TEST_CASE("message: framing is ours alone")
{
    HttpResponse response;
    response.headers = {{"Content-Length", "999"}, {"Transfer-Encoding", "chunked"}, {"Connection", "upgrade"}};
    auto const head = render_head(response, {5, false, true});
    REQUIRE(head);
    CHECK(head->find("Content-Length: 5\r\n") != std::string::npos);
    CHECK(head->find("999") == std::string::npos);
    CHECK(head->find("chunked") == std::string::npos);
    CHECK(head->find("upgrade") == std::string::npos);
    CHECK(head->find("Connection: close\r\n") != std::string::npos);
    response.status = 204;
    CHECK(render_head(response, {0, false, false})->find("Content-Length") == std::string::npos);
}
