#include "world.hpp"

#include "deskbridge/channel/digest.hpp"
#include "deskbridge/store/shelf.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace deskbridge;
using namespace deskbridge::test;

namespace {

/// The body behind the first thing on the shelf, once more.
Result<store::Replayed> replay_first(World& world)
{
    store::ReplayWish const wish{JournalId{world.number_of("SELECT journal_id FROM shelf WHERE shelf_id = 1")}, world.now(), {}, false};
    return world.run(world.intake().replay(wish));
}

Customer const noor{"noor", "Noor", "4915112345679", "DE.2"};

std::string message_body(World& world, std::string const& id, std::string const& text, std::string const& number = "700100200300400",
                         Customer const& who = mara)
{
    auto message = message_of(who, id, world.now());
    message["type"] = "text";
    message["text"] = {{"body", text}};
    return webhook({messages_change({number}, who, nlohmann::json::array({message}))});
}

bool was_sent(World const& world, std::string const& words)
{
    auto const holds = [&](HttpRequest const& request) { return request.body.find(words) != std::string::npos; };
    return std::any_of(world.transport.asked.begin(), world.transport.asked.end(), holds);
}

std::string counter(std::string const& name, std::string const& labels)
{
    return name + '{' + labels + "} ";
}

} // namespace

TEST_CASE("Bad input is answered, kept or refused as the table says")
{
    struct Case {
        std::string label;
        std::string body;
        bool right_signature;
        std::string hook;
        int status;
        std::string shelved; ///< reason; empty: nothing
        std::string outcome; ///< of deskbridge_webhooks_total
        std::string logged;
    };
    auto const c = GENERATE(values<Case>({
        {"not JSON", "surely not {", true, "meta", 200, "unreadable", "shelved", "shelved hook=meta reason=unreadable"},
        {"empty body", "", true, "meta", 200, "unreadable", "shelved", "reason=unreadable"},
        {"an array", "[1,2]", true, "meta", 200, "unreadable", "shelved", "reason=unreadable"},
        {"of another product", R"({"object":"page","entry":[]})", true, "meta", 200, "foreign_object", "shelved",
         "shelved hook=meta reason=foreign_object"},
        {"wrong types", R"({"object":"whatsapp_business_account","entry":"all"})", true, "meta", 200, "unreadable", "shelved",
         "reason=unreadable"},
        {"wrong signature", R"({"object":"whatsapp_business_account","entry":[]})", false, "meta", 401, "", "bad_signature",
         "webhook_refused hook=meta status=401 reason=bad_signature"},
        {"not JSON with a wrong signature", "surely not {", false, "meta", 401, "", "bad_signature", "status=401"},
        {"unknown hook", R"({"object":"whatsapp_business_account","entry":[]})", true, "nobody", 404, "", "unknown_hook",
         "webhook_refused hook=unknown status=404"},
        {"oversize", std::string(flow::max_webhook_bytes + 1, ' '), true, "meta", 413, "", "too_big", "status=413"},
        {"nothing in it", R"({"object":"whatsapp_business_account","entry":[]})", true, "meta", 200, "", "empty", "outcome=empty"},
    }));
    INFO(c.label);
    World world;
    auto request = world.sign(c.body);
    if (!c.right_signature)
        request.headers.set("X-Hub-Signature-256", "sha256=" + std::string(64, '0'));
    CHECK(world.deliver(request, c.hook).status == c.status);
    CHECK(world.number_of("SELECT count(*) FROM shelf") == (c.shelved.empty() ? 0 : 1));
    CHECK(world.number_of("SELECT count(*) FROM journal") == (c.shelved.empty() ? 0 : 1));
    if (!c.shelved.empty()) {
        CHECK(world.number_of(c.shelved == "unreadable" ? "SELECT count(*) FROM shelf WHERE reason = 'unreadable'"
                                                    : "SELECT count(*) FROM shelf WHERE reason = 'foreign_object'") == 1);
        // The provider may well deliver it twice: that is one entry.
        CHECK(world.deliver(request, c.hook).status == 200);
        CHECK(world.number_of("SELECT count(*) FROM shelf") == 1);
        CHECK(world.metrics.render().find(counter("deskbridge_shelved_total", "reason=\"" + c.shelved + '"') + "1") != std::string::npos);
    }
    CHECK(world.metrics.render().find(counter("deskbridge_webhooks_total", "outcome=\"" + c.outcome + '"') + "1") != std::string::npos);
    CHECK(world.log.has(c.logged));
}

