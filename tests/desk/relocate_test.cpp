#include "scene.hpp"

#include "deskbridge/store/timer.hpp"

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

std::string open_intervals(Scene& scene, TicketId id)
{
    return scene.store.read([&](store::Reading& reading) {
        auto q = reading.prepare("SELECT (count(*) - count(solved_at_ms)) || ' of ' || count(*) FROM ticket_interval WHERE ticket_id = ?1");
        q.bind(1, id);
        return q.step() ? q.text(0) : std::string{};
    });
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

TEST_CASE("merge: undone, both are as they were, and the log and the intervals say so")
{
    Scene scene;
    auto const a = scene.open_ticket("first", TicketStatus::on_hold);
    auto const b = scene.open_ticket("second");
    auto const one = scene.customer_says(a, "one");
    scene.customer_says(b, "two");
    scene.clock.advance(60s);
    REQUIRE(scene.perform(desk::Reply{hash(a), "answer", {}, ""}).has_value());
    REQUIRE(scene.perform(desk::Note{hash(a), "noted", ""}).has_value());
    scene.store.write([&](store::Tx& tx) { store::arm_timer(tx, {a, scene.clock.now() + 1h, scene.clock.now() + 1h, "opened"}); });
    auto const was = scene.ticket(a);
    scene.clock.advance(60s);
    REQUIRE(scene.perform(desk::Merge{hash(a), hash(b)}).has_value());
    scene.clock.advance(60s);
    scene.customer_says(b, "three");
    auto const before = scene.now_in_log();
    auto const settled = scene.settled;

    REQUIRE(scene.perform_as(scene.ben, desk::UndoPlacement{one}).has_value());
    auto const is = scene.ticket(a);
    CHECK(texts(scene, a) == "one answer noted");
    CHECK(texts(scene, b) == "two three");
    CHECK_FALSE(is.merged_into);
    CHECK(is.status == TicketStatus::on_hold);
    CHECK(is.last_step == was.last_step);
    CHECK(is.last_step_at == was.last_step_at);
    CHECK(is.solved_at == std::nullopt);
    CHECK(is.unanswered_agent_at == was.unanswered_agent_at);
    CHECK(scene.ticket(b).unanswered_agent_at == std::nullopt);
    CHECK(open_intervals(scene, a) == "1 of 1");
    CHECK(scene.events(before) == "ticket.status_changed ticket.unmerged ticket.unmerged");
    CHECK(scene.settled == settled + 1); // its acknowledgement is owed again

    auto const twice = scene.perform(desk::UndoPlacement{one});
    REQUIRE(twice.has_error());
    CHECK(twice.error().fault == Fault::conflict);
    CHECK(scene.perform(desk::Merge{hash(a), hash(b)}).has_value());
    CHECK(scene.perform(desk::UndoPlacement{one}).has_value());
    CHECK(texts(scene, a) == "one answer noted");
}

TEST_CASE("undo: a move out of a ticket that was merged since leads to where that is now")
{
    Scene scene;
    auto const a = scene.open_ticket("first");
    auto const b = scene.open_ticket("second");
    auto const c = scene.open_ticket("third");
    auto const one = scene.customer_says(a, "one");
    scene.customer_says(b, "two");
    scene.customer_says(c, "three");
    REQUIRE(scene.perform(desk::MoveMessage{one, hash(b)}).has_value());
    REQUIRE(scene.perform(desk::Merge{hash(a), hash(c)}).has_value());
    REQUIRE(scene.perform(desk::UndoPlacement{one}).has_value());
    CHECK(texts(scene, c) == "one three");
    CHECK(texts(scene, b) == "two");
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
