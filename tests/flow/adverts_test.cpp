#include "world.hpp"

#include "deskbridge/flow/reply_windows.hpp"
#include "deskbridge/store/event_log.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;

namespace {

using nlohmann::json;

/// A customer who came from an advert, or did not.
struct FromAdvert {
    explicit FromAdvert(World& of) : world{of} {}

    void writes(std::string const& text, bool from_advert, std::chrono::milliseconds ago = {})
    {
        auto message = message_of(mara, "wamid.A" + std::to_string(++said), world.now() - ago);
        message["type"] = "text";
        message["text"] = {{"body", text}};
        if (from_advert)
            message["referral"] = {{"source_type", "ad"},   {"source_id", "120226305854810726"}, {"source_url", "https://fb.me/3cr4Wqqkv"},
                                   {"headline", "Chat with us"}, {"body", "Summer sale"},             {"ctwa_clid", "Aff-n8ZTODiE79d22"}};
        REQUIRE(world.deliver(world.sign(webhook({messages_change({"700100200300400"}, mara, json::array({message}))}))).status == 200);
    }
    void look()
    {
        flow::ReplyWindows windows{{*world.store, world.clock, world.around(), world.log, world.metrics, {}}};
        while (world.run(windows.step())) {
        }
    }
    /// "opened closed", since the last time.
    std::string told()
    {
        return world.store.read([this](store::Reading& reading) {
            auto q = reading.prepare("SELECT seq, type FROM event WHERE seq > ?1 AND type GLOB 'free_entry.*' ORDER BY seq");
            q.bind(1, seen);
            std::string out;
            while (q.step()) {
                seen = q.integer(0);
                out += (out.empty() ? "" : " ") + q.text(1).substr(11);
            }
            return out;
        });
    }
    [[nodiscard]] desk::TicketDetail ticket(std::string const& number = "1") { return world.perform("Ana", desk::ShowTicket{.ticket = number}); }

    World& world;
    int said{0};
    std::int64_t seen{0};
};

} // namespace

TEST_CASE("adverts: what brought the customer stays with the message, into whatever ticket it goes")
{
    World world;
    FromAdvert customer{world};
    customer.writes("Is it still on?", true);
    world.pass(5min);
    customer.writes("And in blue?", false);
    auto const shown = customer.ticket();
    REQUIRE(shown.referrals.size() == 1);
    CHECK(shown.referrals.front().referral ==
          Referral{"ad", "120226305854810726", "https://fb.me/3cr4Wqqkv", "Chat with us", "Summer sale"});
    CHECK(shown.referrals.front().message.value == 1);
    (void)world.perform("Ana", desk::Split{.ticket = "1", .messages = {MessageId{1}}});
    CHECK(customer.ticket().referrals.empty());
    CHECK(customer.ticket("2").referrals.size() == 1);
    customer.writes("Hello?", true);
    auto const page = world.perform("Ana", desk::ShowTicket{.ticket = "1", .limit = 1}); // of the messages of a page
    CHECK((page.earlier && page.referrals.size() == 1 && page.referrals.front().message == page.timeline.front().message.id));
    auto const before = world.perform("Ana", desk::ShowTicket{.ticket = "1", .before = page.timeline.front().message.id});
    CHECK(before.referrals.empty());
    CHECK(world.number_of("SELECT count(*) FROM event WHERE data LIKE '%Chat with us%' OR data LIKE '%Aff-n8ZTODiE79d22%'") == 0);
    CHECK_FALSE(world.log.has("Aff-n8ZTODiE79d22"));
    CHECK_FALSE(world.log.has("Chat with us"));
}

TEST_CASE("free entry: 72 h from our first answer, whoever gave it; the reply window is as long as ever")
{
    World world;
    FromAdvert customer{world};
    customer.writes("Is it still on?", true);
    CHECK(customer.told().empty());
    CHECK_FALSE(customer.ticket().ticket.row.free_entry_until.has_value());
    auto const asked = world.now();
    world.pass(30s); // the acknowledgement is an answer as well
    CHECK(customer.told() == "opened");
    auto const shown = customer.ticket().ticket;
    REQUIRE(shown.row.free_entry_until.has_value());
    CHECK(*shown.row.free_entry_until > asked + 71h + 55min);
    CHECK(*shown.row.free_entry_until < asked + 72h);
    CHECK(shown.reply_window_ends_at == asked + 23h + 55min);
    (void)world.perform("Ana", desk::Reply{.ticket = "1", .text = "Yes, until Friday."});
    CHECK(customer.told().empty()); // only the first one counts
    CHECK(customer.ticket().ticket.row.free_entry_until == shown.row.free_entry_until);
    customer.look();
    CHECK(world.metrics.gauge("deskbridge_free_entry_points").value() == 1);
    world.clock.set(*shown.row.free_entry_until - 1ms);
    customer.look();
    CHECK(customer.told().empty());
    world.clock.set(*shown.row.free_entry_until);
    customer.look();
    CHECK(customer.told() == "closed");
    CHECK(world.metrics.gauge("deskbridge_free_entry_points").value() == 0);
    CHECK_FALSE(customer.ticket().ticket.row.free_entry_until.has_value());
    customer.look();
    CHECK(customer.told().empty());
    CHECK(world.number_of("SELECT count(*) FROM free_entry") == 0);
}

TEST_CASE("free entry: not for an answer that comes too late, nor for who came by themselves")
{
    struct Case {
        std::string label;
        bool from_advert;
        std::chrono::milliseconds ago;
        std::chrono::milliseconds later;
        std::string told;
    };
    auto const c = GENERATE(values<Case>({
        {"answered in time", true, 0ms, 1h, "opened"},
        {"answered a day later", true, 0ms, 25h, ""},
        {"delivered late: it counts from when it was written", true, 23h, 2h, ""},
        {"not from an advert", false, 0ms, 1h, ""},
    }));
    INFO(c.label);
    World world;
    world.policy().acknowledge = false;
    FromAdvert customer{world};
    customer.writes("Is it still on?", c.from_advert, c.ago);
    world.pass(c.later);
    if (c.later > 24h || c.ago > 0ms)
        customer.writes("Hello?", false); // else its window is closed
    (void)world.perform("Ana", desk::Reply{.ticket = "1", .text = "Yes, until Friday."});
    CHECK(customer.told() == c.told);
}

TEST_CASE("free entry: an answer to another advert while it lasts prolongs it")
{
    World world;
    FromAdvert customer{world};
    customer.writes("Is it still on?", true);
    world.pass(1min);
    CHECK(customer.told() == "opened");
    auto const first = customer.ticket().ticket.row.free_entry_until;
    world.pass(20h);
    customer.writes("And this one?", true);
    (void)world.perform("Ana", desk::Reply{.ticket = "1", .text = "Both."});
    CHECK(customer.told().empty());
    CHECK(*customer.ticket().ticket.row.free_entry_until > *first + 19h);
}
