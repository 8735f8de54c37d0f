#include "scene.hpp"

#include "deskbridge/core/reply_window.hpp"
#include "deskbridge/store/conversation.hpp"
#include "deskbridge/store/reach.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace std::chrono_literals;
using test::hash;
using test::Scene;

TEST_CASE("reply: in the outbox in parts, on the timeline whole, the ticket open and answered")
{
    Scene scene;
    auto const id = scene.open_ticket("parcel");
    auto const before = scene.now_in_log();
    scene.clock.advance(60s);
    auto const sent = scene.perform(desk::Reply{hash(id), "It is on its way to you", {}, ""});
    REQUIRE(sent.has_value());
    CHECK(sent->message.text == "It is on its way to you");
    CHECK(sent->message.actor == scene.ana.actor());
    CHECK(sent->author == "Ana Prado");
    CHECK(sent->delivery == "queued");
    CHECK(scene.rings == 1);
    auto const parts = scene.store.read([&](store::Reading& r) { return store::intents_of(r, sent->message.id); });
    CHECK(parts.size() == 2);
    auto const ticket = scene.ticket(id);
    CHECK(ticket.status == TicketStatus::open);
    CHECK(ticket.last_step == "answered");
    CHECK(ticket.last_activity == scene.clock.now());
    CHECK(ticket.unanswered_agent_at == scene.clock.now());
    CHECK_FALSE(ticket.unseen);
    CHECK(scene.events(before) == "message.queued ticket.status_changed ticket.seen");
}

TEST_CASE("reply: the same key twice is one message and the same answer")
{
    Scene scene;
    auto const id = scene.open_ticket("parcel");
    auto const first = scene.perform(desk::Reply{hash(id), "hello", {}, "k1"});
    auto const before = scene.now_in_log();
    scene.clock.advance(1h);
    auto const second = scene.perform(desk::Reply{hash(id), "hello", {}, "k1"});
    REQUIRE((first.has_value() && second.has_value()));
    CHECK(first->message.id == second->message.id);
    CHECK(scene.events(before).empty());
    CHECK(scene.ticket(id).last_activity < scene.clock.now());

    auto const other = scene.perform(desk::Reply{hash(id), "something else", {}, "k1"});
    REQUIRE(other.has_error());
    CHECK(other.error().fault == Fault::conflict);
    auto const as_note = scene.perform(desk::Note{hash(id), "hello", "k1"});
    REQUIRE(as_note.has_error());
    auto const somebody_else = scene.perform_as(scene.ben, desk::Reply{hash(id), "hello", {}, "k1"});
    REQUIRE(somebody_else.has_value());
    CHECK(scene.outbox().size() == 2);
}

TEST_CASE("reply: the same key answers the same after the ticket was merged away")
{
    Scene scene;
    auto const id = scene.open_ticket("parcel");
    auto const other = scene.open_ticket("invoice");
    auto const said = scene.perform(desk::Reply{hash(id), "hello", {}, "k1"});
    auto const noted = scene.perform(desk::Note{hash(id), "calls at ten", "k2"});
    REQUIRE(scene.perform(desk::Merge{hash(id), hash(other)}).has_value());
    auto const before = scene.now_in_log();
    auto const said_again = scene.perform(desk::Reply{hash(id), "hello", {}, "k1"});
    auto const noted_again = scene.perform(desk::Note{hash(id), "calls at ten", "k2"});
    REQUIRE((said_again.has_value() && noted_again.has_value()));
    CHECK(said_again->message.id == said->message.id);
    CHECK(noted_again->message.id == noted->message.id);
    CHECK(scene.events(before).empty());
    CHECK(scene.perform(desk::Reply{hash(id), "hello", {}, "k3"}).has_error());
}

