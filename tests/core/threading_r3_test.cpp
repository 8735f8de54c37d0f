#include "core/threading_world.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace deskbridge::test;

namespace {

auto quoting(int ticket, std::function<void(World&)> given)
{
    return [=](World& w) {
        given(w);
        w.facts.message.quoted_ticket = TicketId{ticket};
    };
}

} // namespace

TEST_CASE("R3: what a message names")
{
    auto const c = GENERATE(values<Case>({
        {"live: append, however active another one is",
         quoting(1, [](World& w) { w.live(1, TicketStatus::open, 99h), w.live(2, TicketStatus::pending, 1min); }),
         "R3 append #1 ack:extend"},
        {"on hold turns open", quoting(1, [](World& w) { w.live(1, TicketStatus::on_hold); }),
         "R3 append #1 ack:extend"},
        {"pending turns open", quoting(1, [](World& w) { w.live(1, TicketStatus::pending); }),
         "R3 append #1 ack:extend"},
        {"new stays new", quoting(1, [](World& w) { w.live(1, TicketStatus::new_); }), "R3 append #1 ack:extend"},
        {"solved, last millisecond of the reopen window", quoting(1, [](World& w) { w.solved(1, 72h); }),
         "R3 reopen #1 ack:reopened"},
        {"solved before that", quoting(1, [](World& w) { w.solved(1, 72h + 1ms); }), "R3 follow_up of #1 ack:follow_up"},
        {"its live follow-up goes on",
         quoting(1, [](World& w) { w.solved(1, 100h), w.live(2).follow_up_of = TicketId{1}; }), "R3 append #2 ack:extend"},
        {"of two live follow-ups the one active last",
         quoting(1, [](World& w) {
             w.solved(1, 100h);
             w.live(2, TicketStatus::open, 1h).follow_up_of = TicketId{1};
             w.live(3, TicketStatus::open, 2h).follow_up_of = TicketId{1};
         }),
         "R3 append #2 ack:extend"},
        {"a follow-up's follow-up",
         quoting(1, [](World& w) {
             w.solved(1, 300h);
             w.solved(2, 200h).follow_up_of = TicketId{1};
             w.live(3).follow_up_of = TicketId{2};
         }),
         "R3 append #3 ack:extend"},
        {"a follow-up that is solved too does not go on",
         quoting(1, [](World& w) { w.solved(1, 100h), w.solved(2, 1h).follow_up_of = TicketId{1}; }),
         "R3 follow_up of #1 ack:follow_up"},
        {"within the window it is reopened in spite of a live follow-up",
         quoting(1, [](World& w) { w.solved(1, 1h), w.live(2).follow_up_of = TicketId{1}; }), "R3 reopen #1 ack:reopened"},
        {"follow-ups that run in a circle end",
         quoting(1, [](World& w) {
             w.solved(1, 300h).follow_up_of = TicketId{2};
             w.solved(2, 200h).follow_up_of = TicketId{1};
         }),
         "R3 follow_up of #1 ack:follow_up"},
        {"closed is never reopened", quoting(1, [](World& w) { w.solved(1, 1min, TicketStatus::closed); }),
         "R3 follow_up of #1 ack:follow_up"},
        {"a merge is followed",
         quoting(1, [](World& w) {
             w.solved(1, 9h, TicketStatus::closed).merged_into = TicketId{2};
             w.solved(2, 8h, TicketStatus::closed).merged_into = TicketId{3};
             w.live(3), w.live(4, TicketStatus::open, 1s);
         }),
         "R3 append #3 ack:extend"},
        {"a merge into a solved one reopens that",
         quoting(1, [](World& w) {
             w.solved(1, 500h, TicketStatus::closed).merged_into = TicketId{2};
             w.solved(2, 8h);
         }),
         "R3 reopen #2 ack:reopened"},
        {"a ticket that is not the asker's is not named", quoting(9, [](World& w) { w.live(1), w.live(2).merged_into = TicketId{1}; }),
         "R4 append #1 ack:extend"},
        {"a closer goes there and does not reopen",
         quoting(1, [](World& w) { w.solved(1, 1h), w.live(2), w.facts.message.closer = true; }), "R3 append #1"},
        {"a sticker is a closer",
         quoting(1, [](World& w) { w.solved(1, 1h), w.facts.message.kind = MessageKind::sticker; }), "R3 append #1"},
        {"sent before it was solved: reopened beyond the window, and late",
         quoting(1, [](World& w) { w.policy.reopen_window = 0s, w.solved(1, -5min), w.sent(0s, -6min); }),
         "R3 reopen #1 late ack:reopened"},
    }));
    check(c);
}

TEST_CASE("R3: how long the reopen window is")
{
    struct Case {
        std::string label;
        std::optional<Duration> window;
        Duration solved_ago;
        std::string told;
    };
    auto const c = GENERATE(values<Case>({
        {"zero: never", 0s, 1ms, "R3 follow_up of #1 ack:follow_up"},
        {"zero: not in the same millisecond either", 0s, 0s, "R3 follow_up of #1 ack:follow_up"},
        {"endless: always", std::nullopt, 24h * 365 * 20, "R3 reopen #1 ack:reopened"},
        {"an hour, just inside", 1h, 1h, "R3 reopen #1 ack:reopened"},
        {"an hour, just outside", 1h, 1h + 1ms, "R3 follow_up of #1 ack:follow_up"},
    }));
    INFO(c.label);
    World world;
    world.policy.reopen_window = c.window;
    world.solved(1, c.solved_ago);
    world.facts.message.quoted_ticket = TicketId{1};
    CHECK(world.told() == c.told);
}

TEST_CASE("R3: several names")
{
    World world;
    for (int id = 1; id <= 4; ++id)
        world.live(id);
    auto& message = world.facts.message;
    message.references = {TicketId{4}, TicketId{3}};
    CHECK(world.told() == "R3 append #4 guess ack:extend"); // two references: the first, but who knows
    CHECK(world.decide().candidates.size() == 2);

    message.quoted_ticket = TicketId{2};
    CHECK(world.told() == "R3 append #2 ack:extend");
    message.payload_ticket = TicketId{1};
    CHECK(world.told() == "R3 append #1 ack:extend");
    CHECK(world.decide().candidates.size() == 4);

    message.payload_ticket = TicketId{9};
    CHECK(world.told() == "R3 append #2 ack:extend");

    message = {};
    message.sent_at = message.received_at = noon;
    world.ticket(4).merged_into = TicketId{3};
    message.references = {TicketId{4}, TicketId{3}};
    CHECK(world.told() == "R3 append #3 ack:extend"); // both are the same ticket now
}
