#include "core/threading_world.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace deskbridge;
using namespace deskbridge::test;

TEST_CASE("R2: what is sent within a minute of the previous message stays with it")
{
    auto const c = GENERATE(values<Case>({
        {"same second",
         [](World& w) { w.live(1), w.live(2, TicketStatus::open, 1min), w.wrote(0s, 1); }, "R2 append #1 ack:extend"},
        {"sixty seconds", [](World& w) { w.live(1), w.live(2, TicketStatus::open, 1min), w.wrote(60s, 1); },
         "R2 append #1 ack:extend"},
        {"a millisecond more",
         [](World& w) { w.live(1), w.live(2, TicketStatus::open, 1min), w.wrote(60s + 1ms, 1); },
         "R5 append #2 guess list ack:extend"},
        {"overtaken by the next one: it is the neighbour too",
         [](World& w) { w.live(1), w.live(2, TicketStatus::open, 1min), w.wrote(-45s, 1); }, "R2 append #1 ack:extend"},
        {"the previous one counts before the next",
         [](World& w) { w.live(1), w.live(2), w.wrote(-1s, 1), w.wrote(50s, 2); }, "R2 append #2 ack:extend"},
        {"of several earlier ones the latest",
         [](World& w) { w.live(1), w.live(2), w.wrote(5s, 2), w.wrote(30s, 1); }, "R2 append #2 ack:extend"},
        {"sent in the same second: the one that came last",
         [](World& w) { w.live(1), w.live(2), w.wrote(5s, 1), w.wrote(5s, 2); }, "R2 append #2 ack:extend"},
        {"a chain longer than a minute",
         [](World& w) { w.live(1), w.live(2, TicketStatus::open, 1min), w.wrote(100s, 1), w.wrote(50s, 1, Rule::r2); },
         "R2 append #1 ack:extend"},
        {"an agent has written in between",
         [](World& w) {
             w.live(1, TicketStatus::open, 30s), w.live(2, TicketStatus::pending);
             w.wrote(40s, 1);
             w.facts.agent_wrote_at = {noon - 20s};
         },
         "R5 append #2 ack:extend"},
        {"an agent wrote before the previous one",
         [](World& w) {
             w.live(1), w.live(2, TicketStatus::pending);
             w.wrote(40s, 1);
             w.facts.agent_wrote_at = {noon - 50s};
         },
         "R2 append #1 ack:extend"},
        {"its ticket waits: it turns open",
         [](World& w) { w.live(1, TicketStatus::pending), w.wrote(10s, 1); }, "R2 append #1 ack:extend"},
        {"its ticket was merged since",
         [](World& w) {
             w.solved(1, 5s, TicketStatus::closed).merged_into = TicketId{2};
             w.live(2), w.live(3, TicketStatus::open, 1s);
             w.wrote(10s, 1);
         },
         "R2 append #2 ack:extend"},
        {"its ticket is nobody's that we know",
         [](World& w) { w.live(1), w.wrote(10s, 9); }, "R4 append #1 ack:extend"},
        {"the previous one went to the conversation only",
         [](World& w) { w.wrote(10s, 0, Rule::r6, PlacementAction::conversation_only); }, "R8 open ack:opened"},
        {"a closer says nothing about what follows it",
         [](World& w) { w.solved(1, 200h), w.solved(2, 400h), w.wrote(10s, 2, Rule::r6); },
         "R8 follow_up of #1 ack:follow_up"},
        {"nor does one that was a guess",
         [](World& w) { w.live(1), w.live(2, TicketStatus::open, 1min), w.wrote(10s, 1, Rule::r5).closing_guess = true; },
         "R5 append #2 guess list ack:extend"},
        {"a quote of its own decides instead",
         [](World& w) {
             w.live(1), w.live(2);
             w.wrote(10s, 1).named_its_ticket = true;
             w.facts.message.quoted_ticket = TicketId{2};
         },
         "R3 append #2 ack:extend"},
        {"a quote of something unknown is none",
         [](World& w) { w.live(1), w.live(2), w.wrote(10s, 1), w.facts.message.quoted_ticket = TicketId{77}; },
         "R2 append #1 ack:extend"},
        {"solved between two messages of a burst: reopened",
         [](World& w) { w.solved(1, 5s), w.live(2), w.wrote(10s, 1); }, "R2 reopen #1 ack:reopened"},
        {"…and nobody had seen this one: also without a reopen window",
         [](World& w) {
             w.policy.reopen_window = 0s;
             w.solved(1, -1s), w.live(2), w.wrote(10s, 1);
         },
         "R2 reopen #1 late ack:reopened"},
        {"…but a closer does not reopen",
         [](World& w) { w.solved(1, 5s), w.wrote(10s, 1), w.facts.message.closer = true; }, "R2 append #1"},
        {"a closer in the burst of a live one",
         [](World& w) { w.live(1), w.live(2), w.wrote(10s, 1), w.facts.message.closer = true; }, "R2 append #1 ack:extend"},
        {"a provider's clock that is ahead does not cut the burst",
         [](World& w) {
             w.live(1), w.live(2, TicketStatus::open, 1s), w.wrote(10s, 1);
             w.facts.message.sent_at = noon + 1h;
         },
         "R2 append #1 ack:extend"},
        {"nor does one that tells a time before there was such a channel",
         [](World& w) {
             w.live(1), w.live(2, TicketStatus::open, 1s), w.wrote(10s, 1);
             w.facts.message.sent_at = from_ms(0);
         },
         "R2 append #1 ack:extend"},
    }));
    check(c);
}