TEST_CASE("reply: what cannot be sent is said at once and leaves nothing behind")
{
    struct Case {
        std::string label;
        std::string text;
        std::chrono::hours later;
        bool with_template;
        bool configured;
        std::optional<Fault> fault;
    };
    auto const c = GENERATE(values<Case>({
        {"open window", "hi", 1h, false, true, std::nullopt},
        {"closed window, no template", "hi", 25h, false, true, Fault::conflict},
        {"closed window, a template: kept for later", "hi", 25h, true, true, std::nullopt},
        {"account gone from the configuration", "hi", 1h, false, false, Fault::conflict},
        {"empty", "", 1h, false, true, Fault::malformed},
        {"blank", " \n\t ", 1h, false, true, Fault::malformed},
        {"too long", std::string(20'001, 'x'), 1h, false, true, Fault::malformed},
    }));
    INFO(c.label);
    Scene scene;
    auto const id = scene.open_ticket("parcel");
    if (c.with_template)
        scene.accounts.front()->policy.window_template = "we_answered";
    if (!c.configured)
        scene.accounts.clear();
    scene.clock.advance(c.later);
    auto const before = scene.now_in_log();
    auto const sent = scene.perform(desk::Reply{hash(id), c.text, {}, ""});
    REQUIRE(sent.has_value() == !c.fault.has_value());
    if (c.fault) {
        CHECK(sent.error().fault == *c.fault);
        CHECK(scene.events(before).empty());
        CHECK(scene.rings == 0);
    }
}

TEST_CASE("reply: asking for the phone number, with words and without files")
{
    Scene scene;
    auto const id = scene.open_ticket("parcel");
    auto const asked = scene.perform(desk::Reply{.ticket = hash(id), .text = "May we call?", .client_key = "k", .ask_number = true});
    REQUIRE(asked.has_value());
    auto const parts = scene.store.read([&](store::Reading& reading) { return store::intents_of(reading, asked->message.id); });
    REQUIRE(parts.size() == 1);
    CHECK(parse_content(parts.front().content)->asks_number);
    auto const again = scene.perform(desk::Reply{.ticket = hash(id), .text = "May we call?", .client_key = "k"});
    CHECK(again.error().fault == Fault::conflict); // the same key for something else
    CHECK(scene.perform(desk::Reply{.ticket = hash(id), .ask_number = true}).error().fault == Fault::malformed);
    CHECK(scene.perform(desk::Reply{.ticket = hash(id), .text = "x", .attachments = {1}, .ask_number = true}).error().fault == Fault::malformed);
}

TEST_CASE("reply: quoting a message")
{
    Scene scene;
    auto const id = scene.open_ticket("parcel");
    auto const asked = scene.customer_says(id, "where");
    auto const elsewhere = scene.customer_says({}, "there", scene.other_conversation());
    auto const note = scene.perform(desk::Note{hash(id), "careful", ""});
    REQUIRE(note.has_value());

    auto const sent = scene.perform(desk::Reply{hash(id), "here", asked, ""});
    REQUIRE(sent.has_value());
    CHECK(sent->message.quoted == asked);
    CHECK(sent->message.quoted_external_id == "wamid.where");
    for (auto const wrong : {elsewhere, note->message.id, MessageId{9999}}) {
        auto const refused = scene.perform(desk::Reply{hash(id), "here", wrong, ""});
        REQUIRE(refused.has_error());
        CHECK((refused.error().fault == Fault::conflict || refused.error().fault == Fault::not_found));
    }
}

TEST_CASE("reply: the ticket is named by number, #number or reference")
{
    Scene scene;
    auto const id = scene.open_ticket("parcel");
    auto const reference = scene.ticket(id).reference;
    auto const dashed = reference.substr(0, 4) + "-" + reference.substr(4);
    for (auto const& word : {std::to_string(id.value), hash(id), reference, "#" + reference, dashed, "#" + dashed, " " + dashed + " "}) {
        INFO(word);
        auto const shown = scene.perform(desk::ShowTicket{word, {}, 10});
        REQUIRE(shown.has_value());
        CHECK(shown->ticket.row.ticket.id == id);
    }
    auto wrong = reference;
    wrong.back() = wrong.back() == '0' ? '1' : '0';
    for (auto const& word : {std::string{}, std::string{"#"}, std::string{"999"}, std::string{"-1"}, wrong, std::string{"1 OR 1"}}) {
        INFO(word);
        auto const shown = scene.perform(desk::ShowTicket{word, {}, 10});
        REQUIRE(shown.has_error());
        CHECK(shown.error().fault == Fault::not_found);
    }
}

TEST_CASE("note: on the timeline, never in the outbox")
{
    Scene scene;
    auto const id = scene.open_ticket("parcel");
    auto const noted = scene.perform_as(scene.ben, desk::Note{hash(id), " he is *angry* ", "n1"});
    auto const again = scene.perform_as(scene.ben, desk::Note{hash(id), " he is *angry* ", "n1"});
    REQUIRE((noted.has_value() && again.has_value()));
    CHECK(noted->message.id == again->message.id);
    CHECK(noted->message.direction == store::Direction::note);
    CHECK(noted->message.text == "he is *angry*");
    CHECK(noted->author == "Ben");
    CHECK(noted->delivery.empty());
    CHECK(scene.outbox().empty());
    CHECK(scene.rings == 0);
    CHECK_FALSE(scene.ticket(id).unseen);
    CHECK(scene.ticket(id).status == TicketStatus::new_);
    CHECK(scene.events().ends_with("message.noted ticket.seen"));
}

TEST_CASE("cancel: what has not left is taken back, once")
{
    Scene scene;
    auto const id = scene.open_ticket("parcel");
    auto const sent = scene.perform(desk::Reply{hash(id), "oops", {}, ""});
    REQUIRE(sent.has_value());
    auto const back = scene.perform(desk::Cancel{sent->message.id});
    REQUIRE(back.has_value());
    CHECK(back->delivery == "cancelled");
    CHECK(scene.settled == 1);
    auto const again = scene.perform(desk::Cancel{sent->message.id});
    REQUIRE(again.has_error());
    CHECK(again.error().fault == Fault::conflict);
    CHECK(scene.perform(desk::Cancel{MessageId{999}}).error().fault == Fault::not_found);
}

TEST_CASE("reply: whoever is known not to be reachable is not written to, and the ticket says why")
{
    Scene scene;
    auto const id = scene.open_ticket("parcel");
    auto const conversation = scene.store.read([&](store::Reading& r) { return *store::find_conversation(r, scene.ticket(id).conversation); });
    auto const address = conversation.address;
    auto const told = [&](std::string value, std::optional<Barrier> barrier, Timestamp at) {
        scene.store.write([&](store::Tx& tx) { store::note_reach(tx, conversation.account, {{address.kind, std::move(value)}, barrier}, at); });
    };
    auto const refusal = [&] {
        auto const sent = scene.perform(desk::Reply{hash(id), "hello", {}, ""});
        return sent ? std::string{} : sent.error().detail;
    };
    auto const now = scene.clock.now();
    told(address.value, Barrier::blocked, now + 1s);
    CHECK(refusal() == explain_barrier(Barrier::blocked));
    auto const shown = scene.perform(desk::ShowTicket{hash(id)});
    REQUIRE(shown.has_value());
    REQUIRE(shown->barrier.has_value());
    CHECK(shown->barrier->barrier == Barrier::blocked);
    told(address.value, std::nullopt, now); // told late
    CHECK(refusal() == explain_barrier(Barrier::blocked));
    auto const writes = [&](Timestamp sent_at, Timestamp comes_at) {
        scene.store.write([&](store::Tx& tx) {
            store::note_inbound(tx, conversation.id, comes_at);
            (void)store::raise_window(tx, conversation.id, window_from(sent_at, comes_at));
        });
    };
    writes(now + 1s, now + 9s); // before the block, and it came late
    CHECK(refusal() == explain_barrier(Barrier::blocked));
    writes(now + 2s, now + 10s); // who writes blocks nobody
    CHECK(refusal().empty());
    told(address.value, Barrier::connection_ended, now + 2s);
    writes(now + 3s, now + 11s);
    CHECK(refusal() == explain_barrier(Barrier::connection_ended));
    told(address.value, std::nullopt, now + 3s);
    CHECK(refusal().empty());
    CHECK_FALSE(scene.perform(desk::ShowTicket{hash(id)})->barrier.has_value());
}

TEST_CASE("reply: what is told of the beginning of addresses holds for all of them, and for no others")
{
    Scene scene;
    auto const account = scene.store.read([&](store::Reading& r) { return store::find_conversation(r, scene.ticket(scene.open_ticket("parcel")).conversation)->account; });
    scene.store.write([&](store::Tx& tx) {
        store::note_reach(tx, account, {{"business_chat", "c1/"}, Barrier::replies_not_allowed}, from_ms(1000));
    });
    auto const barred = [&](std::string const& kind, std::string const& value) {
        return scene.store.read([&](store::Reading& r) { return store::find_barrier(r, account, {kind, value}).has_value(); });
    };
    CHECK(barred("business_chat", "c1/6001"));
    CHECK_FALSE(barred("business_chat", "c12/6001"));
    CHECK_FALSE(barred("business_chat", "c1"));
    CHECK_FALSE(barred("user", "c1/6001"));
}
