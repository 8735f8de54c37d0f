#include "scene.hpp"

#include "deskbridge/store/contact.hpp"
#include "deskbridge/store/conversation.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
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

TEST_CASE("list: by the ends of the reply windows, page by page; those that are closed are not in it")
{
    Scene scene;
    auto const early = scene.open_ticket("early");
    auto const early_too = scene.open_ticket("of the same conversation");
    auto const solved = scene.open_ticket("solved", TicketStatus::solved);
    std::vector<TicketId> expected{early, early_too};
    auto const began = scene.clock.now();
    for (int i = 1; i <= 5; ++i) {
        auto const id = scene.open_ticket(std::to_string(i));
        scene.store.write([&](store::Tx& tx) {
            auto const contact = store::insert_contact(tx, "", "C", scene.clock.now());
            auto const conversation = store::insert_conversation(tx, scene.account, contact, scene.clock.now());
            store::raise_window(tx, conversation, began + std::chrono::minutes{i / 2}); // two begin at the same moment
            auto q = tx.prepare("UPDATE ticket SET conversation_id = ?2 WHERE ticket_id = ?1");
            q.bind(1, id);
            q.bind(2, conversation);
            q.run();
        });
        expected.push_back(id);
    }
    std::vector<TicketId> walked;
    std::string after;
    for (int pages = 0; pages < 10 && (pages == 0 || !after.empty()); ++pages) {
        auto const page = scene.perform(desk::ListTickets{
            .statuses = {TicketStatus::new_}, .order = desk::TicketOrder::window, .after = after, .limit = 2});
        REQUIRE(page.has_value());
        for (auto const& card : page->tickets)
            walked.push_back(card.row.ticket.id);
        after = page->next;
    }
    CHECK(walked == expected);
    auto const all = scene.perform(desk::ListTickets{.order = desk::TicketOrder::window});
    CHECK(all->tickets.size() == expected.size() + 1);
    CHECK(std::any_of(all->tickets.begin(), all->tickets.end(), [&](auto const& card) { return card.row.ticket.id == solved; }));
    REQUIRE(scene.perform(desk::Assign{hash(early), "me"}).has_value());
    auto const mine = scene.perform(desk::ListTickets{.assignee = "me", .order = desk::TicketOrder::window});
    CHECK(mine->tickets.size() == 1);
    for (auto const* wrong : {"1", "1.2", "1.2.x", "1.2.3.4", "-1.2.3"})
        CHECK(scene.perform(desk::ListTickets{.order = desk::TicketOrder::window, .after = wrong}).has_error());
    scene.clock.advance(24h);
    CHECK(scene.perform(desk::ListTickets{.order = desk::TicketOrder::window})->tickets.empty());
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

TEST_CASE("show: the whole chat, page by page, with other tickets' messages and those of none")
{
    Scene scene;
    auto const first = scene.open_ticket("first");
    auto const second = scene.open_ticket("second");
    scene.customer_says(first, "1");
    scene.customer_says(second, "2");
    scene.customer_says({}, "3");
    scene.customer_said(second, "0", {}); // late: it stands above all
    std::string walked;
    desk::ShowTicket request{.ticket = hash(first), .limit = 3, .chat = true};
    for (int pages = 0; pages < 5; ++pages) {
        auto const page = scene.perform(request);
        REQUIRE(page.has_value());
        std::string texts;
        for (auto const& item : page->timeline)
            texts += item.message.text;
        walked = texts + walked;
        if (!page->earlier)
            break;
        request.before = page->timeline.front().message.id;
    }
    CHECK(walked == "0123");
    CHECK(scene.perform(desk::ShowTicket{.ticket = hash(first)})->timeline.size() == 1);
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
