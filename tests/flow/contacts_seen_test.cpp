#include "flow/contact_notes.hpp"
#include "world.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;

namespace {

using nlohmann::json;

void speaks(World& world, Customer const& who, std::string const& id)
{
    auto message = message_of(who, id, world.now());
    message["type"] = "text";
    message["text"] = {{"body", "about " + id}};
    if (who.user_id.empty())
        message.erase("from_user_id");
    auto change = messages_change({"700100200300400"}, who, json::array({message}));
    auto& contact = change["value"]["contacts"][0];
    contact["profile"]["username"] = "@" + who.name + ".x";
    if (who.user_id.empty())
        contact.erase("user_id");
    REQUIRE(world.deliver(world.sign(webhook({std::move(change)}))).status == 200);
    world.pass(2min);
}

/// The notes in a ticket that nobody wrote, by what they are about.
std::string noted(World& world, std::string const& ticket)
{
    std::string out;
    for (auto const& item : world.perform("Ana", desk::ShowTicket{.ticket = ticket}).timeline)
        if (item.message.direction == store::Direction::note && item.message.actor.kind == ActorKind::system)
            out += (out.empty() ? "" : " ") + item.message.purpose;
    return out;
}

std::string addresses(desk::ContactCard const& card)
{
    std::string out;
    for (auto const& identity : card.addresses)
        out += (out.empty() ? "" : " ") + identity.address.kind + ":" + identity.address.value + (identity.valid_to ? "-" : "");
    return out;
}

} // namespace

TEST_CASE("contacts: a number with a new owner is flagged and noted in both tickets")
{
    World world;
    speaks(world, {"zoe", "Zoe", "14155550199", "US.7"}, "wamid.1");
    speaks(world, {"max", "Max", "14155550199", "US.8"}, "wamid.2");
    CHECK(noted(world, "1") == "number_recycled");
    CHECK(noted(world, "2") == "number_recycled");
    auto const earlier = world.perform("Ana", desk::ShowContact{ContactId{1}});
    auto const later = world.perform("Ana", desk::ShowContact{ContactId{2}});
    CHECK(earlier.contact.flagged == "number_recycled");
    CHECK(addresses(earlier) == "bsuid:US.7 wa_id:14155550199-");
    CHECK(later.contact.username == "max.x");
    CHECK(addresses(later) == "wa_id:14155550199 bsuid:US.8");
    auto const shown = world.perform("Ana", desk::ShowTicket{.ticket = "2"});
    REQUIRE(shown.contact.has_value());
    CHECK(shown.contact->contact.id == later.contact.id);
    CHECK(shown.ticket.row.contact_flagged == "number_recycled");
    CHECK(shown.ticket.row.contact_username == "max.x");
    CHECK(world.number_of("SELECT count(*) FROM event WHERE type = 'message.noted' AND ticket_id IS NOT NULL "
                          "AND json_extract(data, '$.purpose') = 'number_recycled'") == 2);
}

TEST_CASE("contacts: two records that are one person leave a trace on the one that stays, and a note in its tickets")
{
    World world;
    speaks(world, {"mara", "Mara", "", "US.1"}, "wamid.1");
    speaks(world, {"phone", "M.", "14155550101", ""}, "wamid.2");
    CHECK(world.number_of("SELECT count(*) FROM contact") == 2);
    speaks(world, {"mara", "Mara", "14155550101", "US.1"}, "wamid.3");
    auto const stays = world.perform("Ana", desk::ShowContact{ContactId{1}});
    REQUIRE(stays.merged_from.size() == 1);
    CHECK(stays.merged_from.front().id == ContactId{2});
    CHECK(stays.merged_from.front().name == "M.");
    CHECK(stays.merged_from.front().because == "two records turn out to be one person");
    CHECK(stays.merged_from.front().at.has_value());
    CHECK(world.perform("Ana", desk::ShowContact{ContactId{2}}).contact.id == ContactId{1});
    CHECK(noted(world, "1") + noted(world, "2") == "contact_merged");
    CHECK_THROWS(world.perform("Ana", desk::ShowContact{ContactId{9}}));
}

