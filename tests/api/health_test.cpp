#include "api_world.hpp"

#include "deskbridge/store/account_health.hpp"
#include "deskbridge/store/contact.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace deskbridge::test;

TEST_CASE("account health: facts with their times, for every agent")
{
    ApiWorld world;
    auto const now = world.scene.clock.now();
    auto const nothing = world.call({"GET", "/v1/accounts/support/health", {}, Peer::ben});
    CHECK(nothing.status == 200);
    CHECK(nothing.json.at("aspects").empty());
    CHECK(nothing.json.at("check").at("checked_at").is_null());
    CHECK(nothing.json.at("last_inbound_at").is_null());
    HealthFinding restricted{HealthAspect::standing, "restricted", Severity::error};
    restricted.cause = "No customer may be written to first.";
    restricted.next_step = "Appeal.";
    restricted.until = now + std::chrono::hours{24};
    world.scene.store.write([&](store::Tx& tx) {
        store::apply_finding(tx, world.scene.account, restricted, {HealthSource::webhook, now, now});
        store::count_inbound(tx, world.scene.account, now);
    });
    auto const told = world.call({"GET", "/v1/accounts/support/health"});
    REQUIRE(told.json.at("aspects").size() == 1);
    auto const& aspect = told.json.at("aspects").at(0);
    CHECK(aspect.at("aspect") == "standing");
    CHECK(aspect.at("severity") == "error");
    CHECK(aspect.at("source") == "webhook");
    CHECK(aspect.at("until").is_string());
    CHECK(told.json.at("account").at("health") == "error");
    CHECK(told.json.at("last_inbound_at").is_string());
    CHECK(world.call({"GET", "/v1/accounts"}).json.at("data").at(0).at("health") == "error");
    CHECK(world.call({"GET", "/v1/accounts/nobody/health"}).status == 404);
}

TEST_CASE("account verify: the wish is taken; the health tells what came of it")
{
    ApiWorld world;
    auto const asked = world.call({"POST", "/v1/accounts/support/verify", {{"hook", true}}, Peer::ben});
    CHECK(asked.status == 202);
    CHECK(asked.json.at("check").at("next_at").is_string());
    CHECK(world.call({"POST", "/v1/accounts/support/verify"}).status == 202);
    CHECK(world.call_raw("POST", "/v1/accounts/support/verify", R"({"hook":"yes"})").status == 422);
    CHECK(world.call({"POST", "/v1/accounts/nobody/verify"}).status == 404);
}

TEST_CASE("account test: a message like any other, to somebody who has written")
{
    ApiWorld world;
    auto const path = "/v1/accounts/support/test";
    CHECK(world.call({"POST", path, {{"to", "4915"}, {"text", "hello"}}}).status == 422);
    world.scene.store.write([&](store::Tx& tx) {
        store::attach_identity(tx, world.scene.contact, "", {"number", "4915"}, world.scene.clock.now());
    });
    auto const sent = world.call({"POST", path, {{"to", "4915"}, {"text", "hello"}}});
    CHECK(sent.status == 202);
    CHECK(sent.json.at("text") == "hello");
    CHECK(world.call({"POST", path, {{"to", "4915"}, {"template", "nothing"}}}).status == 409);
    CHECK(world.call_raw("POST", path, R"({"to":"4915"})").json.at("errors").at(0).at("pointer") == "/text");
    CHECK(world.call_raw("POST", path, R"({"text":"hello"})").status == 422);
}
