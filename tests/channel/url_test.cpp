#include "deskbridge/channel/url.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace std::chrono_literals;

TEST_CASE("URLs are put together from escaped parts")
{
    CHECK(channel::escape_url("aZ09-._~") == "aZ09-._~");
    CHECK(channel::escape_url("a b/c?d&é") == "a%20b%2Fc%3Fd%26%C3%A9");
    CHECK(channel::join_url("https://h/v25.0", {"12", "messages"}) == "https://h/v25.0/12/messages");
    CHECK(channel::join_url("https://h/v25.0//", {"../x"}) == "https://h/v25.0/..%2Fx");
    CHECK(channel::with_query("https://h/1", {{"a", "1 2"}, {"b", "x&y"}}) == "https://h/1?a=1%202&b=x%26y");
    CHECK(channel::with_query("https://h/1?z=0", {{"a", "1"}}) == "https://h/1?z=0&a=1");
    CHECK(channel::with_query("https://h/1", {}) == "https://h/1");
}

TEST_CASE("Retry-After is honoured when it makes sense, for an hour at most")
{
    struct Case {
        std::string label;
        Headers headers;
        std::optional<std::chrono::seconds> wait;
    };
    auto const c = GENERATE(values<Case>({
        {"absent", {}, std::nullopt},
        {"seconds", {{"Retry-After", "30"}}, 30s},
        {"any case of the name", {{"retry-after", "30"}}, 30s},
        {"zero", {{"Retry-After", "0"}}, 0s},
        {"for ever", {{"Retry-After", "1000000000"}}, 3600s},
        {"beyond 64 bits", {{"Retry-After", "99999999999999999999999"}}, std::nullopt},
        {"negative", {{"Retry-After", "-5"}}, std::nullopt},
        {"fraction", {{"Retry-After", "1.5"}}, std::nullopt},
        {"words", {{"Retry-After", "soon"}}, std::nullopt},
        {"empty", {{"Retry-After", ""}}, std::nullopt},
        {"twice", {{"Retry-After", "1"}, {"Retry-After", "2"}}, std::nullopt},
        {"date",
         {{"Retry-After", "Sat, 21 Nov 2026 22:10:30 GMT"}, {"Date", "Sat, 21 Nov 2026 22:10:00 GMT"}},
         30s},
        {"date far away",
         {{"Retry-After", "Sun, 22 Nov 2026 22:10:30 GMT"}, {"Date", "Sat, 21 Nov 2026 22:10:00 GMT"}},
         3600s},
        {"date in the past",
         {{"Retry-After", "Fri, 20 Nov 2026 22:10:30 GMT"}, {"Date", "Sat, 21 Nov 2026 22:10:00 GMT"}},
         std::nullopt},
        {"date without the server's own", {{"Retry-After", "Sat, 21 Nov 2026 22:10:30 GMT"}}, std::nullopt},
        {"no such month", {{"Retry-After", "Sat, 21 Nox 2026 22:10:30 GMT"}, {"Date", "Sat, 21 Nov 2026 22:10:00 GMT"}},
         std::nullopt},
    }));
    INFO(c.label);
    CHECK(channel::retry_after(HttpResponse{429, c.headers, ""}) == c.wait);
}
