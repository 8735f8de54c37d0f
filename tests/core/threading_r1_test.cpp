#include "core/threading_world.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace deskbridge::test;

TEST_CASE("R1: what a command is about")
{
    auto const c = GENERATE(values<Case>({
        {"status without any ticket", [](World& w) { w.command(Command::status); }, "R1 conversation_only {status}"},
        {"status with one live: kept with it, changing nothing",
         [](World& w) {
             w.live(1, TicketStatus::pending);
             w.command(Command::status);
         },
         "R1 append #1 {status #1}"},
        {"status with several: all live ones, most recently active first; solved ones are not asked for",
         [](World& w) {
             w.live(1, TicketStatus::open, 3h);
             w.live(2, TicketStatus::on_hold, 1h);
             w.solved(3, 10min);
             w.command(Command::status);
         },
         "R1 conversation_only {status #2 #1}"},
        {"status with none live: there is a newest one to tell about",
         [](World& w) {
             w.solved(1, 200h);
             w.solved(2, 100h, TicketStatus::closed);
             w.command(Command::status);
         },
         "R1 conversation_only {status newest #2}"},
        {"…but not after thirty days",
         [](World& w) {
             w.solved(1, 721h);
             w.command(Command::status);
         },
         "R1 conversation_only {status}"},
        {"a payload names it, before quote and reference",
         [](World& w) {
             w.live(1), w.live(2), w.live(3);
             w.facts.message.payload_ticket = TicketId{3};
             w.facts.message.quoted_ticket = TicketId{2};
             w.facts.message.references = {TicketId{1}};
             w.command(Command::status);
         },
         "R1 append #3 {status #3 named}"},
        {"a quote before a reference",
         [](World& w) {
             w.live(1), w.live(2);
             w.facts.message.quoted_ticket = TicketId{2};
             w.facts.message.references = {TicketId{1}};
             w.command(Command::status);
         },
         "R1 append #2 {status #2 named}"},
        {"a message that is nothing but a reference is about that, whatever it quotes",
         [](World& w) {
             w.live(1), w.live(2);
             w.facts.message.quoted_ticket = TicketId{2};
             w.facts.message.references = {TicketId{1}};
             w.command(Command::status).lone_reference = true;
         },
         "R1 append #1 {status #1 named}"},
        {"a reference to a solved one does not reopen it",
         [](World& w) {
             w.solved(1, 1h);
             w.live(2);
             w.facts.message.references = {TicketId{1}};
             w.command(Command::status).lone_reference = true;
         },
         "R1 append #1 {status #1 named}"},
        {"two references: both",
         [](World& w) {
             w.live(1), w.live(2), w.live(3);
             w.facts.message.references = {TicketId{1}, TicketId{2}};
             w.command(Command::status);
         },
         "R1 conversation_only {status #1 #2 named}"},
        {"a merged ticket is what it has become",
         [](World& w) {
             w.solved(1, 1h, TicketStatus::closed).merged_into = TicketId{2};
             w.live(2);
             w.facts.message.references = {TicketId{1}};
             w.command(Command::status);
         },
         "R1 append #2 {status #2 named}"},
        {"merges that run in a circle end",
         [](World& w) {
             w.live(1).merged_into = TicketId{2};
             w.live(2).merged_into = TicketId{1};
             w.facts.message.references = {TicketId{1}};
             w.command(Command::status);
         },
         "R1 conversation_only {status}"},
        {"a wrong or foreign reference: not found, and nothing else",
         [](World& w) {
             w.live(1);
             auto& command = w.command(Command::status);
             command.lone_reference = command.unmatched_reference = true;
         },
         "R1 conversation_only {status not_found}"},
        {"close with a wrong reference closes nothing",
         [](World& w) {
             w.live(1);
             w.command(Command::close).unmatched_reference = true;
         },
         "R1 conversation_only {close not_found}"},
        {"close: all live ones",
         [](World& w) {
             w.live(1, TicketStatus::open, 3h);
             w.live(2);
             w.command(Command::close);
         },
         "R1 conversation_only {close #2 #1}"},
        {"stop is about no ticket",
         [](World& w) {
             w.live(1);
             w.command(Command::stop);
         },
         "R1 conversation_only {stop #1}"},
        {"new asks to describe and opens nothing yet",
         [](World& w) {
             w.live(1);
             w.command(Command::new_);
         },
         "R1 conversation_only {new #1 describe}"},
        {"help with a ticket", [](World& w) { w.live(1), w.command(Command::help); }, "R1 conversation_only {help #1}"},
        {"help without one asks to describe", [](World& w) { w.command(Command::help); },
         "R1 conversation_only {help describe}"},
        {"help with a solved one only also asks",
         [](World& w) { w.solved(1, 1h), w.command(Command::help); },
         "R1 conversation_only {help newest #1 describe}"},
    }));
    check(c);
}

