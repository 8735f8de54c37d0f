#include "scene.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace deskbridge;
using namespace std::chrono_literals;
using test::hash;
using test::Scene;

TEST_CASE("list: pages without gaps or repetitions, newest first, also at equal times")
{
    Scene scene;
    for (int i = 0; i < 25; ++i) {
        scene.open_ticket(std::to_string(i));
        if (i % 4 == 0)
            scene.clock.advance(1s);
    }
    std::vector<std::int64_t> seen;
    std::string after;
    int pages = 0;
    do {
        auto const page = scene.perform(desk::ListTickets{.after = after, .limit = 7});
        REQUIRE(page.has_value());
        for (auto const& card : page->tickets)
            seen.push_back(card.row.ticket.id.value);
        after = page->next;
        ++pages;
    } while (!after.empty());
    CHECK(pages == 4);
    CHECK(seen.size() == 25);
    CHECK(std::is_sorted(seen.rbegin(), seen.rend()));
    CHECK(std::set(seen.begin(), seen.end()).size() == 25);
}

TEST_CASE("list: filters")
{
    Scene scene;
    auto const mine = scene.open_ticket("mine");
    auto const bens = scene.open_ticket("bens");
    auto const solved = scene.open_ticket("solved", TicketStatus::solved);
    auto const free = scene.open_ticket("free");
    REQUIRE(scene.perform(desk::Assign{hash(mine), "me"}).has_value());
    REQUIRE(scene.perform(desk::Assign{hash(bens), "Ben"}).has_value());
    struct Case {
        std::string label;
        desk::ListTickets request;
        std::set<TicketId> found;
    };
    std::vector<Case> const cases{
        {"all", {}, {mine, bens, solved, free}},
        {"a status", {.statuses = {TicketStatus::solved}}, {solved}},
        {"several", {.statuses = {TicketStatus::new_, TicketStatus::solved}}, {solved, free}},
        {"mine", {.assignee = "me"}, {mine}},
        {"a colleague's by name", {.assignee = "Ben"}, {bens}},
        {"by id", {.assignee = std::to_string(scene.ben.agent.value)}, {bens}},
        {"nobody's", {.assignee = "none"}, {solved, free}},
        {"both", {.statuses = {TicketStatus::new_}, .assignee = "none"}, {free}},
    };
    for (auto const& c : cases) {
        INFO(c.label);
        auto const page = scene.perform(c.request);
        REQUIRE(page.has_value());
        std::set<TicketId> found;
        for (auto const& card : page->tickets)
            found.insert(card.row.ticket.id);
        CHECK(found == c.found);
    }
    desk::Caller const root{{}, "root", store::AgentRole::administrator};
    CHECK(scene.perform_as(root, desk::ListTickets{.assignee = "me"})->tickets.empty());
    CHECK(scene.perform(desk::ListTickets{.assignee = "Nobody"}).error().fault == Fault::malformed);
    for (auto const* after : {"x", "1", "1.", ".1", "1.x", "1.2.3", "-", "1.-5"}) {
        INFO(after);
        CHECK(scene.perform(desk::ListTickets{.after = after}).has_error());
    }
}

TEST_CASE("list: what a row says")
{
    Scene scene;
    auto const id = scene.open_ticket("parcel");
    REQUIRE(scene.perform(desk::Assign{hash(id), "me"}).has_value());
    auto const page = scene.perform(desk::ListTickets{});
    REQUIRE(page.has_value());
    REQUIRE(page->tickets.size() == 1);
    auto const& card = page->tickets.front();
    CHECK(card.row.assignee == "Ana Prado");
    CHECK(card.row.contact_name == "Maria");
    CHECK(card.row.account_name == "support");
    CHECK(card.row.channel == "short");
    REQUIRE(card.reply_window_ends_at.has_value());
    CHECK(*card.reply_window_ends_at > scene.clock.now() + 23h);
}

TEST_CASE("show: the timeline in order, in pages from its end")
{
    Scene scene;
    auto const id = scene.open_ticket("parcel");
    for (int i = 0; i < 5; ++i)
        scene.customer_says(id, std::to_string(i));
    auto const last = scene.perform(desk::ShowTicket{hash(id), {}, 2});
    REQUIRE(last.has_value());
    REQUIRE(last->timeline.size() == 2);
    CHECK(last->timeline[0].message.text == "3");
    CHECK(last->timeline[1].message.text == "4");
    CHECK(last->timeline[0].author == "Maria");
    CHECK(last->timeline[0].placements.size() == 1);
    CHECK(last->earlier);
    auto const first = scene.perform(desk::ShowTicket{hash(id), last->timeline[0].message.id, 3});
    REQUIRE(first.has_value());
    CHECK(first->timeline.size() == 3);
    CHECK(first->timeline[0].message.text == "0");
    CHECK_FALSE(first->earlier);
}

TEST_CASE("show: what came late stands where it was sent, and pages neither lose nor repeat it")
{
    Scene scene;
    auto const id = scene.open_ticket("parcel");
    auto const one = scene.customer_says(id, "1");
    auto const two = scene.customer_says(id, "2");
    scene.customer_says(id, "3");
    scene.customer_said(id, "1a", one);
    scene.customer_said(id, "2a", two);
    scene.customer_says(id, "4");
    scene.customer_said(id, "0", {});
    scene.customer_said(id, "1b", one);
    auto const limit = GENERATE(1, 2, 3, 5, 8, 9);
    INFO("pages of " << limit);
    std::string texts;
    MessageId before;
    for (bool more = true; more;) {
        auto const page = scene.perform(desk::ShowTicket{hash(id), before, limit});
        REQUIRE(page.has_value());
        REQUIRE_FALSE(page->timeline.empty());
        std::string shown;
        for (auto const& item : page->timeline)
            shown += item.message.text + ' ';
        texts = shown + texts;
        before = page->timeline.front().message.id;
        more = page->earlier;
    }
    CHECK(texts == "0 1 1a 1b 2 2a 3 4 ");
}
