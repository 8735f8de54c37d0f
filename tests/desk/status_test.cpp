#include "scene.hpp"

#include "deskbridge/store/contact.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace std::chrono_literals;
using test::hash;
using test::Scene;

TEST_CASE("status: what follows from which status, and what the customer hears")
{
    using S = TicketStatus;
    struct Case {
        S from;
        S to;
        std::optional<S> becomes; ///< nullopt: conflict
        std::string notice;       ///< purpose; empty: none
    };
    auto const c = GENERATE(values<Case>({
        {S::new_, S::open, S::open, ""},
        {S::new_, S::pending, S::pending, "waiting_for_you"},
        {S::new_, S::on_hold, S::on_hold, ""},
        {S::new_, S::solved, S::solved, "solved"},
        {S::new_, S::closed, S::closed, ""},
        {S::open, S::pending, S::pending, "waiting_for_you"},
        {S::pending, S::pending, S::pending, ""},
        {S::pending, S::open, S::open, ""},
        {S::on_hold, S::solved, S::solved, "solved"},
        {S::solved, S::open, S::open, "reopened"},
        {S::solved, S::pending, std::nullopt, ""},
        {S::solved, S::solved, S::solved, ""},
        {S::solved, S::closed, S::closed, ""},
        {S::closed, S::open, std::nullopt, ""},
        {S::closed, S::solved, std::nullopt, ""},
        {S::closed, S::pending, std::nullopt, ""},
    }));
    INFO(render_status(c.from) << " -> " << render_status(c.to));
    Scene scene;
    auto const id = scene.open_ticket("parcel", c.from);
    scene.clock.advance(60s);
    auto const done = scene.perform(desk::SetStatus{hash(id), c.to, ""});
    REQUIRE(done.has_value() == c.becomes.has_value());
    if (!c.becomes) {
        CHECK(done.error().fault == Fault::conflict);
        CHECK(scene.ticket(id).status == c.from);
        return;
    }
    CHECK(done->row.ticket.status == *c.becomes);
    auto const told = scene.outbox();
    REQUIRE(told.size() == (c.notice.empty() ? 0 : 1));
    if (!told.empty())
        CHECK_THAT(told.front(), Catch::StartsWith("notice " + c.notice + ": "));
    CHECK(scene.rings == static_cast<int>(told.size()));
}

TEST_CASE("solve: the customer reads how, and R4 knows that they were told")
{
    Scene scene;
    auto const id = scene.open_ticket("parcel");
    REQUIRE(scene.perform(desk::SetStatus{hash(id), TicketStatus::solved, "We sent it again"}).has_value());
    auto const ticket = scene.ticket(id);
    CHECK(ticket.summary == "We sent it again");
    CHECK(ticket.solved_at == scene.clock.now());
    CHECK(ticket.solved_notice_at == scene.clock.now());
    REQUIRE(scene.outbox().size() == 1);
    CHECK_THAT(scene.outbox().front(), Catch::Contains("We sent it again"));

    SECTION("the same again is fine, another summary is not")
    {
        CHECK(scene.perform(desk::SetStatus{hash(id), TicketStatus::solved, "We sent it again"}).has_value());
        auto const other = scene.perform(desk::SetStatus{hash(id), TicketStatus::solved, "It was lost"});
        REQUIRE(other.has_error());
        CHECK(other.error().fault == Fault::conflict);
        CHECK(scene.ticket(id).summary == "We sent it again");
    }
    SECTION("reopened and solved without words: the old summary is not told again")
    {
        REQUIRE(scene.perform(desk::SetStatus{hash(id), TicketStatus::open, ""}).has_value());
        CHECK(scene.ticket(id).reopen_count == 1);
        REQUIRE(scene.perform(desk::SetStatus{hash(id), TicketStatus::solved, ""}).has_value());
        CHECK(scene.ticket(id).summary.empty());
    }
    SECTION("what was not said yet is superseded by what is true now")
    {
        REQUIRE(scene.perform(desk::SetStatus{hash(id), TicketStatus::open, ""}).has_value());
        auto const shown = scene.perform(desk::ShowTicket{hash(id), {}, 10});
        REQUIRE(shown.has_value());
        REQUIRE(shown->timeline.size() == 2);
        CHECK(shown->timeline[0].delivery == "cancelled");
        CHECK(shown->timeline[1].delivery == "queued");
    }
}

