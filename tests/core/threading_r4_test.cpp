#include "core/threading_world.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace deskbridge::test;

namespace {

void said(World& w, int ticket, Duration ago)
{
    w.facts.last_said = LastSaid{TicketId{ticket}, noon - ago};
}

} // namespace

TEST_CASE("R4: exactly one candidate")
{
    auto const c = GENERATE(values<Case>({
        {"one live", [](World& w) { w.live(1, TicketStatus::open, 1000h); }, "R4 append #1 ack:extend"},
        {"one live, new", [](World& w) { w.live(1, TicketStatus::new_); }, "R4 append #1 ack:extend"},
        {"one live, pending", [](World& w) { w.live(1, TicketStatus::pending); }, "R4 append #1 ack:extend"},
        {"one live, on hold", [](World& w) { w.live(1, TicketStatus::on_hold); }, "R4 append #1 ack:extend"},
        {"solved ones do not count by themselves",
         [](World& w) { w.live(1), w.solved(2, 1min); }, "R4 append #1 ack:extend"},
        {"merged-away ones do not count",
         [](World& w) { w.live(1), w.live(2).merged_into = TicketId{1}; }, "R4 append #1 ack:extend"},
        {"the solved one that was spoken of last: reopened, with something new on offer",
         [](World& w) { w.solved(1, 11h), said(w, 1, 12h); }, "R4 reopen #1 or-new ack:reopened"},
        {"spoken of longer ago: R7 sees to it",
         [](World& w) { w.solved(1, 11h), said(w, 1, 12h + 1ms); }, "R7 reopen #1 or-new ack:reopened"},
        {"spoken of, but not the newest solved one",
         [](World& w) { w.solved(1, 2h), w.solved(2, 1h), said(w, 1, 1h); }, "R7 reopen #2 or-new ack:reopened"},
        {"spoken of under the number it had before a merge",
         [](World& w) {
             w.solved(1, 2h, TicketStatus::closed).merged_into = TicketId{2};
             w.solved(2, 1h), said(w, 1, 1h);
         },
         "R4 reopen #2 or-new ack:reopened"},
        {"spoken of, but closed since", [](World& w) { w.solved(1, 1h, TicketStatus::closed), said(w, 1, 1h); },
         "R8 follow_up of #1 ack:follow_up"},
        {"spoken of, but never to be reopened",
         [](World& w) { w.policy.reopen_window = 0s, w.solved(1, 1h), said(w, 1, 1h); },
         "R8 follow_up of #1 ack:follow_up"},
        {"the newest of ties is the newer ticket",
         [](World& w) { w.solved(1, 1h), w.solved(2, 1h), said(w, 2, 1h); }, "R4 reopen #2 or-new ack:reopened"},
        {"the last word was about the live one",
         [](World& w) { w.live(1), w.solved(2, 1h), said(w, 1, 1min); }, "R4 append #1 ack:extend"},
    }));
    check(c);
}

