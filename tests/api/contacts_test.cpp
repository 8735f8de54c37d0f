#include "api_world.hpp"

#include "deskbridge/store/contact.hpp"
#include "deskbridge/store/cost.hpp"
#include "deskbridge/store/free_entry.hpp"
#include "deskbridge/store/message.hpp"
#include "deskbridge/store/referral.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace deskbridge::test;

namespace {

/// Maria, with a number that went to somebody else, and a record that was merged into hers.
void give_addresses(Scene& scene)
{
    scene.store.write([&](store::Tx& tx) {
        auto const now = scene.clock.now();
        auto maria = *store::find_contact(tx, scene.contact);
        maria.username = "mara.l";
        maria.flagged = "number_recycled";
        store::save_contact(tx, maria);
        store::attach_identity(tx, maria.id, "s", {"number", "4915"}, now);
        store::retire_identity(tx, "s", {"number", "4915"}, now);
        auto const twin = store::insert_contact(tx, "M.", "", now);
        store::attach_identity(tx, twin, "s", {"number", "4917"}, now);
        store::merge_contacts(tx, twin, maria.id, now, "two records turn out to be one person");
    });
}

} // namespace

TEST_CASE("contacts: every address with when it was theirs, and the records that were merged")
{
    ApiWorld world;
    give_addresses(world.scene);
    auto const path = "/v1/contacts/" + std::to_string(world.scene.contact.value);
    auto const shown = world.call({"GET", path, {}, Peer::ben});
    REQUIRE(shown.status == 200);
    CHECK(shown.json.at("username") == "mara.l");
    CHECK(shown.json.at("flagged") == "number_recycled");
    auto const& addresses = shown.json.at("addresses");
    REQUIRE(addresses.size() == 2);
    CHECK(addresses.at(0).at("value") == "4917");
    CHECK(addresses.at(0).at("valid_to").is_null());
    CHECK(addresses.at(1).at("value") == "4915");
    CHECK(addresses.at(1).at("valid_to").is_string());
    REQUIRE(shown.json.at("merged_from").size() == 1);
    auto const& merged = shown.json.at("merged_from").at(0);
    CHECK(merged.at("because") == "two records turn out to be one person");
    CHECK(merged.at("at").is_string());
    auto const twin = world.call({"GET", "/v1/contacts/" + std::to_string(merged.at("id").get<std::int64_t>())});
    CHECK(twin.json.at("id") == world.scene.contact.value);
    CHECK(world.call({"GET", "/v1/contacts/9999"}).status == 404);
    CHECK(world.call({"GET", "/v1/contacts/maria"}).status == 404);
}

TEST_CASE("contacts: a ticket shows whose it is, what advert brought it, and how long nothing costs anything")
{
    ApiWorld world;
    give_addresses(world.scene);
    auto const id = world.scene.open_ticket("parcel");
    auto const said = world.scene.customer_says(id, "Is it still on?");
    auto const until = world.scene.clock.now() + std::chrono::hours{70};
    world.scene.store.write([&](store::Tx& tx) {
        store::insert_referral(tx, said, {"ad", "120", "https://fb.me/x", "Chat with us", ""});
        store::save_free_entry(tx, {world.scene.conversation, std::nullopt, {std::chrono::hours{72}, std::chrono::hours{24}}, until});
        auto q = tx.prepare("UPDATE message SET quoted_external_id = 'wamid.OLD' WHERE message_id = ?1");
        q.bind(1, said);
        q.run();
    });
    auto const shown = world.call({"GET", "/v1/tickets/" + std::to_string(id.value)}).json;
    CHECK(shown.at("contact").at("addresses").size() == 2);
    REQUIRE(shown.at("referrals").size() == 1);
    CHECK(shown.at("referrals").at(0).at("headline") == "Chat with us");
    CHECK(shown.at("referrals").at(0).at("body").is_null());
    CHECK(shown.at("referrals").at(0).at("message") == said.value);
    CHECK(shown.at("free_entry_ends_at") == render_rfc3339(until));
    CHECK(shown.at("timeline").at(0).at("quoted").is_null());
    CHECK(shown.at("timeline").at(0).at("quoted_external_id") == "wamid.OLD");
    CHECK(shown.at("timeline").at(0).at("cost_class").is_null());
    auto const listed = world.call({"GET", "/v1/tickets"}).json.at("data").at(0);
    CHECK(listed.at("contact").at("flagged") == "number_recycled");
    CHECK(listed.at("free_entry_ends_at") == render_rfc3339(until));
}

TEST_CASE("accounts: this month's messages by what they cost, in the list and in the health")
{
    ApiWorld world;
    auto const now = world.scene.clock.now();
    world.scene.store.write([&](store::Tx& tx) {
        store::count_cost(tx, world.scene.account, now, "utility");
        store::count_cost(tx, world.scene.account, now, "utility");
        store::count_cost(tx, world.scene.account, now - std::chrono::hours{24 * 40}, "marketing");
    });
    auto const listed = world.call({"GET", "/v1/accounts"}).json.at("data").at(0).at("costs");
    CHECK(listed.at("month") == render_rfc3339(now).substr(0, 7));
    CHECK(listed.at("messages") == nlohmann::json{{"utility", 2}});
    CHECK(listed.at("free_quota").is_null());
    CHECK(world.call({"GET", "/v1/accounts/support/health"}).json.at("costs") == listed);
}