TEST_CASE("status: malformed wishes")
{
    struct Case {
        std::string label;
        desk::SetStatus request;
    };
    auto const c = GENERATE(values<Case>({
        {"back to new", {"1", TicketStatus::new_, ""}},
        {"a summary without solving", {"1", TicketStatus::open, "why"}},
        {"a summary that is too long", {"1", TicketStatus::solved, std::string(1001, 'x')}},
    }));
    INFO(c.label);
    Scene scene;
    scene.open_ticket("parcel");
    auto const done = scene.perform(c.request);
    REQUIRE(done.has_error());
    CHECK(done.error().fault == Fault::malformed);
}

namespace {

void cap(Scene& scene)
{
    scene.accounts.front()->policy.automatic_per_hour = 0;
}

void say_stop(Scene& scene)
{
    scene.store.write([&](store::Tx& tx) {
        auto contact = *store::find_contact(tx, scene.contact);
        contact.stopped_at = scene.clock.now();
        store::save_contact(tx, contact);
    });
}

} // namespace

TEST_CASE("notices: nobody is told who should not be, and the agent and the log hear why")
{
    struct Case {
        std::string label;
        std::function<void(Scene&)> given;
        std::string why; ///< "" : the customer is told
        std::string summary{};
    };
    auto const c = GENERATE(values<Case>({
        {"all is well", [](Scene&) {}, ""},
        {"switched off for the account", [](Scene& s) { s.accounts.front()->policy.notices.solved = false; }, "switched_off"},
        {"another kind is switched off", [](Scene& s) { s.accounts.front()->policy.notices.reopened = false; }, ""},
        {"the reply window is closed", [](Scene& s) { s.clock.advance(25h); }, "window_closed"},
        {"the reply window is closed, whatever the agent wrote", [](Scene& s) { s.clock.advance(25h); }, "window_closed", "Sent again"},
        {"the account is gone", [](Scene& s) { s.accounts.clear(); }, "no_account"},
        {"enough automatic messages for this hour", cap, "capped"},
        {"the cap is not for words that an agent wrote", cap, "", "Sent again"},
        {"the customer said stop", say_stop, "opted_out"},
    }));
    INFO(c.label);
    Scene scene;
    auto const id = scene.open_ticket("parcel");
    c.given(scene);
    auto const before = scene.now_in_log();
    auto const solved = scene.perform(desk::SetStatus{hash(id), TicketStatus::solved, c.summary});
    REQUIRE(solved.has_value());
    CHECK(scene.outbox().size() == (c.why.empty() ? 1 : 0));
    CHECK(scene.ticket(id).solved_notice_at.has_value() == c.why.empty());
    CHECK((solved->not_told ? render_withholding(solved->not_told->why) : "") == c.why);

    auto const shown = scene.perform(desk::ShowTicket{hash(id), {}, 10});
    REQUIRE(shown.has_value());
    REQUIRE(shown->withheld.size() == (c.why.empty() ? 0 : 1));
    if (!c.why.empty())
        CHECK(shown->withheld.front().data == R"({"class":"notice","purpose":"solved","reason":")" + c.why + R"("})");
    CHECK(shown->withheld.size() == static_cast<std::size_t>(scene.count("message.withheld", before)));
}

