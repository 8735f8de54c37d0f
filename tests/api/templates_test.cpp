#include "api_world.hpp"

#include "deskbridge/store/contact.hpp"
#include "deskbridge/store/template.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace deskbridge::test;

namespace {

void list(ApiWorld& world, std::vector<MessageTemplate> const& all)
{
    world.scene.store.write([&](store::Tx& tx) {
        auto const now = world.scene.clock.now();
        store::begin_templates(tx, world.scene.account, now + std::chrono::hours{24});
        (void)store::finish_templates(tx, world.scene.account, store::save_templates(tx, world.scene.account, all, now, now), now);
    });
}

MessageTemplate one(std::string name, std::string status = "approved")
{
    MessageTemplate made;
    made.external_id = name;
    made.name = std::move(name);
    made.language = "en";
    made.status = std::move(status);
    made.category = "utility";
    made.components = R"([{"type":"BODY","text":"Hello"}])";
    return made;
}

} // namespace

TEST_CASE("templates: listed page by page, by status, with what is wrong with them")
{
    ApiWorld world;
    auto const nothing = world.call({"GET", "/v1/accounts/support/templates"});
    CHECK(nothing.status == 200);
    CHECK(nothing.json.at("list").at("synced_at").is_null());
    list(world, {one("a"), one("b", "paused"), one("c")});
    auto const first = world.call({"GET", "/v1/accounts/support/templates?limit=2", {}, Peer::ben});
    REQUIRE(first.json.at("data").size() == 2);
    CHECK(first.json.at("data").at(0).at("usable") == true);
    CHECK(first.json.at("data").at(1).at("usable") == false);
    CHECK_THAT(first.json.at("data").at(1).at("problem").get<std::string>(), Catch::Contains("paused"));
    CHECK(first.json.at("list").at("synced_at").is_string());
    auto const next = first.json.at("page").at("next").get<std::string>();
    auto const second = world.call({"GET", "/v1/accounts/support/templates?limit=2&after=" + next});
    REQUIRE(second.json.at("data").size() == 1);
    CHECK(second.json.at("data").at(0).at("name") == "c");
    CHECK(second.json.at("page").at("has_more") == false);
    auto const paused = world.call({"GET", "/v1/accounts/support/templates?status=paused,rejected"});
    REQUIRE(paused.json.at("data").size() == 1);
    CHECK(paused.json.at("data").at(0).at("name") == "b");
    CHECK(world.call({"GET", "/v1/accounts/support/templates/b"}).json.at("data").at(0).at("components").at(0).at("text") == "Hello");
    CHECK(world.call({"GET", "/v1/accounts/support/templates/z"}).status == 404);
    CHECK(world.call({"GET", "/v1/accounts/nobody/templates"}).status == 404);
    CHECK(world.call({"GET", "/v1/accounts/support/templates?limit=0"}).status == 422);
}

TEST_CASE("templates: what cannot be asked for, or sent, is a conflict with the reason; a bad request names its field")
{
    ApiWorld world;
    auto const ticket = "/v1/tickets/" + std::to_string(world.scene.open_ticket("parcel").value) + "/templates";
    CHECK(world.call({"POST", "/v1/accounts/support/sync-templates", {}, Peer::ben}).status == 409);
    auto const unknown = world.call({"POST", ticket, {{"name", "sale"}, {"language", "en"}, {"values", {{"1", "Mara"}}}}});
    CHECK(unknown.status == 409);
    CHECK_THAT(unknown.json.at("detail").get<std::string>(), Catch::Contains("lists no templates"));
    list(world, {one("sale", "rejected")});
    CHECK_THAT(world.call({"POST", ticket, {{"name", "sale"}}}).json.at("detail").get<std::string>(),
               Catch::Contains("was rejected by the provider"));
    CHECK(world.call({"POST", ticket, {{"name", "other"}}}).status == 422);
    CHECK(world.call_raw("POST", ticket, R"({"name":"sale","values":{"1":7}})").json.at("errors").at(0).at("pointer") == "/values/1");
    CHECK(world.call_raw("POST", ticket, R"({"name":"sale","values":[]})").status == 422);
    CHECK(world.call_raw("POST", ticket, R"({"language":"en"})").status == 422);
    CHECK(world.call_raw("POST", ticket, R"({"name":"sale","header_attachment":"7"})").json.at("errors").at(0).at("pointer") == "/header_attachment");
    list(world, {one("sync")});
    CHECK(world.call({"GET", "/v1/accounts/support/templates/sync"}).json.at("data").at(0).at("name") == "sync");
    CHECK_THAT(world.call({"POST", ticket, {{"name", "sync"}, {"header_attachment", 77}}}).json.at("detail").get<std::string>(),
               Catch::Contains("there is no file 77 to be sent"));
    CHECK(world.call({"POST", "/v1/tickets/9999/templates", {{"name", "sale"}}}).status == 404);
}

TEST_CASE("templates: marketing does not go to a customer who said stop, and other templates are not held up by it")
{
    ApiWorld world;
    auto const ticket = "/v1/tickets/" + std::to_string(world.scene.open_ticket("parcel").value) + "/templates";
    auto sale = one("sale");
    sale.category = "marketing";
    list(world, {sale, one("news")});
    world.scene.store.write([&](store::Tx& tx) {
        auto contact = *store::find_contact(tx, world.scene.contact);
        contact.stopped_at = world.scene.clock.now();
        store::save_contact(tx, contact);
    });
    auto const refused = world.call({"POST", ticket, {{"name", "sale"}}});
    CHECK(refused.status == 409);
    CHECK_THAT(refused.json.at("detail").get<std::string>(), Catch::Contains("said stop"));
    CHECK(world.call({"POST", ticket, {{"name", "news"}}}).json.dump().find("said stop") == std::string::npos);
}
