#include "net_world.hpp"

#include <catch2/catch.hpp>

#include <boost/asio/experimental/awaitable_operators.hpp>

#include <algorithm>
#include <memory>

namespace {

namespace asio = boost::asio;
using namespace deskbridge;
using namespace deskbridge::test;
using namespace asio::experimental::awaitable_operators;
using namespace std::chrono_literals;
using Written = net::NoAnswer::Written;

/// Bytes that are there piece by piece, and never as a whole.
struct Source {
    std::uint64_t size;
    std::uint64_t ends_at{size}; ///< where it gives up
    std::uint64_t given{0};
    std::size_t largest{0};

    asio::awaitable<std::string> next()
    {
        auto const n = static_cast<std::size_t>(std::min<std::uint64_t>(64u << 10, ends_at - given));
        std::string piece(n, static_cast<char>('a' + given % 7));
        given += n;
        largest = std::max(largest, n);
        co_return piece;
    }
    net::Upload upload()
    {
        return {size, [this] { return next(); }};
    }
};

struct Counting final : net::BodySink {
    std::uint64_t bytes{0};
    std::size_t largest{0};
    void take(std::string_view piece) override
    {
        bytes += piece.size();
        largest = std::max(largest, piece.size());
    }
};

/// POST /files: takes what `refusal` lets in, and answers how much came.
std::vector<net::Route> taking(std::shared_ptr<Counting> sink, std::optional<HttpResponse> refusal = {})
{
    net::Route route{"POST", "/files", {}, 64u << 20};
    route.receiver = [sink, refusal](net::Request const&) -> asio::awaitable<std::variant<HttpResponse, std::shared_ptr<net::BodySink>>> {
        if (refusal)
            co_return *refusal;
        std::shared_ptr<net::BodySink> taken = sink;
        co_return taken;
    };
    route.handler = [sink](net::Request& request) -> asio::awaitable<net::Reply> {
        co_return text_response(200, std::to_string(sink->bytes) + (request.http.body.empty() && request.sink == sink ? "" : " and a body"));
    };
    std::vector<net::Route> routes;
    routes.push_back(std::move(route));
    return routes;
}

net::Answer post(NetWorld& world, Source& source, std::string before = {}, std::chrono::milliseconds limit = 10s)
{
    NoLog log;
    net::HttpClient client{world.io, {.idle = 5ms}, log};
    HttpRequest request{"POST", world.url("/files"), {}, std::move(before)};
    auto upload = source.upload();
    auto ask = [&]() -> asio::awaitable<net::Answer> {
        auto const origin = net::origin_of(request.target);
        auto connection = co_await client.connect(*origin, 5s);
        if (!connection)
            co_return net::NoAnswer{};
        co_return co_await (*connection)->exchange(request, upload, limit);
    };
    return drive(world.io, ask());
}

std::string shown(net::Answer const& answer)
{
    if (auto const* response = std::get_if<HttpResponse>(&answer))
        return std::to_string(response->status) + " " + response->body;
    auto const& none = std::get<net::NoAnswer>(answer);
    auto const* const written = none.written == Written::all ? "all" : none.written == Written::part ? "part" : "nothing";
    return std::string{written} + ": " + none.why;
}

} // namespace

TEST_CASE("upload: a body goes and comes in pieces, on both sides")
{
    NetWorld world;
    auto const sink = std::make_shared<Counting>();
    world.serve(taking(sink));
    Source source{20'000'001};
    auto const answer = post(world, source, "before ");
    CHECK(shown(answer) == "200 20000008");
    CHECK(source.given == source.size);
    CHECK(source.largest <= 64u << 10);
    CHECK(sink->largest <= 16u << 10);
}

TEST_CASE("upload: a receiver refuses before a byte of the body is read, and its words arrive")
{
    NetWorld world;
    auto const sink = std::make_shared<Counting>();
    world.serve(taking(sink, text_response(403, "not you")));
    Source source{30'000'000};
    CHECK(shown(post(world, source)) == "403 not you");
    CHECK(sink->bytes == 0);
    CHECK(world.refused("receiver") == 1);
}

TEST_CASE("upload: more than the route takes is refused by its length alone")
{
    NetWorld world;
    auto const sink = std::make_shared<Counting>();
    world.serve(taking(sink));
    Source source{70u << 20};
    auto const answer = post(world, source);
    CHECK(shown(answer).starts_with("413 "));
    CHECK(sink->bytes == 0);
}

TEST_CASE("upload: one that ends early is no request, and nobody waits for its answer")
{
    NetWorld world;
    auto const sink = std::make_shared<Counting>();
    world.serve(taking(sink));
    Source source{1'000'000, 300'000};
    CHECK(shown(post(world, source, {}, 60s)) == "part: the upload ended early"); // to whoever waits drive() comes first
}

TEST_CASE("upload: the limit is for all of it, however the peer dawdles")
{
    NetWorld world;
    RawServer server{world.io};
    NoLog log;
    net::HttpClient client{world.io, {.idle = 5ms}, log};
    Source source{50'000'000};
    auto upload = source.upload();
    HttpRequest request{"POST", server.url("/files"), {}, {}};
    net::Answer answer;
    auto ask = [&]() -> asio::awaitable<void> {
        auto const origin = net::origin_of(request.target);
        auto connection = co_await client.connect(*origin, 5s);
        answer = co_await (*connection)->exchange(request, upload, 300ms);
    };
    std::optional<RawClient> peer;
    auto accept = [&]() -> asio::awaitable<void> { peer.emplace(co_await server.accept()); }; // and reads nothing
    auto both = [&]() -> asio::awaitable<void> { co_await (accept() && ask()); };
    drive(world.io, both());
    CHECK(shown(answer) == "part: request not taken in time");
    CHECK(source.given < source.size);
}
