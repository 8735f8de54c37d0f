#include "core/threading_world.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace deskbridge::test;

TEST_CASE("R0: what is no matter is stored, and opens, reopens and acknowledges nothing")
{
    auto const is = [](Nature nature) { return [nature](World& w) { w.facts.message.nature = nature; }; };
    auto const c = GENERATE_COPY(values<Case>({
        {"a reaction without any ticket", is(Nature::reaction), "R0 conversation_only no-matter"},
        {"a receipt", is(Nature::receipt), "R0 conversation_only no-matter"},
        {"a notice of the channel", is(Nature::notice), "R0 conversation_only no-matter"},
        {"a reaction to a message in a solved ticket stays with it",
         [](World& w) {
             w.solved(1, 1h);
             w.facts.message.nature = Nature::reaction;
             w.facts.message.target_ticket = TicketId{1};
         },
         "R0 append #1 no-matter"},
        {"a waiting ticket goes on waiting",
         [](World& w) {
             w.live(1, TicketStatus::pending);
             w.facts.message.nature = Nature::reaction;
             w.facts.message.target_ticket = TicketId{1};
         },
         "R0 append #1 no-matter"},
        {"it follows a merge",
         [](World& w) {
             w.solved(1, 1h, TicketStatus::closed).merged_into = TicketId{2};
             w.live(2);
             w.facts.message.nature = Nature::revision;
             w.facts.message.target_ticket = TicketId{1};
         },
         "R0 append #2 no-matter"},
        {"a placeholder for a reaction, edit or deletion",
         [](World& w) {
             w.live(1);
             w.facts.message.kind = MessageKind::placeholder;
             w.facts.message.about_known_kind = true;
         },
         "R0 conversation_only no-matter"},
        {"a call, in the ticket that is being worked on",
         [](World& w) {
             w.live(1, TicketStatus::pending);
             w.facts.message.nature = Nature::call;
             w.facts.message.kind = MessageKind::call;
             w.facts.message.target_ticket = TicketId{1};
         },
         "R0 append #1 no-matter"},
        {"a call, where only something solved is left",
         [](World& w) {
             w.solved(1, 1h);
             w.facts.message.nature = Nature::call;
             w.facts.message.kind = MessageKind::call;
             w.facts.message.target_ticket = TicketId{1};
         },
         "R0 append #1 no-matter"},
        {"a call of somebody without a ticket: it opens one, and nobody is answered",
         [](World& w) {
             w.facts.message.nature = Nature::call;
             w.facts.message.kind = MessageKind::call;
         },
         "R8 open"},
        {"what is said to another app, where nothing is live",
         [](World& w) {
             w.solved(1, 1h);
             w.facts.message.nature = Nature::standby;
         },
         "R0 conversation_only no-matter"},
        {"a placeholder for anything else is matter",
         [](World& w) { w.facts.message.kind = MessageKind::placeholder; }, "R8 open ack:opened"},
        {"a group message, even if it quotes and is a command",
         [](World& w) {
             w.live(1);
             w.facts.message.group = true;
             w.facts.message.quoted_ticket = TicketId{1};
             w.command(Command::status);
         },
         "R0 conversation_only no-matter"},
    }));
    check(c);
}

TEST_CASE("R0: a call, or an edit or deletion in a ticket that is done, marks it unseen")
{
    struct Case {
        std::string label;
        TicketStatus status;
        Nature nature;
        bool unseen;
    };
    auto const c = GENERATE(values<Case>({
        {"edit, solved", TicketStatus::solved, Nature::revision, true},
        {"edit, closed", TicketStatus::closed, Nature::revision, true},
        {"edit, open", TicketStatus::open, Nature::revision, false},
        {"reaction, solved", TicketStatus::solved, Nature::reaction, false},
        {"call, open", TicketStatus::open, Nature::call, true},
        {"call, closed", TicketStatus::closed, Nature::call, true},
        {"standby, open", TicketStatus::open, Nature::standby, false},
    }));
    World world;
    world.solved(1, 1h, c.status);
    world.facts.message.nature = c.nature;
    world.facts.message.target_ticket = TicketId{1};
    INFO(c.label);
    CHECK(world.decide().marks_unseen == c.unseen);
}