TEST_CASE("assign: to me, to a colleague, to nobody")
{
    Scene scene;
    auto const id = scene.open_ticket("parcel");
    auto const before = scene.now_in_log();

    auto const taken = scene.perform_as(scene.ben, desk::Assign{hash(id), "me"});
    REQUIRE(taken.has_value());
    CHECK(taken->row.assignee == "Ben");
    CHECK(taken->row.ticket.status == TicketStatus::open);
    CHECK(taken->row.ticket.last_step == "taken_over");
    REQUIRE(scene.outbox().size() == 1);
    CHECK_THAT(scene.outbox().front(), Catch::StartsWith("notice taken_over: ") && Catch::Contains("Ben"));
    CHECK(scene.events(before) == "ticket.status_changed ticket.seen message.queued ticket.assigned");

    REQUIRE(scene.perform(desk::Assign{hash(id), "Ben"}).has_value()); // it is theirs already
    REQUIRE(scene.perform(desk::Assign{hash(id), "Ana Prado"}).has_value());
    CHECK(scene.ticket(id).assignee == scene.ana.agent);
    CHECK(scene.outbox().size() == 1); // from one agent to another is no news to the customer
    REQUIRE(scene.perform(desk::Assign{hash(id), std::nullopt}).has_value());
    CHECK_FALSE(scene.ticket(id).assignee);
    CHECK(scene.events(before) == "ticket.status_changed ticket.seen message.queued ticket.assigned ticket.assigned ticket.assigned");
}

TEST_CASE("assign: to whom it cannot be given")
{
    Scene scene;
    auto const id = scene.open_ticket("parcel");
    auto const closed = scene.open_ticket("old", TicketStatus::closed);
    REQUIRE(scene.perform(desk::DisableAgent{scene.ben.agent}).has_value());
    desk::Caller const root{{}, "root", store::AgentRole::administrator};
    struct Case {
        desk::Caller caller;
        std::string ticket;
        std::string to;
        Fault fault;
    };
    for (auto const& c : std::vector<Case>{
             {scene.ana, hash(id), "Nobody Here", Fault::malformed},
             {scene.ana, hash(id), "999", Fault::malformed},
             {scene.ana, hash(id), "Ben", Fault::conflict},
             {root, hash(id), "me", Fault::conflict},
             {scene.ana, hash(closed), "me", Fault::conflict},
             {scene.ana, "#999", "me", Fault::not_found},
         }) {
        INFO(c.ticket << " to " << c.to);
        auto const done = scene.perform_as(c.caller, desk::Assign{c.ticket, c.to});
        REQUIRE(done.has_error());
        CHECK(done.error().fault == c.fault);
    }
    CHECK_FALSE(scene.ticket(id).assignee);
}

TEST_CASE("seen: told once, with the customer's newest message, by whatever an agent does with the ticket")
{
    struct Case {
        std::string label;
        std::function<bool(Scene&, std::string const&)> look;
    };
    auto const c = GENERATE(values<Case>({
        {"read", [](Scene& s, std::string const& t) { return s.perform(desk::MarkSeen{t}).has_value(); }},
        {"answered", [](Scene& s, std::string const& t) { return s.perform(desk::Reply{t, "on its way", {}, ""}).has_value(); }},
        {"noted", [](Scene& s, std::string const& t) { return s.perform(desk::Note{t, "calls the carrier", ""}).has_value(); }},
        {"taken", [](Scene& s, std::string const& t) { return s.perform(desk::Assign{t, "me"}).has_value(); }},
        {"solved", [](Scene& s, std::string const& t) { return s.perform(desk::SetStatus{t, TicketStatus::solved, ""}).has_value(); }},
    }));
    INFO(c.label);
    Scene scene;
    auto const id = scene.open_ticket("parcel");
    scene.customer_says(id, "hello");
    auto const newest = scene.customer_says(id, "where is it");
    auto const before = scene.now_in_log();
    REQUIRE(c.look(scene, hash(id)));
    CHECK_FALSE(scene.ticket(id).unseen);
    std::vector<MessageId> seen;
    for (auto const& event : scene.logged(before))
        if (event.type == "ticket.seen")
            seen.push_back(event.message);
    CHECK(seen == std::vector<MessageId>{newest});

    auto const after = scene.now_in_log();
    REQUIRE(scene.perform(desk::MarkSeen{hash(id)}).has_value());
    CHECK(scene.events(after).empty());
}
