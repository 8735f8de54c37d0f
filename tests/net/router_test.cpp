#include "net/router.hpp"

#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <stdexcept>

using namespace deskbridge;
using namespace deskbridge::net;

namespace {

std::string outcome(Router const& router, std::string const& method, std::string const& path)
{
    auto const found = router.find(method, path);
    if (auto const* miss = std::get_if<Router::Miss>(&found))
        return miss->allow.empty() ? std::to_string(miss->status) : fmt::format("{} {}", miss->status, miss->allow);
    auto const& match = std::get<Router::Match>(found);
    return fmt::format("{} {} [{}]", match.route->method, match.route->pattern, fmt::join(match.parameters, "|"));
}

Router make(std::vector<std::pair<std::string, std::string>> const& rows)
{
    std::vector<Route> routes;
    for (auto const& [method, pattern] : rows)
        routes.push_back({method, pattern, {}});
    return Router{std::move(routes)};
}

} // namespace

TEST_CASE("router: the most specific pattern wins, and only its methods count")
{
    auto const router = make({{"GET", "/files/{path*}"},
                              {"GET", "/v1/tickets/{ticket}"},
                              {"PATCH", "/v1/tickets/{ticket}"},
                              {"GET", "/v1/tickets/index"},
                              {"GET", "/v1/tickets"},
                              {"POST", "/v1/tickets/{ticket}/messages"},
                              {"GET", "/v1/{any}/index"},
                              {"GET", "/"}});
    struct Case {
        std::string method, path, outcome;
    };
    auto const c = GENERATE(values<Case>({
        {"GET", "/", "GET / []"},
        {"HEAD", "/", "GET / []"},
        {"GET", "/v1/tickets", "GET /v1/tickets []"},
        {"GET", "/v1/tickets/", "404"},
        {"GET", "/v1/tickets/index", "GET /v1/tickets/index []"},
        {"GET", "/v1/agents/index", "GET /v1/{any}/index [agents]"},
        {"GET", "/v1/tickets/42", "GET /v1/tickets/{ticket} [42]"},
        {"GET", "/v1/tickets/%2342", "GET /v1/tickets/{ticket} [#42]"},
        {"GET", "/v1/tickets/a%2Fb", "GET /v1/tickets/{ticket} [a/b]"},
        {"GET", "/v1/tickets/a+b", "GET /v1/tickets/{ticket} [a+b]"},
        {"GET", "/v1/tickets/%zz", "400"},
        {"GET", "/v1/tickets/%00", "400"},
        {"PATCH", "/v1/tickets/42", "PATCH /v1/tickets/{ticket} [42]"},
        {"DELETE", "/v1/tickets/42", "405 GET, HEAD, PATCH"},
        {"POST", "/v1/tickets/42/messages", "POST /v1/tickets/{ticket}/messages [42]"},
        {"GET", "/v1/tickets/42/messages", "405 POST"},
        {"POST", "/v1/tickets//messages", "404"},
        {"GET", "/V1/tickets", "404"},
        {"GET", "/v1%2Ftickets", "404"},
        {"GET", "//v1/tickets", "404"},
        {"GET", "/files/a/b%20c/../d", "GET /files/{path*} [a/b c/../d]"},
        {"GET", "/files/", "GET /files/{path*} []"},
        {"GET", "/files", "404"},
        {"get", "/", "405 GET, HEAD"},
    }));
    INFO(c.method << " " << c.path);
    CHECK(outcome(router, c.method, c.path) == c.outcome);
}

TEST_CASE("router: patterns that cannot be meant are refused at the start")
{
    auto const pattern = GENERATE("", "a", "/{", "/{}", "/a{b}", "/{a}b", "/{a*}/b", "/*", "/{a b}", "/{*}");
    INFO(pattern);
    CHECK_THROWS_AS(make({{"GET", pattern}}), std::invalid_argument);
}

TEST_CASE("router: two routes for the same requests are refused at the start")
{
    CHECK_THROWS_AS(make({{"GET", "/a/{b}"}, {"GET", "/a/{c}"}}), std::invalid_argument);
    CHECK_NOTHROW(make({{"GET", "/a/{b}"}, {"PUT", "/a/{c}"}, {"GET", "/a/b"}}));
}
