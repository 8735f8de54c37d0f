#include "core/threading_world.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace deskbridge::test;

namespace {

/// Two live tickets; a burst of two was guessed into #1 five minutes ago, the list followed.
void guessed(World& w)
{
    w.live(1, TicketStatus::open, 5min);
    w.live(2, TicketStatus::open, 3h);
    w.wrote(5min, 1, Rule::r5);
    w.wrote(5min - 20s, 1, Rule::r2);
}

} // namespace

TEST_CASE("R1: a pick moves its burst")
{
    auto const c = GENERATE(values<Case>({
        {"to the other ticket", [](World& w) { guessed(w), w.pick(2); },
         "R1 conversation_only no-matter [moved append #2 moves m1 m2 from #1 ack:extend]"},
        {"to something new", [](World& w) { guessed(w), w.pick(0); },
         "R1 conversation_only no-matter [moved open moves m1 m2 from #1 ack:opened]"},
        {"to where it is", [](World& w) { guessed(w), w.pick(1); }, "R1 conversation_only no-matter [kept append #1]"},
        {"to where it is, which was solved meanwhile: a pick is no matter and does not reopen",
         [](World& w) { guessed(w), w.ticket(1) = World{}.solved(1, 1min), w.pick(1); },
         "R1 conversation_only no-matter [kept append #1]"},
        {"to a solved one within the reopen window",
         [](World& w) { guessed(w), w.ticket(2) = World{}.solved(2, 4h), w.pick(2); },
         "R1 conversation_only no-matter [moved reopen #2 moves m1 m2 from #1 ack:reopened]"},
        {"to one solved too long ago",
         [](World& w) { guessed(w), w.ticket(2) = World{}.solved(2, 100h), w.pick(2); },
         "R1 conversation_only no-matter [moved follow_up of #2 moves m1 m2 from #1 ack:follow_up]"},
        {"to one that was merged since",
         [](World& w) {
             guessed(w);
             w.ticket(2).merged_into = TicketId{3};
             w.live(3);
             w.pick(2);
         },
         "R1 conversation_only no-matter [moved append #3 moves m1 m2 from #1 ack:extend]"},
        {"to one that is not the asker's any more", [](World& w) { guessed(w), w.pick(9); },
         "R1 conversation_only no-matter [gone]"},
        {"nothing of the burst is left", [](World& w) { w.live(2), w.pick(2); }, "R1 conversation_only no-matter [gone]"},
        {"somebody has answered",
         [](World& w) {
             guessed(w);
             w.facts.recent[1].answered = true;
             w.pick(2);
         },
         "R1 conversation_only no-matter [answered]"},
        {"a ticket that only this burst had opened is left empty",
         [](World& w) {
             guessed(w);
             w.facts.recent[0].action = PlacementAction::open;
             w.ticket(1).messages_since_opening = 2;
             w.pick(2);
         },
         "R1 conversation_only no-matter [moved append #2 moves m1 m2 from #1 (empty) ack:extend]"},
        {"a ticket that it had reopened goes back to solved",
         [](World& w) {
             guessed(w);
             w.facts.recent[0].action = PlacementAction::reopen;
             w.ticket(1).messages_since_opening = 2;
             w.pick(2);
         },
         "R1 conversation_only no-matter [moved append #2 moves m1 m2 from #1 (unopened) ack:extend]"},
        {"…unless more has come into it",
         [](World& w) {
             guessed(w);
             w.facts.recent[0].action = PlacementAction::reopen;
             w.ticket(1).messages_since_opening = 3;
             w.pick(2);
         },
         "R1 conversation_only no-matter [moved append #2 moves m1 m2 from #1 ack:extend]"},
        {"what was said later than the burst stays where it is",
         [](World& w) {
             guessed(w);
             w.wrote(2min, 1, Rule::r5);
             w.pick(2);
         },
         "R1 conversation_only no-matter [moved append #2 moves m1 m2 from #1 ack:extend]"},
        {"a member that named its ticket stays there",
         [](World& w) {
             guessed(w);
             w.facts.recent[1].named_its_ticket = true;
             w.pick(2);
         },
         "R1 conversation_only no-matter [moved append #2 moves m1 from #1 ack:extend]"},
        {"the second tap on something new finds it done",
         [](World& w) {
             guessed(w);
             w.facts.recent[0].action = PlacementAction::open;
             w.ticket(1).messages_since_opening = 2;
             w.pick(0);
         },
         "R1 conversation_only no-matter [kept append #1]"},
    }));
    check(c);
}

TEST_CASE("R7's button splits off all that was written into the reopened ticket")
{
    World world;
    world.live(1, TicketStatus::open, 1min).messages_since_opening = 2;
    world.wrote(10min, 1, Rule::r7, PlacementAction::reopen);
    world.wrote(3min, 1, Rule::r4);
    auto& pick = world.pick(0, 9min);
    pick.list = ThreadingPick::List::something_new;
    pick.tapped = true;
    CHECK(world.told() == "R1 conversation_only no-matter [moved open moves m1 m2 from #1 (unopened) ack:opened]");
}

TEST_CASE("R1: how long a pick counts")
{
    struct Case {
        std::string label;
        bool tapped;
        Duration offered_ago;
        std::string told;
    };
    auto const moved = "R1 conversation_only no-matter [moved append #2 moves m1 m2 from #1 ack:extend]";
    auto const c = GENERATE_COPY(values<Case>({
        {"typed after thirty minutes", false, 30min, moved},
        {"typed later: words again", false, 30min + 1ms, "R5 append #1 guess list ack:extend"},
        {"typed before the list was there", false, -61s, "R5 append #1 guess list ack:extend"},
        {"tapped after a day", true, 24h, moved},
        {"tapped later", true, 24h + 1ms, "R1 conversation_only no-matter [too_late]"},
    }));
    World world;
    guessed(world);
    world.pick(2, c.offered_ago).tapped = c.tapped;
    INFO(c.label);
    CHECK(world.told() == c.told);
}

TEST_CASE("R1: a typed row answers whoever asked last")
{
    World world;
    guessed(world);
    world.ticket(2).unanswered_agent_at = noon - 30s;
    world.pick(2, 1min);
    CHECK(world.told() == "R5 append #2 ack:extend");

    world.ticket(2).unanswered_agent_at = noon - 10min; // our list came after the agent's question
    CHECK(world.decide().pick.has_value());

    world.ticket(2).unanswered_agent_at = noon - 30s;
    world.facts.pick->tapped = true;
    CHECK(world.decide().pick.has_value());
}

TEST_CASE("R1: a row of a status list asks for that ticket's status")
{
    auto const c = GENERATE(values<Case>({
        {"typed",
         [](World& w) { w.live(1), w.live(2), w.pick(1).list = ThreadingPick::List::status; },
         "R1 append #1 {status #1 named}"},
        {"tapped a week later, solved meanwhile",
         [](World& w) {
             w.solved(1, 1h), w.live(2);
             auto& pick = w.pick(1, 168h);
             pick.list = ThreadingPick::List::status;
             pick.tapped = true;
         },
         "R1 append #1 {status #1 named}"},
        {"a ticket that is not the asker's any more",
         [](World& w) { w.live(2), w.pick(1).list = ThreadingPick::List::status; },
         "R1 conversation_only {status not_found}"},
        {"a typed row wins over the reference that is its title",
         [](World& w) {
             guessed(w);
             w.facts.message.references = {TicketId{2}};
             w.command(Command::status).lone_reference = true;
             w.pick(2);
         },
         "R1 conversation_only no-matter [moved append #2 moves m1 m2 from #1 ack:extend]"},
    }));
    check(c);
}