TEST_CASE("A number that nobody configured goes to the shelf once, and takes effect when it is configured")
{
    World world;
    auto const body = message_body(world, "wamid.X", "hello", "700100200300777");
    CHECK(world.deliver(body).status == 200);
    CHECK(world.deliver(body).status == 200);
    CHECK(world.number_of("SELECT count(*) FROM shelf WHERE reason = 'unknown_account'") == 1);
    CHECK(world.number_of("SELECT count(*) FROM message") == 0);

    // Nothing has changed: a replay leaves it where it is.
    auto const again = replay_first(world);
    REQUIRE(again.has_value());
    CHECK(again->shelved == 1);
    CHECK(world.number_of("SELECT count(*) FROM shelf WHERE resolved_at_ms IS NULL") == 1);

    auto& sales = *world.accounts.at(1);
    sales.account.settings["phone_number_id"] = "700100200300777";
    sales.adapter->identify(sales.account);
    auto const replayed = replay_first(world);
    REQUIRE(replayed.has_value());
    CHECK(replayed->applied == 1);
    CHECK(world.number_of("SELECT count(*) FROM shelf WHERE resolved_at_ms IS NULL") == 0);
    CHECK(world.number_of("SELECT count(*) FROM ticket") == 1);
    auto const twice = replay_first(world);
    REQUIRE(twice.has_value());
    CHECK(twice->known == 1);
    CHECK(world.number_of("SELECT count(*) FROM message WHERE direction = 'in'") == 1);
}

TEST_CASE("The same webhook, delivered often, takes effect once and is journalled once")
{
    World world;
    auto const body = message_body(world, "wamid.X", "hello");
    for (int i = 0; i < 5; ++i)
        CHECK(world.deliver(body).status == 200);
    CHECK(world.number_of("SELECT count(*) FROM message WHERE direction = 'in'") == 1);
    CHECK(world.number_of("SELECT count(*) FROM ticket") == 1);
    CHECK(world.number_of("SELECT count(*) FROM journal") == 1);
    CHECK(world.number_of("SELECT count(*) FROM message m JOIN journal j ON j.journal_id = m.journal_id WHERE m.direction = 'in'") == 1);
}

TEST_CASE("A message is one change of the ticket that it is put in, also of one that waited")
{
    World world;
    CHECK(world.deliver(message_body(world, "wamid.A", "my parcel has not arrived")).status == 200);
    world.pass(std::chrono::minutes{5});
    for (bool const waits : {false, true}) {
        if (waits)
            world.store.write([](store::Tx& tx) { tx.prepare("UPDATE ticket SET status = 'pending'").run(); });
        auto const before = world.number_of("SELECT version FROM ticket");
        CHECK(world.deliver(message_body(world, waits ? "wamid.C" : "wamid.B", "where is it?")).status == 200);
        CHECK(world.number_of("SELECT version FROM ticket") == before + 1);
        CHECK(world.number_of("SELECT count(*) FROM ticket WHERE status = 'open' AND unseen = 1 AND last_step = 'customer_wrote'") == (waits ? 1 : 0));
        CHECK(world.number_of("SELECT count(*) FROM ticket t JOIN message m ON m.received_at_ms = t.last_activity_ms") > 0);
        world.pass(std::chrono::minutes{5});
    }
}

