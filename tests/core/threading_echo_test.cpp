#include "core/threading_world.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace deskbridge::test;

TEST_CASE("E: what is typed on the business phone opens and reopens nothing")
{
    struct Case {
        std::string label;
        std::function<void(World&)> given;
        int quoted;
        std::string told;
    };
    auto const c = GENERATE(values<Case>({
        {"no ticket at all", [](World&) {}, 0, "E conversation_only no-matter"},
        {"the live one that was active last",
         [](World& w) {
             w.live(1, TicketStatus::open, 2h);
             w.live(2, TicketStatus::pending, 1h);
             w.live(3, TicketStatus::new_, 3h);
         },
         0, "E append #2 no-matter"},
        {"equally active: the newer one",
         [](World& w) {
             w.live(2);
             w.live(1);
         },
         0, "E append #2 no-matter"},
        {"a live one before a solved one that was active later",
         [](World& w) {
             w.live(1, TicketStatus::on_hold, 100h);
             w.solved(2, 1h);
         },
         0, "E append #1 no-matter"},
        {"none live: the newest solved one, which stays solved",
         [](World& w) {
             w.solved(1, 1000h);
             w.solved(2, 2000h);
         },
         0, "E append #1 no-matter"},
        {"closed ones are over", [](World& w) { w.solved(1, 1h, TicketStatus::closed); }, 0, "E conversation_only no-matter"},
        {"a quote decides",
         [](World& w) {
             w.live(1);
             w.solved(2, 1h);
         },
         2, "E append #2 no-matter"},
        {"a quote of a closed one too", [](World& w) { w.solved(1, 1h, TicketStatus::closed); }, 1, "E append #1 no-matter"},
        {"a quote follows merges",
         [](World& w) {
             w.solved(1, 9h, TicketStatus::closed).merged_into = TicketId{3};
             w.live(2, TicketStatus::open, 1min);
             w.live(3);
         },
         1, "E append #3 no-matter"},
        {"a quote of somebody else's ticket says nothing", [](World& w) { w.live(1); }, 99, "E append #1 no-matter"},
        {"merged-away tickets do not count",
         [](World& w) {
             w.live(1, TicketStatus::open, 1min).merged_into = TicketId{2};
             w.live(2, TicketStatus::open, 5h);
         },
         0, "E append #2 no-matter"},
    }));
    World world;
    c.given(world);
    auto const decision = decide_echo({false, TicketId{c.quoted}, world.facts.tickets}, world.policy);
    INFO(c.label);
    CHECK(tell(decision) == c.told);
    CHECK_FALSE(decision.marks_unseen);
    CHECK(decision.settings_version == "v7");
}

TEST_CASE("E: to a group it stays in the conversation")
{
    World world;
    world.live(1);
    CHECK(tell(decide_echo({true, TicketId{1}, world.facts.tickets}, world.policy)) == "E conversation_only no-matter");
}