TEST_CASE("R1: agent calls somebody, and opens a ticket when there is none")
{
    auto const c = GENERATE(values<Case>({
        {"one live", [](World& w) { w.live(1), w.command(Command::agent); }, "R1 append #1 ack:extend {agent #1}"},
        {"one that waits for the customer turns open",
         [](World& w) { w.live(1, TicketStatus::pending), w.command(Command::agent); },
         "R1 append #1 ack:extend {agent #1}"},
        {"several", [](World& w) { w.live(1), w.live(2), w.command(Command::agent); },
         "R1 conversation_only {agent #2 #1}"},
        {"none", [](World& w) { w.command(Command::agent); }, "R1 open ack:opened {agent}"},
        {"none live, one solved recently: a new one, linked",
         [](World& w) { w.solved(1, 1h), w.command(Command::agent); },
         "R1 follow_up of #1 ack:follow_up {agent newest #1}"},
        {"a solved one named is reopened",
         [](World& w) {
             w.solved(1, 1h);
             w.facts.message.quoted_ticket = TicketId{1};
             w.command(Command::agent);
         },
         "R1 reopen #1 ack:reopened {agent #1 named}"},
        {"a closed one named is followed up",
         [](World& w) {
             w.solved(1, 1h, TicketStatus::closed);
             w.facts.message.quoted_ticket = TicketId{1};
             w.command(Command::agent);
         },
         "R1 follow_up of #1 ack:follow_up {agent #1 named}"},
        {"a wrong reference opens nothing",
         [](World& w) { w.command(Command::agent).unmatched_reference = true; },
         "R1 conversation_only {agent not_found}"},
    }));
    check(c);
}

TEST_CASE("R1: while an agent's question is unanswered only status, stop and start count")
{
    auto const c = GENERATE(values<Command>({Command::status, Command::stop, Command::start, Command::new_, Command::agent,
                                             Command::close, Command::help, Command::language}));
    World world;
    world.live(1, TicketStatus::pending).unanswered_agent_at = noon - 1h;
    world.command(c);
    INFO(render_command(c));
    CHECK((world.decide().rule == Rule::r1) == counts_while_agent_waits(c));
    if (!counts_while_agent_waits(c))
        CHECK(world.told() == "R4 append #1 ack:extend");

    world.facts.command->tapped = true; // nobody answers a question by a button of ours
    CHECK(world.decide().rule == Rule::r1);
}

TEST_CASE("R1: until when, and where, an agent's question counts")
{
    struct Case {
        std::string label;
        std::function<void(World&)> given;
        bool is_command;
    };
    auto const c = GENERATE(values<Case>({
        {"asked twelve hours ago", [](World& w) { w.live(1).unanswered_agent_at = noon - 12h; }, false},
        {"asked longer ago", [](World& w) { w.live(1).unanswered_agent_at = noon - 12h - 1ms; }, true},
        {"asked in a solved ticket: no question any more", [](World& w) { w.solved(1, 1h).unanswered_agent_at = noon - 1h; }, true},
        {"asked in one of several", [](World& w) { w.live(1), w.live(2).unanswered_agent_at = noon - 1h; }, false},
        {"asked after this was sent", [](World& w) { w.live(1).unanswered_agent_at = noon + 61s; }, true},
        {"asked at once by a clock that is ahead", [](World& w) { w.live(1).unanswered_agent_at = noon + 30s; }, false},
        {"nobody asked", [](World& w) { w.live(1); }, true},
    }));
    World world;
    c.given(world);
    world.command(Command::help);
    INFO(c.label);
    CHECK((world.decide().rule == Rule::r1) == c.is_command);
}

TEST_CASE("R1: a lone number after an agent's question is its answer unless it is a ticket of the asker's own")
{
    World world;
    world.live(1).unanswered_agent_at = noon - 1h;
    auto& command = world.command(Command::status);
    command.lone_reference = command.unmatched_reference = true;
    CHECK(world.told() == "R4 append #1 ack:extend");

    command.unmatched_reference = false;
    world.facts.message.references = {TicketId{1}};
    CHECK(world.told() == "R1 append #1 {status #1 named}");
}

TEST_CASE("R1: an order clears nothing and is matter, so that kept texts follow")
{
    World world;
    world.live(1, TicketStatus::pending).unanswered_agent_at = noon - 1h;
    world.command(Command::status);
    auto const decision = world.decide();
    CHECK(decision.matter);
    CHECK_FALSE(decision.answers_agent);
    CHECK_FALSE(decision.marks_unseen);
}