TEST_CASE("When an address was used last is kept to the day")
{
    World world;
    auto const seen = "SELECT max(last_seen_ms) FROM identity";
    CHECK(world.deliver(message_body(world, "wamid.A", "hello")).status == 200);
    auto const first = world.number_of(seen);
    world.pass(std::chrono::hours{23});
    CHECK(world.deliver(message_body(world, "wamid.B", "hello")).status == 200);
    CHECK(world.number_of(seen) == first);
    world.pass(std::chrono::hours{1});
    CHECK(world.deliver(message_body(world, "wamid.C", "hello")).status == 200);
    CHECK(world.number_of(seen) == first + std::chrono::milliseconds{std::chrono::hours{24}}.count());
}

TEST_CASE("An effect that fails is undone and shelved; its siblings go on")
{
    World world;
    CHECK(world.deliver(message_body(world, "wamid.A", "before")).status == 200);
    // A fault that only this event meets: its file would be stored as one that another message has.
    world.store.write([](store::Tx& tx) {
        auto q = tx.prepare("CREATE TRIGGER poison BEFORE INSERT ON message WHEN NEW.text = 'poison' "
                            "BEGIN SELECT RAISE(ABORT, 'poison'); END");
        q.run();
    });
    std::vector<nlohmann::json> changes;
    for (auto const* text : {"one", "poison", "two"}) {
        auto const& who = text == std::string_view{"poison"} ? noor : mara; // who is new: contact, chat and ticket are made before
        auto message = message_of(who, std::string{"wamid."} + text, world.now());
        message["type"] = "text";
        message["text"] = {{"body", text}};
        changes.push_back(messages_change({"700100200300400"}, who, nlohmann::json::array({message})));
    }
    CHECK(world.deliver(webhook(changes)).status == 200);
    CHECK(world.number_of("SELECT count(*) FROM contact") == 1);
    CHECK(world.number_of("SELECT count(*) FROM ticket") == 1);
    CHECK(world.number_of("SELECT count(*) FROM message WHERE direction = 'in'") == 3);
    CHECK(world.number_of("SELECT count(*) FROM shelf WHERE reason = 'effect_failed' AND event_key LIKE '%poison'") == 1);
    CHECK(world.number_of("SELECT count(*) FROM inbound_event WHERE state = 'shelved'") == 1);

    world.store.write([](store::Tx& tx) { tx.prepare("DROP TRIGGER poison").run(); });
    auto const replayed = replay_first(world);
    REQUIRE(replayed.has_value());
    CHECK(replayed->applied == 1);
    CHECK(replayed->known == 2);
    CHECK(world.number_of("SELECT count(*) FROM message WHERE direction = 'in'") == 4);
    CHECK(world.number_of("SELECT count(*) FROM ticket") == 2);
    CHECK(world.number_of("SELECT count(*) FROM inbound_event WHERE state = 'shelved'") == 0);
}

TEST_CASE("The handshake needs no signature; anything else that is not a POST is refused")
{
    World world;
    HttpRequest get;
    get.target = "/hooks/meta?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=verify-me";
    auto const answer = world.deliver(get);
    CHECK(answer.status == 200);
    CHECK(answer.body == "1158201444");
    get.target = "/hooks/meta?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=guessed";
    CHECK(world.deliver(get).status == 403);
    get.method = "PUT";
    CHECK(world.deliver(get).status == 405);
}

TEST_CASE("A head is refused before its body is read")
{
    World world;
    auto const signed_head = world.sign("{}");
    CHECK_FALSE(world.intake().refuse_head("meta", signed_head).has_value());
    HttpRequest bare = signed_head;
    bare.headers = {};
    REQUIRE(world.intake().refuse_head("meta", bare).has_value());
    CHECK(world.intake().refuse_head("meta", bare)->status == 401);
    CHECK(world.intake().refuse_head("nobody", signed_head)->status == 404);
}

