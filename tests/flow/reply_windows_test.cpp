#include "world.hpp"

#include "deskbridge/flow/reply_windows.hpp"
#include "deskbridge/store/event_log.hpp"
#include "deskbridge/store/ticket.hpp"

#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <algorithm>

using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;

namespace {

/// A customer, and what becomes of the chat's reply window.
struct Chat {
    explicit Chat(World& of) : world{of} {}

    /// And lets the minute end: windows are walked through by full minutes.
    void say(std::string const& text = "hello")
    {
        auto message = message_of(writer, "wamid." + std::to_string(++said), world.now());
        message["type"] = "text";
        message["text"] = {{"body", text}};
        REQUIRE(world.deliver(world.sign(webhook({messages_change({"700100200300400"}, writer, nlohmann::json::array({message}))}))).status == 200);
        world.pass(1min);
    }
    /// To another app of the number.
    void say_elsewhere(std::string const& text)
    {
        auto message = message_of(writer, "wamid." + std::to_string(++said), world.now());
        message["type"] = "text";
        message["text"] = {{"body", text}};
        nlohmann::json const standby{{"messages", nlohmann::json::array({message})}};
        REQUIRE(world.deliver(world.sign(webhook({change("standby", {"700100200300400"}, {{"standby", standby}})}))).status == 200);
        world.pass(1min);
    }
    /// The walk goes every quarter of a minute; here as often as it takes to meet each mark before the next one.
    void pass(std::chrono::minutes duration)
    {
        for (auto const until = world.now() + duration; world.now() < until;) {
            world.pass(std::min<std::chrono::milliseconds>(25min, until - world.now()));
            look();
        }
    }
    void look()
    {
        flow::ReplyWindows windows{{*world.store, world.clock, world.around(), world.log, world.metrics, [this] { ++queued; }}};
        while (world.run(windows.step())) {
        }
        world.settle();
    }
    /// "opened closing240 closing30 closed", since the last time.
    std::string told()
    {
        return world.store.read([this](store::Reading& reading) {
            auto q = reading.prepare("SELECT seq, type, json_extract(data, '$.left_minutes') FROM event WHERE seq > ?1 AND type GLOB 'window.*' "
                                     "ORDER BY seq");
            q.bind(1, seen);
            std::string out;
            while (q.step()) {
                seen = q.integer(0);
                out += (out.empty() ? "" : " ") + q.text(1).substr(7) + q.text(2);
            }
            return out;
        });
    }
    [[nodiscard]] std::int64_t asked()
    {
        return world.number_of("SELECT count(*) FROM message WHERE purpose = 'closing_soon'");
    }
    [[nodiscard]] std::int64_t gauge(std::string const& state)
    {
        return world.metrics.gauge("deskbridge_reply_windows", metric_label("state", state)).value();
    }

    World& world;
    Customer writer{"mara", "Mara", "14155550101", "US.1"};
    int said{0};
    int queued{0};
    std::int64_t seen{0};
};

} // namespace

TEST_CASE("reply windows: opened once, closing twice, closed; a further message prolongs it")
{
    World world;
    Chat chat{world};
    chat.say();
    chat.look();
    CHECK(chat.told() == "opened");
    CHECK(chat.gauge("open") == 1);
    chat.pass(19h);
    chat.say("are you there?");
    chat.pass(5h);
    CHECK(chat.told().empty()); // 24 h after the first message
    chat.pass(14h + 50min);
    CHECK(chat.told().empty());
    chat.pass(5min);
    CHECK(chat.told() == "closing240");
    CHECK(chat.gauge("open") == 0);
    CHECK(chat.gauge("closing") == 1);
    chat.pass(3h + 30min);
    CHECK(chat.told() == "closing30");
    chat.pass(30min);
    CHECK(chat.told() == "closed");
    CHECK(chat.gauge("closing") == 0);
    chat.pass(48h);
    CHECK(chat.told().empty());
    chat.say();
    CHECK(chat.told() == "opened");
}

TEST_CASE("reply windows: prolonged between its marks, it comes to them again")
{
    World world;
    Chat chat{world};
    chat.say();
    chat.pass(20h);
    CHECK(chat.told() == "opened closing240");
    chat.say("still here");
    chat.pass(19h);
    CHECK(chat.told().empty());
    chat.pass(5h);
    CHECK(chat.told() == "closing240 closing30 closed");
}

