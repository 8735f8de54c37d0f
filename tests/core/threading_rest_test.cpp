#include "core/threading_world.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace deskbridge::test;

TEST_CASE("R6: a closing word with none live opens and reopens nothing")
{
    auto const thanks = [](World& w) { w.facts.message.closer = true; };
    auto const c = GENERATE_COPY(values<Case>({
        {"no ticket: the conversation", thanks, "R6 conversation_only"},
        {"the newest ticket", [=](World& w) { w.solved(1, 2h), w.solved(2, 1h), thanks(w); }, "R6 append #2"},
        {"right after the solving notice",
         [=](World& w) { w.solved(1, 1min), w.facts.last_said = LastSaid{TicketId{1}, noon - 1min}, thanks(w); },
         "R6 append #1"},
        {"a closed one too", [=](World& w) { w.solved(1, 2h), w.solved(2, 1h, TicketStatus::closed), thanks(w); },
         "R6 append #2"},
        {"thirty days ago", [=](World& w) { w.solved(1, 720h), thanks(w); }, "R6 append #1"},
        {"longer ago: the conversation", [=](World& w) { w.solved(1, 720h + 1ms), thanks(w); }, "R6 conversation_only"},
        {"a sticker", [](World& w) { w.solved(1, 1h), w.facts.message.kind = MessageKind::sticker; }, "R6 append #1"},
        {"a sticker out of nowhere", [](World& w) { w.facts.message.kind = MessageKind::sticker; }, "R6 conversation_only"},
        {"with one live it belongs there", [=](World& w) { w.solved(1, 1min), w.live(2), thanks(w); },
         "R4 append #2 ack:extend"},
        {"endless reopen window: still no reopening",
         [=](World& w) { w.policy.reopen_window.reset(), w.solved(1, 1h), thanks(w); }, "R6 append #1"},
        {"after an order for something new: not used up by thanks",
         [=](World& w) { w.facts.new_asked_at = noon - 1min, w.solved(1, 1h), thanks(w); }, "R6 append #1"},
    }));
    check(c);
}

TEST_CASE("R7: none live, and one was solved within the reopen window")
{
    auto const c = GENERATE(values<Case>({
        {"one", [](World& w) { w.solved(1, 72h); }, "R7 reopen #1 or-new ack:reopened"},
        {"too long ago", [](World& w) { w.solved(1, 72h + 1ms); }, "R8 follow_up of #1 ack:follow_up"},
        {"the newest of several", [](World& w) { w.solved(1, 1h), w.solved(2, 2h); }, "R7 reopen #1 or-new ack:reopened"},
        {"a closed one is passed over", [](World& w) { w.solved(1, 2h), w.solved(2, 1h, TicketStatus::closed); },
         "R7 reopen #1 or-new ack:reopened"},
        {"no window", [](World& w) { w.policy.reopen_window = 0s, w.solved(1, 1h); }, "R8 follow_up of #1 ack:follow_up"},
        {"no window, same millisecond", [](World& w) { w.policy.reopen_window = 0s, w.solved(1, 0s); },
         "R8 follow_up of #1 ack:follow_up"},
        {"endless window", [](World& w) { w.policy.reopen_window.reset(), w.solved(1, 90000h); },
         "R7 reopen #1 or-new ack:reopened"},
        {"solved without a time: counted from its last activity",
         [](World& w) { w.solved(1, 80h).solved_at.reset(); }, "R8 follow_up of #1 ack:follow_up"},
        {"solved by a clock that is ahead of the provider's",
         [](World& w) { w.solved(1, -3s).intervals.clear(); }, "R7 reopen #1 or-new late ack:reopened"},
    }));
    check(c);
}

TEST_CASE("R8: else a new ticket")
{
    auto const c = GENERATE(values<Case>({
        {"a stranger", [](World&) {}, "R8 open ack:opened"},
        {"linked to one that was done two weeks ago", [](World& w) { w.solved(1, 336h); }, "R8 follow_up of #1 ack:follow_up"},
        {"not to one that was done earlier", [](World& w) { w.solved(1, 336h + 1ms); }, "R8 open ack:opened"},
        {"closed counts as well", [](World& w) { w.solved(1, 1h, TicketStatus::closed); }, "R8 follow_up of #1 ack:follow_up"},
        {"the one done last", [](World& w) { w.solved(1, 100h), w.solved(2, 90h, TicketStatus::closed), w.solved(3, 110h); },
         "R8 follow_up of #2 ack:follow_up"},
        {"merged-away ones are none", [](World& w) { w.solved(1, 1h, TicketStatus::closed).merged_into = TicketId{9}; },
         "R8 open ack:opened"},
        {"ordered: a new one beside a live one, and no follow-up",
         [](World& w) { w.live(1), w.solved(2, 1h), w.facts.new_asked_at = noon - 1min; }, "R8 open ack:opened"},
        {"ordered: also within a minute of the words before the order",
         [](World& w) { w.live(1), w.wrote(30s, 1), w.facts.new_asked_at = noon - 10s; }, "R8 open ack:opened"},
        {"ordered half an hour ago", [](World& w) { w.live(1), w.facts.new_asked_at = noon - 30min; }, "R8 open ack:opened"},
        {"ordered longer ago: forgotten", [](World& w) { w.live(1), w.facts.new_asked_at = noon - 30min - 1ms; },
         "R4 append #1 ack:extend"},
        {"sent before it was ordered", [](World& w) { w.live(1), w.facts.new_asked_at = noon + 1ms; }, "R4 append #1 ack:extend"},
        {"ordered, but this one names a ticket",
         [](World& w) { w.live(1), w.live(2), w.facts.new_asked_at = noon - 1min, w.facts.message.quoted_ticket = TicketId{1}; },
         "R3 append #1 ack:extend"},
    }));
    check(c);
}

TEST_CASE("every rule tells when the interval begins that it opens")
{
    World world;
    CHECK(world.decide().opened_at == noon);

    world.facts.message.sent_at = noon + 1h; // a provider's clock that is ahead
    CHECK(world.decide().opened_at == noon + 2s);

    World again;
    again.solved(1, 1h);
    CHECK(again.decide().opened_at == noon);

    World same; // opened, solved and reopened within one millisecond: intervals keep their own beginnings
    same.solved(1, 0s).intervals = {{noon, noon}};
    CHECK(same.told() == "R7 reopen #1 or-new ack:reopened");
    CHECK(same.decide().opened_at == noon + 1ms);

    World late; // sent before the solving: opens again when it comes
    late.solved(1, -1min);
    late.sent(0s, -2min);
    CHECK(late.decide().opened_at == noon + 2min);
}