TEST_CASE("A hook that wants a certificate takes webhooks with the right name alone, however well they are signed")
{
    World world;
    for (auto& account : world.accounts)
        account->client_certificate = "client.webhooks.fbclientcerts.com";
    auto const signed_head = world.sign("{}");
    struct Case {
        std::vector<std::string> names;
        int status; ///< 0: goes on
    };
    for (auto const& c : std::vector<Case>{{{}, 403},
                                           {{"someone.example"}, 403},
                                           {{"fbclientcerts.com"}, 403},
                                           {{"x.client.webhooks.fbclientcerts.com"}, 403},
                                           {{std::string{"client.webhooks.fbclientcerts.com\0.example", 42}}, 403},
                                           {{"someone.example", "Client.Webhooks.FBclientcerts.com"}, 0},
                                           {{"client.webhooks.fbclientcerts.com"}, 0}}) {
        auto const refused = world.intake().refuse_head("meta", signed_head, c.names);
        CHECK((refused ? refused->status : 0) == c.status);
    }
    HttpRequest get{"GET", "/hooks/meta", {}, {}};
    CHECK_FALSE(world.intake().refuse_head("meta", get).has_value());
    CHECK(world.metrics.counter("deskbridge_webhooks_total", R"(outcome="no_certificate")").value() == 5);
}

TEST_CASE("A customer's order stands, also when its answer cannot be queued")
{
    World world;
    world.deliver(message_body(world, "wamid.1", "hello"));
    world.pass(std::chrono::minutes{1});
    world.store.write([](store::Tx& tx) {
        tx.prepare("CREATE TRIGGER no_intent BEFORE INSERT ON intent BEGIN SELECT RAISE(ABORT, 'trouble'); END").run();
    });
    world.deliver(message_body(world, "wamid.2", "stop"));
    CHECK(world.number_of("SELECT count(*) FROM contact WHERE stopped_at_ms IS NOT NULL") == 1);
    CHECK(world.number_of("SELECT count(*) FROM shelf") == 0);
    CHECK(world.number_of("SELECT count(*) FROM event WHERE type = 'message.withheld' AND json_extract(data, '$.reason') = 'failed'") == 1);
    CHECK(world.number_of("SELECT count(*) FROM message WHERE class IS NOT NULL AND purpose <> 'acknowledgement'") == 0);
    CHECK(world.log.has("automatic_text_failed"));
}

TEST_CASE("An acknowledgement that cannot be made does not hold up the others")
{
    World world;
    world.deliver(message_body(world, "wamid.1", "hello"));
    world.deliver(message_body(world, "wamid.2", "hello", "700100200300400", noor));
    world.store.write([](store::Tx& tx) { tx.prepare("UPDATE ticket SET reference = '' WHERE ticket_id = 1").run(); });
    world.pass(std::chrono::minutes{1});
    CHECK(world.number_of("SELECT acknowledged_at_ms IS NOT NULL FROM ticket WHERE ticket_id = 1") == 0);
    CHECK(world.number_of("SELECT acknowledged_at_ms IS NOT NULL FROM ticket WHERE ticket_id = 2") == 1);
    CHECK(world.number_of("SELECT count(*) FROM timer") == 0);
}

TEST_CASE("With kept_texts = ask only those texts follow whose agent said so")
{
    World world;
    world.policy().window_template = "we_answered";
    world.policy().window_template_language = "en";
    world.policy().kept_texts = KeptTexts::ask;
    world.deliver(message_body(world, "wamid.1", "hello"));
    world.pass(std::chrono::hours{25});
    auto const first = world.perform("ana", desk::Reply{.ticket = "1", .text = "first words"});
    world.perform("ana", desk::Reply{.ticket = "1", .text = "second words"});
    world.perform("ana", desk::Keep{first.message.id});
    world.deliver(message_body(world, "wamid.2", "are you there?"));
    world.pass(std::chrono::minutes{1});
    CHECK(was_sent(world, "first words"));
    CHECK_FALSE(was_sent(world, "second words"));
}