TEST_CASE("reply windows: after a time without the daemon only what is still true is told")
{
    struct Case {
        std::chrono::minutes down;
        std::string told;
    };
    auto const c = GENERATE(values<Case>({{20h, "closing240"}, {23h + 40min, "closing30"}, {24h, "closed"}, {24h * 90, "closed"}}));
    INFO(c.down.count() << " minutes");
    World world;
    Chat chat{world};
    chat.say();
    chat.look();
    CHECK(chat.told() == "opened");
    world.clock.set(world.now() + c.down);
    chat.look();
    CHECK(chat.told() == c.told);
    chat.look();
    CHECK(chat.told().empty());
}

TEST_CASE("reply windows: a clock that is set back tells nothing twice")
{
    World world;
    Chat chat{world};
    chat.say();
    chat.pass(20h);
    CHECK(chat.told() == "opened closing240");
    world.clock.set(world.now() - 2h);
    chat.pass(3h);
    CHECK(chat.told().empty());
    chat.pass(3h);
    CHECK(chat.told() == "closing30 closed");
}

TEST_CASE("reply windows: an opening that finds the one before not yet closed closes it first, and a lost mark is found again")
{
    World world;
    Chat chat{world};
    chat.say();
    chat.look();
    CHECK(chat.told() == "opened");
    world.clock.set(world.now() + 26h); // nobody has looked since
    chat.say("still there?");
    CHECK(chat.told() == "closed opened");
    world.clock.set(world.now() + 25h); // a clock that leaps ahead, and is put right
    chat.look();
    CHECK(chat.told() == "closed");
    world.clock.set(world.now() - 25h + 1min);
    chat.say("and now?");
    CHECK(chat.told() == "opened");
}

TEST_CASE("reply windows: many at once go in steps, each once")
{
    World world;
    for (int i = 0; i < 150; ++i) {
        Chat chat{world};
        chat.writer = {"c", "C", fmt::format("1415556{:04}", i), fmt::format("US.{}", i)};
        chat.said = i;
        chat.say();
    }
    Chat chat{world};
    chat.look();
    CHECK(chat.gauge("open") == 150);
    world.clock.set(world.now() + 20h);
    chat.look();
    CHECK(world.number_of("SELECT count(*) FROM event WHERE type = 'window.closing'") == 150);
    CHECK(world.number_of("SELECT count(DISTINCT conversation_id) FROM event WHERE type = 'window.closing'") == 150);
}

TEST_CASE("closing soon: the customer of a live ticket is asked to write, once in a window")
{
    World world;
    world.policy().closing_soon = 30min;
    Chat chat{world};
    chat.say("my parcel is late");
    chat.pass(23h + 20min);
    CHECK(chat.asked() == 0);
    chat.pass(10min);
    CHECK(chat.asked() == 1);
    CHECK(chat.queued == 1);
    CHECK(world.number_of("SELECT count(*) FROM intent i JOIN message m ON m.message_id = i.message_id "
                          "WHERE m.purpose = 'closing_soon' AND i.state = 'accepted'") == 1);
    chat.say("yes, go on"); // prolongs it, which is no new opening
    chat.pass(23h + 40min);
    CHECK(chat.asked() == 1);
    chat.pass(24h);
    chat.say("and now?");
    chat.pass(23h + 40min);
    CHECK(chat.asked() == 2);
}

TEST_CASE("closing soon: nobody is asked in a chat that another app of the number has")
{
    World world;
    world.policy().closing_soon = 30min;
    Chat chat{world};
    chat.say("my parcel is late");
    chat.pass(2h);
    chat.say_elsewhere("hello bot");
    chat.pass(23h + 40min);
    CHECK(chat.told() == "opened closing240 closing30");
    CHECK(chat.asked() == 0);
    chat.say("and you?"); // it is ours again
    chat.pass(23h + 40min);
    CHECK(chat.asked() == 1);
}

TEST_CASE("closing soon: nobody is asked without a live ticket, after a stop, or where it is switched off")
{
    World world;
    bool const on = GENERATE(true, false);
    auto const* const last_word = GENERATE("", "close", "stop");
    INFO(on << " " << last_word);
    if (on)
        world.policy().closing_soon = 240min;
    Chat chat{world};
    chat.say("my parcel is late");
    world.pass(5min);
    if (*last_word)
        chat.say(last_word);
    chat.pass(23h);
    CHECK(chat.asked() == (on && !*last_word ? 1 : 0));
    bool const stopped = on && std::string_view{last_word} == "stop";
    CHECK(world.number_of("SELECT count(*) FROM event WHERE type = 'message.withheld' AND json_extract(data, '$.purpose') = 'closing_soon'") ==
          (stopped ? 1 : 0));
}
