#include "api_world.hpp"
#include "document.hpp"

#include "async/run.hpp"

#include <boost/asio/co_spawn.hpp>
#include <catch2/catch.hpp>

#include <future>
#include <regex>
#include <set>

using namespace deskbridge;
using namespace deskbridge::test;

namespace {

/// The route with something in its parameters' places that nobody has.
std::string concrete(std::string const& pattern)
{
    return std::regex_replace(pattern, std::regex{R"(\{[a-z]+\*?\})"}, "9999");
}

} // namespace

TEST_CASE("routes: every one refuses whom nobody knows, whatever is asked")
{
    ApiWorld world;
    for (auto const& route : world.api.routes()) {
        INFO(route.method << " " << route.pattern);
        auto const over_tcp = world.call({route.method, concrete(route.pattern), {}, std::nullopt});
        CHECK(over_tcp.status == 401);
        CHECK(over_tcp.json.value("type", "") == "/problems/unauthenticated");
        auto const stranger = world.call({route.method, concrete(route.pattern), {}, Peer::stranger});
        CHECK(stranger.status == 403);
        CHECK(stranger.json.value("type", "") == "/problems/forbidden");
        CHECK(stranger.type == "application/problem+json");
    }
}

TEST_CASE("routes: what is for administrators is refused to agents before their request is read")
{
    ApiWorld world;
    std::set<std::string> const for_administrators{"POST /v1/agents",
                                                   "POST /v1/agents/{agent}",
                                                   "POST /v1/agents/{agent}/disable",
                                                   "POST /v1/agents/{agent}/enable",
                                                   "POST /v1/accounts/{account}/pause",
                                                   "POST /v1/accounts/{account}/resume",
                                                   "GET /v1/shelf/{entry}/body",
                                                   "POST /v1/shelf/{entry}/replay",
                                                   "POST /v1/shelf/{entry}/drop",
                                                   "GET /v1/journal",
                                                   "POST /v1/journal/{journal}/replay",
                                                   "POST /v1/backups",
                                                   "GET /v1/backups/latest"};
    for (auto const& route : world.api.routes()) {
        INFO(route.method << " " << route.pattern);
        auto const ana = world.call_raw(route.method, concrete(route.pattern), "");
        auto const ben = world.call({route.method, concrete(route.pattern), {}, Peer::ben});
        bool const for_administrator = for_administrators.contains(route.method + " " + route.pattern);
        CHECK((ben.status == 403) == for_administrator);
        CHECK(ana.status != 403); // she is one
        CHECK(world.call({route.method, concrete(route.pattern), {}, Peer::root}).status != 403);
    }
}

TEST_CASE("routes: the document lists them all, and nothing else")
{
    ApiWorld world;
    std::set<std::string> served;
    for (auto const& route : world.api.routes())
        served.insert(route.method + " " + route.pattern);
    CHECK(served == Document::of_this_tree().routes());
}

TEST_CASE("routes: who am I")
{
    ApiWorld world;
    auto const ana = world.call({"GET", "/v1/me"});
    CHECK(ana.status == 200);
    CHECK(ana.json == nlohmann::json{{"id", world.scene.ana.agent.value}, {"name", "Ana Prado"}, {"role", "administrator"}});
    auto const root = world.call({"GET", "/v1/me", {}, Peer::root});
    CHECK(root.json == nlohmann::json{{"id", 0}, {"name", "root"}, {"role", "administrator"}});
    CHECK(world.call({"GET", "/v1/me", {}, Peer::ben}).json.value("role", "") == "agent");
}

TEST_CASE("routes: a body is JSON, or says nothing of itself")
{
    struct Case {
        std::string type; ///< empty: none is told
        std::string body;
        int status;
    };
    auto const c = GENERATE(values<Case>({
        {"", R"({"name": "Eva"})", 201},
        {"application/json", R"({"name": "Eva"})", 201},
        {"Application/JSON ; charset=utf-8", R"({"name": "Eva"})", 201},
        {"text/plain", R"({"name": "Eva"})", 415},
        {"application/x-www-form-urlencoded", R"({"name": "Eva"})", 415},
        {"application/json-patch+json", R"({"name": "Eva"})", 415},
        {"; charset=utf-8", R"({"name": "Eva"})", 415},
        {"text/plain", "", 422},
    }));
    INFO(c.type);
    ApiWorld world;
    Headers headers;
    if (!c.type.empty())
        headers.add("Content-Type", c.type);
    auto const said = world.call_raw("POST", "/v1/agents", c.body, headers);
    CHECK(said.status == c.status);
    CHECK(world.call({"GET", "/v1/agents"}).json.at("data").size() == (c.status == 201 ? 3 : 2));
    if (c.status == 415)
        CHECK(said.json.value("type", "") == "/problems/unsupported-media-type");
}

