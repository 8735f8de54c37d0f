#include "bot.hpp"

#include "deskbridge/flow/reply_windows.hpp"

using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

/// Ana, who writes to the business account of Olga, or to the bot itself.
struct Ana {
    Ana() { bot.world.policy("bot").acknowledge = false; }

    void writes_to_business(std::string const& text = "Hello Olga")
    {
        auto message = bot.message(text);
        message["business_connection_id"] = "gBcK7Zz_-1";
        CHECK(bot.deliver("business_message", std::move(message)).status == 200);
    }

    /// "opened closing240 closed", since the last time; the walk goes often enough to meet each mark before the next one.
    std::string told_within(std::chrono::minutes duration)
    {
        for (auto const until = bot.world.now() + duration;;) {
            flow::ReplyWindows windows{{*bot.world.store, bot.world.clock, bot.world.around(), bot.world.log, bot.world.metrics, [] {}}};
            while (bot.world.run(windows.step())) {
            }
            if (bot.world.now() >= until)
                break;
            bot.world.pass(std::min<std::chrono::milliseconds>(25min, until - bot.world.now()));
        }
        auto const all = rows(bot.world, "SELECT substr(type, 8) || coalesce(json_extract(data, '$.left_minutes'), '') FROM event "
                                         "WHERE type GLOB 'window.*' ORDER BY seq");
        auto const fresh = all.substr(std::min(all.size(), heard));
        heard = all.size();
        return fresh;
    }

    [[nodiscard]] desk::TicketCard ticket()
    {
        auto page = bot.world.perform("ben", desk::ListTickets{});
        REQUIRE(page.tickets.size() == 1);
        return page.tickets.front();
    }
    [[nodiscard]] std::size_t open_windows()
    {
        return bot.world.perform("ben", desk::ListTickets{.order = desk::TicketOrder::window}).tickets.size();
    }
    [[nodiscard]] std::int64_t gauge(std::string const& state)
    {
        return bot.world.metrics.gauge("deskbridge_reply_windows", metric_label("state", state)).value();
    }
    void reply(std::string const& key) { bot.world.perform("ben", desk::Reply{.ticket = "1", .text = "It left today.", .client_key = key}); }

    Bot bot;
    std::size_t heard{0};
};

} // namespace

TEST_CASE("Telegram: a business account's chat has a reply window, with its deadline, its events and its gauge")
{
    Ana ana;
    ana.writes_to_business();
    auto const ends_at = ana.ticket().reply_window_ends_at;
    REQUIRE(ends_at.has_value());
    CHECK(*ends_at == ana.bot.world.now() + 24h - 5min);
    CHECK(ana.open_windows() == 1);
    CHECK(ana.told_within(1min) == "opened");
    CHECK(ana.gauge("open") == 1);
    ana.reply("in time");
    CHECK(ana.bot.last().at("business_connection_id") == "gBcK7Zz_-1");
    CHECK(ana.told_within(20h) == ", closing240");
    CHECK(ana.gauge("closing") == 1);
    CHECK(ana.told_within(4h) == ", closing30, closed");
    CHECK(ana.gauge("closing") == 0);
    CHECK(ana.open_windows() == 0);
    auto const sent = ana.bot.world.transport.asked.size();
    CHECK_THROWS_WITH(ana.reply("too late"), Catch::Contains("the reply window is closed, and this channel has no templates"));
    CHECK(ana.bot.world.transport.asked.size() == sent);
    ana.writes_to_business("Are you there?");
    CHECK(ana.told_within(1min) == ", opened");
    ana.reply("again in time");
    CHECK(ana.bot.world.transport.asked.size() == sent + 1);
}

TEST_CASE("Telegram: what waits when a business account's window closes is refused before it is sent")
{
    Ana ana;
    ana.writes_to_business();
    ana.bot.world.pass(23h);
    auto& transport = ana.bot.world.transport;
    auto const online = transport.otherwise;
    transport.otherwise = [](HttpRequest const&) { return net::Answer{net::NoAnswer{net::NoAnswer::Written::nothing, "offline"}}; };
    ana.reply("in time");
    ana.bot.world.pass(1h + 10min);
    auto const tried = transport.asked.size();
    transport.otherwise = online;
    ana.bot.world.pass(1h);
    CHECK(rows(ana.bot.world, "SELECT state || ' ' || state_reason FROM intent") == "refused window_closed");
    CHECK(transport.asked.size() == tried);
}

TEST_CASE("Telegram: the bot's own chats have no window")
{
    Ana ana;
    ana.bot.says("My parcel has not arrived at all");
    CHECK_FALSE(ana.ticket().reply_window_ends_at.has_value());
    CHECK(ana.open_windows() == 0);
    CHECK(ana.told_within(48h).empty());
    CHECK(ana.gauge("open") == 0);
    ana.reply("whenever");
    CHECK(ana.bot.last().at("chat_id") == 6001);
}

TEST_CASE("Telegram: the window follows to where the customer wrote last")
{
    Ana ana;
    ana.writes_to_business();
    CHECK(ana.told_within(1h) == "opened");
    ana.bot.says("I ask the bot instead");
    CHECK(ana.told_within(1h) == ", closed"); // none is needed there
    CHECK_FALSE(ana.ticket().reply_window_ends_at.has_value());
    CHECK(ana.told_within(48h).empty());
    ana.reply("to the bot's chat");
    CHECK_FALSE(ana.bot.last().contains("business_connection_id"));
    ana.writes_to_business("And Olga again");
    CHECK(ana.told_within(1h) == ", opened");
    CHECK(ana.ticket().reply_window_ends_at.has_value());
}