TEST_CASE("contacts: an announced change takes back that a number has a new owner, and nothing else that was flagged")
{
    bool const recycled = GENERATE(true, false);
    World world;
    Customer const before{"mara", "Mara", "14155550199", "US.7"};
    auto const announce = [&](std::string const& id, json system) {
        auto message = message_of(before, id, world.now());
        message["type"] = "system";
        message["system"] = std::move(system);
        auto change = messages_change({"700100200300400"}, before, json::array({message}));
        change["value"].erase("contacts");
        REQUIRE(world.deliver(world.sign(webhook({std::move(change)}))).status == 200);
    };
    speaks(world, before, "wamid.1");
    if (recycled) { // the same person by another id, before that is announced
        speaks(world, {"mara", "Mara", "14155550199", "US.8"}, "wamid.2");
        REQUIRE(world.perform("Ana", desk::ShowContact{ContactId{1}}).contact.flagged == "number_recycled");
    } else {
        announce("wamid.S1", {{"type", "customer_identity_changed"}, {"identity", {{"acknowledged", true}, {"hash", "x"}}}});
        REQUIRE(world.perform("Ana", desk::ShowContact{ContactId{1}}).contact.flagged == "identity_changed");
        speaks(world, {"mara", "Mara", "14155550188", "US.8"}, "wamid.2");
    }
    announce("wamid.S2", {{"type", "user_changed_user_id"}, {"user_id", "US.8"}});
    auto const stays = world.perform("Ana", desk::ShowContact{ContactId{1}});
    CHECK(stays.merged_from.size() == 1);
    CHECK(stays.contact.flagged == (recycled ? "" : "identity_changed"));
}

TEST_CASE("contacts: a changed id moves the person, and is noted in the ticket, in our words where the provider has none")
{
    World world;
    speaks(world, {"mara", "Mara", "14155550101", "US.1"}, "wamid.1");
    Number const number{"700100200300400"};
    json const update{{"wa_id", "14155550101"}, {"user_id", {{"previous", "US.1"}, {"current", "US.2"}}},
                      {"timestamp", std::to_string(to_ms(world.now()) / 1000)}};
    auto moved = change("user_id_update", number, {{"user_id_update", json::array({update})}});
    REQUIRE(world.deliver(world.sign(webhook({std::move(moved)}))).status == 200);
    CHECK(addresses(world.perform("Ana", desk::ShowContact{ContactId{1}})) == "bsuid:US.2 wa_id:14155550101 bsuid:US.1-");
    CHECK(noted(world, "1") == "identity_changed");
    auto const note = world.perform("Ana", desk::ShowTicket{.ticket = "1"}).timeline.back().message.text;
    CHECK_THAT(note, Catch::Contains("another address now") && Catch::Contains("the same person"));

    auto message = message_of({"mara", "Mara", "14155550101", "US.2"}, "wamid.2", world.now());
    message["type"] = "system";
    message["system"] = {{"type", "user_changed_user_id"}, {"body", "Mara has another id"}, {"user_id", "US.3"}};
    auto told = messages_change(number, {"mara", "Mara", "14155550101", "US.2"}, json::array({message}));
    REQUIRE(world.deliver(world.sign(webhook({std::move(told)}))).status == 200);
    CHECK(noted(world, "1") == "identity_changed identity_changed");
    CHECK(world.perform("Ana", desk::ShowTicket{.ticket = "1"}).timeline.back().message.text == "Mara has another id");
    CHECK(addresses(world.perform("Ana", desk::ShowContact{ContactId{1}})).starts_with("bsuid:US.3 "));

    message["id"] = "wamid.3";
    message["from_user_id"] = "US.3";
    message["system"] = {{"type", "user_identity_changed"}};
    auto code = messages_change(number, {"mara", "Mara", "14155550101", "US.3"}, json::array({message}));
    REQUIRE(world.deliver(world.sign(webhook({std::move(code)}))).status == 200);
    auto const last = world.perform("Ana", desk::ShowTicket{.ticket = "1"});
    CHECK_THAT(last.timeline.back().message.text, Catch::Contains("security code changed"));
    REQUIRE(last.contact.has_value());
    CHECK(last.contact->contact.flagged == "identity_changed");
    speaks(world, {"mara", "Mara", "14155550101", "US.3"}, "wamid.4");
    CHECK(world.number_of("SELECT count(*) FROM contact") == 1);
}

