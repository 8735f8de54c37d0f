#include "scene.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace std::chrono_literals;
using test::hash;
using test::Scene;

namespace {

std::string texts(Scene& scene, TicketId id)
{
    std::string all;
    auto const shown = scene.perform(desk::ShowTicket{hash(id), {}, 500});
    REQUIRE(shown.has_value());
    for (auto const& item : shown->timeline)
        all += (all.empty() ? "" : " ") + item.message.text;
    return all;
}

} // namespace

TEST_CASE("merge: everything moves, the rest of the ticket refers there")
{
    Scene scene;
    auto const a = scene.open_ticket("first");
    auto const b = scene.open_ticket("second", TicketStatus::pending);
    scene.customer_says(a, "one");
    scene.customer_says(b, "two");
    scene.clock.advance(60s);
    REQUIRE(scene.perform(desk::Note{hash(a), "noted", ""}).has_value());
    auto const reply = scene.perform(desk::Reply{hash(a), "answer", {}, ""});
    REQUIRE(reply.has_value());
    auto const before = scene.now_in_log();

    auto const merged = scene.perform(desk::Merge{hash(a), hash(b)});
    REQUIRE(merged.has_value());
    CHECK(merged->row.ticket.id == b);
    CHECK(texts(scene, b) == "one two noted answer");
    CHECK(texts(scene, a).empty());
    CHECK(scene.ticket(a).merged_into == b);
    CHECK(scene.ticket(a).status == TicketStatus::closed);
    CHECK(scene.ticket(b).status == TicketStatus::pending);
    CHECK(scene.ticket(b).last_activity == scene.clock.now());
    CHECK(scene.ticket(b).unanswered_agent_at == scene.clock.now());
    CHECK(scene.events(before) == "ticket.status_changed ticket.merged ticket.merged");
    auto const parts = scene.store.read([&](store::Reading& r) { return store::intents_of(r, reply->message.id); });
    CHECK(parts.front().ticket == b);

    auto const late = scene.perform(desk::Reply{hash(a), "too late", {}, ""});
    REQUIRE(late.has_error());
    CHECK(late.error().fault == Fault::conflict);
    CHECK_THAT(late.error().detail, Catch::Contains(hash(b)));
}

TEST_CASE("merge: what does not fit together stays apart")
{
    Scene scene;
    auto const live = scene.open_ticket("live");
    auto const solved = scene.open_ticket("solved", TicketStatus::solved);
    auto const other = [&] {
        auto const mine = scene.conversation;
        scene.conversation = scene.other_conversation();
        auto const id = scene.open_ticket("another customer's");
        scene.conversation = mine;
        return id;
    }();
    for (auto const& [ticket, into] : {std::pair{live, live}, std::pair{live, solved}, std::pair{live, other}}) {
        INFO(hash(ticket) << " into " << hash(into));
        auto const done = scene.perform(desk::Merge{hash(ticket), hash(into)});
        REQUIRE(done.has_error());
        CHECK(done.error().fault == Fault::conflict);
    }
    CHECK(scene.perform(desk::Merge{hash(solved), hash(live)}).has_value());
}

TEST_CASE("merge: hundreds of messages")
{
    Scene scene;
    auto const a = scene.open_ticket("first");
    auto const b = scene.open_ticket("second");
    for (int i = 0; i < 450; ++i)
        scene.customer_says(a, std::to_string(i));
    REQUIRE(scene.perform(desk::Merge{hash(a), hash(b)}).has_value());
    auto const shown = scene.perform(desk::ShowTicket{hash(b), {}, 500});
    REQUIRE(shown.has_value());
    CHECK(shown->timeline.size() == 450);
}

TEST_CASE("move: one message, explained, and back again")
{
    Scene scene;
    auto const a = scene.open_ticket("first");
    auto const b = scene.open_ticket("second");
    auto const one = scene.customer_says(a, "one");
    scene.customer_says(a, "two");
    REQUIRE(scene.perform(desk::MoveMessage{one, hash(b)}).has_value());
    CHECK(texts(scene, a) == "two");
    CHECK(texts(scene, b) == "one");
    auto const shown = scene.perform(desk::ShowTicket{hash(b), {}, 10});
    auto const& why = shown->timeline.front().placements;
    REQUIRE(why.size() == 2);
    CHECK(why[0].rule == "R8");
    CHECK(why[1].rule == "move");
    CHECK(why[1].from == a);
    CHECK(why[1].actor == scene.ana.actor());

    REQUIRE(scene.perform_as(scene.ben, desk::UndoPlacement{one}).has_value());
    CHECK(texts(scene, a) == "one two");
    auto const again = scene.perform(desk::UndoPlacement{one});
    REQUIRE(again.has_error());
    CHECK(again.error().fault == Fault::conflict);
    CHECK(scene.perform(desk::MoveMessage{one, hash(a)}).error().fault == Fault::conflict);
    CHECK(scene.perform(desk::MoveMessage{MessageId{999}, hash(a)}).error().fault == Fault::not_found);
}

TEST_CASE("split: chosen messages become a ticket of their own")
{
    Scene scene;
    auto const a = scene.open_ticket("first");
    scene.customer_says(a, "parcel");
    auto const two = scene.customer_says(a, "and my invoice");
    auto const three = scene.customer_says(a, "is wrong");
    auto const before = scene.now_in_log();
    auto const split = scene.perform(desk::Split{hash(a), {three, two, two}});
    REQUIRE(split.has_value());
    auto const id = split->row.ticket.id;
    CHECK(id != a);
    CHECK(split->row.ticket.subject == "and my invoice");
    CHECK(split->row.ticket.status == TicketStatus::open);
    CHECK(split->row.ticket.reference != scene.ticket(a).reference);
    CHECK(texts(scene, id) == "and my invoice is wrong");
    CHECK(texts(scene, a) == "parcel");
    CHECK(scene.events(before) == "ticket.opened message.placed message.placed");
    CHECK(scene.outbox().empty());

    CHECK(scene.perform(desk::Split{hash(a), {}}).error().fault == Fault::malformed);
    CHECK(scene.perform(desk::Split{hash(a), {two, scene.customer_says(a, "more")}}).error().fault == Fault::conflict);
}
