#include "core/threading_world.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace deskbridge;
using namespace deskbridge::test;

namespace {

/// #1 was open when the message was sent and was solved ten minutes later; the message comes after twenty.
void overtaken_by_solving(World& w)
{
    w.solved(1, -10min);
    w.sent(0s, -20min);
}

} // namespace

TEST_CASE("R9: what was sent when other tickets were open is placed by their open intervals")
{
    auto const c = GENERATE(values<Case>({
        {"unseen before the solving: reopened", overtaken_by_solving, "R9 reopen #1 late ack:reopened"},
        {"…although nothing is ever reopened here",
         [](World& w) { overtaken_by_solving(w), w.policy.reopen_window = 0s; }, "R9 reopen #1 late ack:reopened"},
        {"a closer does not reopen", [](World& w) { overtaken_by_solving(w), w.facts.message.closer = true; },
         "R9 append #1 late"},
        {"…although another one is live",
         [](World& w) { overtaken_by_solving(w), w.live(2).intervals = {{noon + 15min, std::nullopt}}; },
         "R9 reopen #1 late ack:reopened"},
        {"closed since: a follow-up",
         [](World& w) { overtaken_by_solving(w), w.ticket(1).status = TicketStatus::closed; },
         "R9 follow_up of #1 late ack:follow_up"},
        {"closed since, and its follow-up is live",
         [](World& w) {
             overtaken_by_solving(w), w.ticket(1).status = TicketStatus::closed;
             auto& next = w.live(2);
             next.follow_up_of = TicketId{1};
             next.intervals = {{noon + 15min, std::nullopt}};
         },
         "R9 append #2 late ack:extend"},
        {"solved, reopened and still open: nothing has changed for it",
         [](World& w) {
             w.live(1).intervals = {{noon - 1h, noon + 5min}, {noon + 6min, std::nullopt}};
             w.sent(0s, -20min);
         },
         "R4 append #1 ack:extend"},
        {"another one has been opened since",
         [](World& w) {
             w.live(1, TicketStatus::open, 5h);
             w.live(2, TicketStatus::open, -5min).intervals = {{noon + 1min, std::nullopt}};
             w.sent(0s, -20min);
         },
         "R9 append #1 late ack:extend"},
        {"it has been merged since",
         [](World& w) {
             overtaken_by_solving(w);
             w.ticket(1).status = TicketStatus::closed;
             w.ticket(1).merged_into = TicketId{2};
             w.live(2).intervals = {{noon + 1min, std::nullopt}};
             w.live(3, TicketStatus::open, -5min).intervals = {{noon + 2min, std::nullopt}};
         },
         "R9 append #2 late ack:extend"},
        {"sent at the very moment of the solving: not before it",
         [](World& w) { w.solved(1, 0s), w.sent(0s, -20min); }, "R7 reopen #1 or-new ack:reopened"},
        {"sent at the very moment of the opening",
         [](World& w) {
             w.solved(1, -10min).intervals = {{noon, noon + 10min}};
             w.sent(0s, -20min);
         },
         "R9 reopen #1 late ack:reopened"},
        {"a millisecond before the opening: nothing was open",
         [](World& w) {
             w.live(1).intervals = {{noon + 1ms, std::nullopt}};
             w.sent(0s, -20min);
         },
         "R4 append #1 ack:extend"},
        {"in a gap between two intervals: nothing was open",
         [](World& w) {
             w.live(1).intervals = {{noon - 2h, noon - 1h}, {noon + 1h, std::nullopt}};
             w.sent(0s, -3h);
         },
         "R4 append #1 ack:extend"},
        {"what it quotes counts more",
         [](World& w) { overtaken_by_solving(w), w.live(2), w.facts.message.quoted_ticket = TicketId{2}; },
         "R3 append #2 ack:extend"},
        {"its burst counts more",
         [](World& w) { overtaken_by_solving(w), w.live(2), w.wrote(20s, 2); }, "R2 append #2 ack:extend"},
    }));
    check(c);
}

TEST_CASE("R9: several were open when it was sent")
{
    auto const c = GENERATE(values<Case>({
        {"one of them is live: a guess, for the other one may have been meant",
         [](World& w) { overtaken_by_solving(w), w.live(2, TicketStatus::open, 9h); },
         "R9 append #2 guess list late ack:extend"},
        {"of the live ones, the one whose agent waits, as in R5",
         [](World& w) {
             overtaken_by_solving(w);
             w.live(2, TicketStatus::open, 9h).unanswered_agent_at = noon - 1h;
             w.live(3);
         },
         "R9 append #2 late ack:extend"},
        {"all solved: the one active last",
         [](World& w) { overtaken_by_solving(w), w.solved(2, -5min); }, "R9 reopen #1 guess list late ack:reopened"},
        {"no list for a closer",
         [](World& w) { overtaken_by_solving(w), w.solved(2, -5min), w.facts.message.closer = true; },
         "R9 append #1 guess late"},
    }));
    check(c);
}

TEST_CASE("out of order by more than a minute is marked late, whatever rule places it")
{
    struct Case {
        std::string label;
        std::function<void(World&)> given;
        bool late;
    };
    auto const c = GENERATE(values<Case>({
        {"a newer message is there", [](World& w) { w.facts.newest_sent_at = noon + 60s + 1ms; }, true},
        {"newer by a minute: clocks and parallel deliveries", [](World& w) { w.facts.newest_sent_at = noon + 60s; }, false},
        {"an agent has written since", [](World& w) { w.facts.agent_wrote_at = {noon - 1h, noon + 2min}; }, true},
        {"delivered after hours, and nothing came in between", [](World& w) { w.sent(0s, -5h); }, false},
        {"in order", [](World& w) { w.facts.newest_sent_at = noon - 1s; }, false},
    }));
    World world;
    world.live(1);
    c.given(world);
    INFO(c.label);
    CHECK(world.decide().late == c.late);
}

TEST_CASE("deliveries in any order end in one ticket")
{
    // Five messages of one matter, two minutes apart, each placed with what the others had made of the world.
    std::vector<int> order{0, 1, 2, 3, 4};
    do {
        World world;
        std::vector<BurstMember> placed;
        for (auto const position : order) {
            world.facts.message.sent_at = noon + position * 2min;
            world.facts.message.received_at = noon + 10min;
            auto const decision = world.decide();
            INFO("position " << position << ": " << tell(decision));
            if (position == order.front()) {
                REQUIRE(decision.target.action == PlacementAction::open);
                world.live(1, TicketStatus::new_).intervals = {{decision.opened_at, std::nullopt}};
            } else {
                REQUIRE(decision.target == Target{PlacementAction::append, TicketId{1}, {}});
            }
            world.wrote(-position * 2min, 1, decision.rule);
        }
    } while (std::next_permutation(order.begin(), order.end()));
}