TEST_CASE("R2: an album of ten is one ticket, in whatever order it comes")
{
    std::vector<int> order{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    auto const turn = GENERATE(range(0, 10));
    std::rotate(order.begin(), order.begin() + turn, order.end());
    if (turn % 2)
        std::reverse(order.begin(), order.end());

    World world;
    world.live(8), world.live(9);
    for (auto const position : order) {
        world.facts.message.sent_at = noon + position * 1s;
        world.facts.message.received_at = noon + 11s;
        auto const decision = world.decide();
        INFO("photo " << position << ": " << tell(decision));
        bool const first = position == order.front();
        CHECK(decision.rule == (first ? Rule::r5 : Rule::r2));
        CHECK(decision.target.ticket == TicketId{9});
        CHECK((decision.offer == OfferKind::choice) == first); // one list per burst
        world.wrote(-position * 1s, 9, decision.rule);
    }
}

TEST_CASE("R2: a quoted member that comes later pulls the unanswered rest along")
{
    auto const quotes = [](World& w, int ticket) { w.facts.message.quoted_ticket = TicketId{ticket}; };
    auto const c = GENERATE_COPY(values<Case>({
        {"from a guess",
         [=](World& w) { w.live(1), w.live(2), w.wrote(30s, 2, Rule::r5), w.wrote(10s, 2, Rule::r2), quotes(w, 1); },
         "R3 append #1 ack:extend moves m1 m2 from #2"},
        {"from a ticket that they had opened, which is left empty",
         [=](World& w) {
             w.solved(1, 1h);
             w.live(2).messages_since_opening = 2;
             w.wrote(30s, 2, Rule::r8, PlacementAction::open), w.wrote(10s, 2, Rule::r2);
             quotes(w, 1);
         },
         "R3 reopen #1 ack:reopened moves m1 m2 from #2 (empty)"},
        {"from a ticket that they had reopened, which goes back to solved",
         [=](World& w) {
             w.live(1);
             w.live(2).messages_since_opening = 1;
             w.wrote(10s, 2, Rule::r7, PlacementAction::reopen), quotes(w, 1);
         },
         "R3 append #1 ack:extend moves m1 from #2 (unopened)"},
        {"a caption with a reference does the same",
         [](World& w) {
             w.live(1), w.live(2), w.wrote(1s, 2, Rule::r5);
             w.facts.message.kind = MessageKind::image;
             w.facts.message.references = {TicketId{1}};
         },
         "R3 append #1 ack:extend moves m1 from #2"},
        {"also into a follow-up that it opens",
         [=](World& w) { w.solved(1, 100h), w.live(2), w.wrote(10s, 2, Rule::r4), quotes(w, 1); },
         "R3 follow_up of #1 ack:follow_up moves m1 from #2"},
        {"along the whole chain, and no further",
         [=](World& w) {
             w.live(1), w.live(2);
             w.wrote(170s, 2, Rule::r5), w.wrote(100s, 2, Rule::r5), w.wrote(50s, 2, Rule::r2), quotes(w, 1);
         },
         "R3 append #1 ack:extend moves m2 m3 from #2"},
        {"also those that were sent after it",
         [=](World& w) { w.live(1), w.live(2), w.wrote(-20s, 2, Rule::r5), quotes(w, 1); },
         "R3 append #1 ack:extend moves m1 from #2"},
        {"not what has been answered",
         [=](World& w) {
             w.live(1), w.live(2);
             w.wrote(30s, 2, Rule::r5).answered = true;
             w.wrote(10s, 2, Rule::r2), quotes(w, 1);
         },
         "R3 append #1 ack:extend moves m2 from #2"},
        {"not over an agent's message",
         [=](World& w) {
             w.live(1), w.live(2);
             w.wrote(30s, 2, Rule::r5), w.wrote(10s, 2, Rule::r4), quotes(w, 1);
             w.facts.agent_wrote_at = {noon - 20s};
         },
         "R3 append #1 ack:extend moves m2 from #2"},
        {"not when the burst names another ticket already",
         [=](World& w) {
             w.live(1), w.live(2);
             w.wrote(30s, 2, Rule::r3).named_its_ticket = true;
             w.wrote(10s, 2, Rule::r2), quotes(w, 1);
         },
         "R3 append #1 ack:extend"},
        {"not what stands before an order for something new",
         [=](World& w) {
             w.live(1), w.live(2);
             w.wrote(20s, 2, Rule::r4).settled = true;
             w.wrote(10s, 1, Rule::r8, PlacementAction::open).named_its_ticket = true;
             quotes(w, 1);
         },
         "R3 append #1 ack:extend"},
        {"not what was ordered to be something new",
         [=](World& w) {
             w.live(1), w.live(2);
             w.wrote(20s, 1, Rule::r4).settled = true;
             w.wrote(10s, 2, Rule::r8, PlacementAction::open).named_its_ticket = true;
             w.wrote(5s, 2, Rule::r2), quotes(w, 1);
         },
         "R3 append #1 ack:extend"},
        {"those that named it already are there",
         [=](World& w) {
             w.live(1), w.live(2);
             w.wrote(30s, 1, Rule::r3).named_its_ticket = true;
             w.wrote(10s, 2, Rule::r4), quotes(w, 1);
         },
         "R3 append #1 ack:extend moves m2 from #2"},
        {"a closer stays where it did no harm",
         [=](World& w) { w.live(1), w.solved(2, 1h), w.wrote(10s, 2, Rule::r6), quotes(w, 1); },
         "R3 append #1 ack:extend"},
        {"a quoted closer pulls nothing",
         [=](World& w) { w.live(1), w.live(2), w.wrote(10s, 2, Rule::r5), quotes(w, 1), w.facts.message.closer = true; },
         "R3 append #1 ack:extend"},
        {"a tap carries its quote by itself and pulls nothing",
         [=](World& w) {
             w.live(1), w.live(2), w.wrote(10s, 2, Rule::r5), quotes(w, 1);
             w.facts.message.kind = MessageKind::button;
         },
         "R3 append #1 ack:extend"},
    }));
    check(c);
}
