#include "api_world.hpp"

#include "deskbridge/store/contact.hpp"
#include "deskbridge/store/conversation.hpp"
#include "deskbridge/store/cost.hpp"
#include "deskbridge/store/free_entry.hpp"
#include "deskbridge/store/marketing_choice.hpp"
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

/// Somebody who wrote `ago`; nullopt: who never wrote.
ContactId write_as(Scene& scene, std::string const& name, std::string const& number, std::optional<std::chrono::minutes> ago)
{
    ContactId contact;
    scene.store.write([&](store::Tx& tx) {
        auto const now = scene.clock.now();
        contact = store::insert_contact(tx, name, "", now);
        store::attach_identity(tx, contact, "s", {"number", number}, now);
        auto const chat = store::insert_conversation(tx, scene.account, contact, now);
        if (ago)
            store::raise_window(tx, chat, now - *ago);
    });
    return contact;
}

/// The names on the page.
std::string names_of(nlohmann::json const& page)
{
    std::string names;
    for (auto const& contact : page.at("data"))
        names += (names.empty() ? "" : " ") + contact.at("name").get<std::string>();
    return names;
}

} // namespace

TEST_CASE("contacts: whoever wrote last comes first, who never wrote last, page by page")
{
    using namespace std::chrono_literals;
    ApiWorld world; // Maria writes now
    auto const silent = write_as(world.scene, "Silent", "4911", std::nullopt);
    write_as(world.scene, "Old", "4912", 300min);
    write_as(world.scene, "Young", "4913", 5min);
    write_as(world.scene, "Same", "4914", 5min);
    auto const twin = write_as(world.scene, "Twin", "4915", 1min);
    world.scene.store.write([&](store::Tx& tx) { store::merge_contacts(tx, twin, world.scene.contact, world.scene.clock.now(), "one person"); });

    auto const all = world.call({"GET", "/v1/contacts", {}, Peer::ben});
    REQUIRE(all.status == 200);
    CHECK(names_of(all.json) == "Maria Same Young Old Silent");
    CHECK(all.json.at("page").at("next").is_null());
    CHECK_FALSE(all.json.at("page").at("has_more"));
    auto const& last = all.json.at("data").back();
    CHECK(last.at("id") == silent.value);
    CHECK(last.at("wrote_at").is_null());
    CHECK(last.at("addresses").at(0).at("value") == "4911");

    std::string read;
    std::string after;
    for (int pages = 0; pages < 9; ++pages) {
        auto const page = world.call({"GET", "/v1/contacts?limit=1" + after}).json;
        read += names_of(page) + ";";
        if (page.at("page").at("next").is_null())
            break;
        after = "&after=" + page.at("page").at("next").get<std::string>();
    }
    CHECK(read == "Maria;Same;Young;Old;Silent;");
    for (std::string const wrong : {"x", "1.", "1.x", "-1", "1.2.3"})
        CHECK(world.call({"GET", "/v1/contacts?after=" + wrong}).status == 422);
    CHECK(world.call({"GET", "/v1/contacts?name=x"}).status == 422);
    CHECK(world.call({"GET", "/v1/contacts?search=" + std::string(201, 'a')}).status == 422);
}

TEST_CASE("contacts: somebody with several chats stands once, where the latest is")
{
    using namespace std::chrono_literals;
    ApiWorld world;
    auto const other = write_as(world.scene, "Other", "4912", 5min);
    world.scene.store.write([&](store::Tx& tx) {
        auto const now = world.scene.clock.now();
        std::vector<store::ConfiguredAccount> const configured{{.channel = "short", .number = "1", .name = "support"},
                                                               {.channel = "short", .number = "2", .name = "sales"}};
        auto const second = store::configure_accounts(tx, configured, now).back();
        auto const chat = store::insert_conversation(tx, second, other, now);
        store::raise_window(tx, chat, now + 1min);
    });
    CHECK(names_of(world.call({"GET", "/v1/contacts"}).json) == "Other Maria");
}

TEST_CASE("contacts: a search finds parts of names, user names and addresses, as people type them")
{
    using namespace std::chrono_literals;
    ApiWorld world;
    give_addresses(world.scene); // Maria is mara.l, had 4915, has 4917
    write_as(world.scene, "Élodie Núñez", "4915112345", 5min);
    write_as(world.scene, "100% Ana_B", "US.13491", 6min);
    struct Case {
        std::string search;
        std::string found;
    };
    auto const c = GENERATE(values<Case>({
        {"elodie", "Élodie Núñez"},
        {"NUNEZ", "Élodie Núñez"},
        {"mara.l", "Maria"},
        {"%2B49%20(151)%2012-3", "Élodie Núñez"},
        {"4915", "Maria Élodie Núñez"},
        {"us.134", "100% Ana_B"},
        {"s%25", ""},
        {"_", ""},
        {"4_15", ""},
        {"%3F", ""},
        {"%20", "Maria Élodie Núñez 100% Ana_B"},
        {"nobody", ""},
    }));
    INFO(c.search);
    CHECK(names_of(world.call({"GET", "/v1/contacts?search=" + c.search}).json) == c.found);
}

TEST_CASE("contacts: whether they want marketing, by account, with what was told of merged records")
{
    using namespace std::chrono_literals;
    using Source = store::MarketingChoice::Source;
    ApiWorld world;
    auto const path = "/v1/contacts/" + std::to_string(world.scene.contact.value);
    CHECK(world.call({"GET", path}).json.at("marketing").empty());
    auto const twin = write_as(world.scene, "Twin", "4915", std::nullopt);
    auto const now = world.scene.clock.now();
    world.scene.store.write([&](store::Tx& tx) {
        store::note_marketing_choice(tx, world.scene.account, world.scene.contact, {true, Source::customer, now - 2h}, now);
        store::note_marketing_choice(tx, world.scene.account, twin, {false, Source::refusal, now - 1h}, now);
        store::merge_contacts(tx, twin, world.scene.contact, now, "one person");
    });
    auto const shown = world.call({"GET", path}).json.at("marketing");
    REQUIRE(shown.size() == 1);
    CHECK(shown.at(0) == nlohmann::json{{"account", "support"}, {"wanted", false}, {"source", "refusal"}, {"told_at", render_rfc3339(now - 1h)}});
}

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