TEST_CASE("R5: several candidates")
{
    auto const asked = [](World& w, int id, Duration ago) { w.ticket(id).unanswered_agent_at = noon - ago; };
    auto const c = GENERATE_COPY(values<Case>({
        {"the one with an unanswered agent message",
         [=](World& w) { w.live(1, TicketStatus::open, 9h), w.live(2), asked(w, 1, 9h); }, "R5 append #1 ack:extend"},
        {"unanswered for twelve hours", [=](World& w) { w.live(1, TicketStatus::open, 9h), w.live(2), asked(w, 1, 12h); },
         "R5 append #1 ack:extend"},
        {"unanswered for longer: nobody waits any more",
         [=](World& w) { w.live(1, TicketStatus::open, 9h), w.live(2), asked(w, 1, 12h + 1ms); },
         "R5 append #2 guess list ack:extend"},
        {"the only pending one",
         [](World& w) { w.live(1, TicketStatus::pending, 9h), w.live(2), w.live(3, TicketStatus::on_hold, 1min); },
         "R5 append #1 ack:extend"},
        {"unanswered and pending agree",
         [=](World& w) { w.live(1, TicketStatus::pending, 9h), w.live(2), asked(w, 1, 1h); },
         "R5 append #1 ack:extend"},
        {"unanswered and pending disagree: a guess, and a list",
         [=](World& w) { w.live(1, TicketStatus::pending, 9h), w.live(2), w.live(3, TicketStatus::open, 2h), asked(w, 3, 2h); },
         "R5 append #2 guess list ack:extend"},
        {"one unanswered among two pending",
         [=](World& w) { w.live(1, TicketStatus::pending, 9h), w.live(2, TicketStatus::pending), asked(w, 1, 1h); },
         "R5 append #1 ack:extend"},
        {"two unanswered, one of them the only pending one",
         [=](World& w) {
             w.live(1, TicketStatus::pending, 9h), w.live(2), asked(w, 1, 1h), asked(w, 2, 1h);
         },
         "R5 append #1 ack:extend"},
        {"two unanswered, and a third one is pending",
         [=](World& w) {
             w.live(1, TicketStatus::pending, 9h), w.live(2, TicketStatus::open, 2h), w.live(3), asked(w, 2, 1h),
                 asked(w, 3, 1h);
         },
         "R5 append #3 guess list ack:extend"},
        {"two unanswered and nothing else",
         [=](World& w) { w.live(1, TicketStatus::open, 2h), w.live(2), asked(w, 1, 1h), asked(w, 2, 2h); },
         "R5 append #2 guess list ack:extend"},
        {"two pending and nothing else: the one active last",
         [](World& w) { w.live(1, TicketStatus::pending, 1h), w.live(2, TicketStatus::pending, 2h); },
         "R5 append #1 guess list ack:extend"},
        {"nothing speaks for any: the one active last",
         [](World& w) { w.live(1, TicketStatus::open, 2h), w.live(2, TicketStatus::new_, 1h), w.live(3, TicketStatus::open, 3h); },
         "R5 append #2 guess list ack:extend"},
        {"equally active: the newer ticket, in whatever order they are loaded",
         [](World& w) { w.live(3), w.live(1), w.live(2); }, "R5 append #3 guess list ack:extend"},
        {"a live one and the solved one that was spoken of last",
         [](World& w) { w.live(1, TicketStatus::open, 5h), w.solved(2, 1h), said(w, 2, 1h); },
         "R5 reopen #2 guess list ack:reopened"},
        {"…the live one is pending",
         [](World& w) { w.live(1, TicketStatus::pending, 5h), w.solved(2, 1h), said(w, 2, 1h); },
         "R5 append #1 ack:extend"},
        {"…the agent's last message in the solved one is unanswered",
         [=](World& w) { w.live(1, TicketStatus::open, 1min), w.solved(2, 1h), said(w, 2, 1h), asked(w, 2, 1h); },
         "R5 reopen #2 ack:reopened"},
        {"a closer is guessed without a list, and reopens nothing",
         [](World& w) {
             w.live(1, TicketStatus::open, 5h), w.solved(2, 1h), said(w, 2, 1h);
             w.facts.message.closer = true;
         },
         "R5 append #2 guess"},
        {"a closer among live ones",
         [](World& w) { w.live(1, TicketStatus::open, 5h), w.live(2), w.facts.message.closer = true; },
         "R5 append #2 guess ack:extend"},
    }));
    check(c);
}

TEST_CASE("R5: the candidates are told, the chosen one first")
{
    World world;
    world.live(1, TicketStatus::open, 3h);
    world.live(2, TicketStatus::open, 1h);
    world.ticket(1).unanswered_agent_at = noon - 3h;
    world.solved(3, 2h);
    said(world, 3, 2h);
    auto const decision = world.decide();
    REQUIRE(decision.candidates.size() == 3);
    CHECK(decision.candidates[0] == Candidate{TicketId{1}, "live"});
    CHECK(decision.candidates[2] == Candidate{TicketId{3}, "solved; what was said last was about it"});
    CHECK(decision.answers_agent);
    CHECK(decision.marks_unseen);
    CHECK(render_candidates(decision.candidates) ==
          R"([{"because":"live","ticket":1},{"because":"live","ticket":2},)"
          R"({"because":"solved; what was said last was about it","ticket":3}])");
}