TEST_CASE("routes: agents are listed, added and disabled")
{
    ApiWorld world;
    auto const added = world.call({"POST", "/v1/agents", {{"name", "Eva"}, {"unix_user", "eva"}, {"role", "agent"}}});
    CHECK(added.status == 201);
    CHECK(added.json.value("name", "") == "Eva");
    CHECK(added.json.at("disabled_at").is_null());
    CHECK(world.call({"POST", "/v1/agents", {{"name", "Eva"}}}).status == 409);
    CHECK(world.call({"POST", "/v1/agents", {{"name", "Max"}, {"role", "king"}}}).status == 422);
    CHECK(world.call({"GET", "/v1/agents"}).json.at("data").size() == 3);
    auto const agent = "/v1/agents/" + std::to_string(added.json.at("id").get<std::int64_t>());
    CHECK(world.call({"POST", agent, {{"unix_user", ""}}}).status == 422);
    CHECK(world.call({"POST", agent, {{"role", "king"}}}).status == 422);
    CHECK(world.call({"POST", agent, {{"unix_user", nullptr}}}).json.at("unix_user").is_null());
    CHECK(world.call({"POST", agent, {{"role", "administrator"}}}).json.value("role", "") == "administrator");
    CHECK(world.call({"POST", agent + "/enable"}).status == 409);
    auto const path = agent + "/disable";
    auto const disabled = world.call({"POST", path});
    CHECK(disabled.status == 200);
    CHECK(disabled.json.at("disabled_at").is_string());
    CHECK(world.call({"POST", path}).status == 409);
    CHECK(world.call({"POST", agent + "/enable"}).json.at("disabled_at").is_null());
    CHECK(world.call({"POST", "/v1/agents/99/disable"}).status == 404);
    CHECK(world.call({"POST", "/v1/agents/none/disable"}).status == 404);
}

TEST_CASE("routes: a disabled agent is nobody from that moment on")
{
    ApiWorld world;
    CHECK(world.call({"GET", "/v1/tickets", {}, Peer::ben}).status == 200);
    CHECK(world.call({"POST", "/v1/agents/" + std::to_string(world.scene.ben.agent.value) + "/disable"}).status == 200);
    CHECK(world.call({"GET", "/v1/tickets", {}, Peer::ben}).status == 403);
}

TEST_CASE("routes: while the system does not say who asks, the reactor goes on")
{
    ApiWorld world;
    std::promise<void> answers; // the pool's only thread waits for it, as for a directory of users that is away
    auto away = [until = answers.get_future().share()] { until.wait(); };
    boost::asio::co_spawn(world.io, world.pool.run(away), [](std::exception_ptr) {});
    net::Request request;
    request.http = {"GET", "/v1/me", {}, {}};
    request.peer_uid = static_cast<std::uint32_t>(Peer::ana);
    std::optional<net::Reply> reply;
    auto const routes = world.api.routes();
    for (auto const& route : routes)
        if (route.pattern == "/v1/me")
            boost::asio::co_spawn(world.io, route.handler(request), [&](std::exception_ptr, net::Reply said) { reply = std::move(said); });
    int reads = 0;
    auto others = [&]() -> boost::asio::awaitable<void> {
        for (; reads < 20; ++reads) {
            auto look = [](store::Reading& reading) { return store::last_event(reading); };
            (void)co_await world.scene.store->read(look);
        }
    };
    boost::asio::co_spawn(world.io, others(), [](std::exception_ptr) {});
    test::run_while(world.io, [&] { return reads < 20; });
    CHECK_FALSE(reply.has_value());
    answers.set_value();
    world.io.run();
    REQUIRE(reply.has_value());
    CHECK(reply->head.status == 200);
}