TEST_CASE("contacts: what comes late from a number that its owner has left does not take the answers back to it")
{
    World world;
    Customer const before{"mara", "Mara", "14155550101", "US.1"};
    speaks(world, before, "wamid.1");
    auto message = message_of(before, "wamid.2", world.now());
    message["type"] = "system";
    message["system"] = {{"type", "user_changed_number"}, {"wa_id", "14155550202"}, {"user_id", "US.2"}};
    auto told = messages_change({"700100200300400"}, before, json::array({message}));
    told["value"].erase("contacts");
    REQUIRE(world.deliver(world.sign(webhook({std::move(told)}))).status == 200);
    auto const answers_to = [&] { return world.number_of("SELECT CAST(address_value AS INTEGER) FROM conversation"); };
    REQUIRE(answers_to() == 14155550202);
    speaks(world, before, "wamid.3");
    CHECK(answers_to() == 14155550202);
    speaks(world, {"mara", "Mara", "14155550303", "US.2"}, "wamid.4");
    CHECK(answers_to() == 14155550303);
}

TEST_CASE("quotes: of a message that is older than the database an agent sees that there is one")
{
    World world;
    auto message = message_of(mara, "wamid.1", world.now());
    message["type"] = "text";
    message["text"] = {{"body", "and this?"}};
    message["context"] = {{"from", "49301234567"}, {"id", "wamid.OLD"}};
    REQUIRE(world.deliver(world.sign(webhook({messages_change({"700100200300400"}, mara, json::array({message}))}))).status == 200);
    auto const shown = world.perform("Ana", desk::ShowTicket{.ticket = "1"});
    REQUIRE(!shown.timeline.empty());
    CHECK_FALSE(shown.timeline.front().message.quoted);
    CHECK(shown.timeline.front().message.quoted_external_id == "wamid.OLD");
}

TEST_CASE("costs: counted once a message by account and month, and shown with the message")
{
    World world;
    speaks(world, mara, "wamid.1");
    auto const sent = world.perform("Ana", desk::Reply{.ticket = "1", .text = "It is on its way."});
    auto const tells = [&](std::string const& id, std::string const& status, std::string const& type, std::string const& category) {
        auto item = status_of(id, status, world.now());
        item["pricing"] = {{"billable", type == "regular"}, {"pricing_model", "PMP"}, {"type", type}, {"category", category}};
        REQUIRE(world.deliver(world.sign(webhook({change("messages", {"700100200300400"}, json{{"statuses", json::array({item})}})}))).status == 200);
    };
    auto const external = world.store.read([&](store::Reading& reading) { return store::intents_of(reading, sent.message.id).front().external_id; });
    CHECK_FALSE(world.perform("Ana", desk::ShowTicket{.ticket = "1"}).timeline.back().price.has_value());
    tells(external, "sent", "free_customer_service", "service");
    tells(external, "delivered", "free_customer_service", "service");
    tells("wamid.of-another-app", "sent", "regular", "utility");
    auto const shown = world.perform("Ana", desk::ShowTicket{.ticket = "1"}).timeline.back();
    REQUIRE(shown.price.has_value());
    CHECK(cost_class(*shown.price) == "free_service");
    auto const costs = world.perform("Ana", desk::ShowHealth{.account = "support"}).costs;
    CHECK(costs.month == "2026-11");
    CHECK(costs.free_quota == 1000);
    CHECK(costs.messages == store::CostCounts{{"free_service", 1}, {"utility", 1}});
    world.pass(24h * 10); // December
    auto const later = world.perform("Ana", desk::ListAccounts{}).front().costs;
    CHECK(later.month == "2026-12");
    CHECK(later.messages.empty());
}

TEST_CASE("contacts: what is told of whom another has become part of meanwhile is noted with that one")
{
    World world;
    speaks(world, {"mara", "Mara", "", "US.1"}, "wamid.1");
    speaks(world, {"phone", "M.", "14155550101", ""}, "wamid.2");
    auto const around = world.around();
    flow::Received const received{world.now(), {}};
    world.store.write([&](store::Tx& tx) {
        flow::Applied applied;
        flow::Scene scene{tx, around, world.account(), received, applied};
        scene.news.push_back({ContactId{2}, "number_recycled", "This contact's number is somebody else's now."});
        store::merge_contacts(tx, ContactId{2}, ContactId{1}, world.now(), "a test");
        flow::note_news(scene);
    });
    CHECK(world.number_of("SELECT count(*) FROM message WHERE direction = 'note' AND purpose = 'number_recycled'") > 0);
}
