#include "checking.hpp"

using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;
using nlohmann::json;

TEST_CASE("silence: a busy number that nothing comes to is told, until the next message")
{
    Checking checking;
    checking.look();
    auto const monday = checking.world.now(); // nine o'clock, a full hour
    for (int back = 1; back <= 4; ++back)
        checking.came(monday - back * week, 40);
    checking.came(monday, 3);
    checking.world.clock.advance(59min);
    checking.look();
    CHECK(checking.told("aspect=silence") == 0);
    for (int back = 1; back <= 4; ++back)
        checking.came(monday + 1h - back * week, 12);
    checking.world.clock.advance(1h + 5min);
    checking.look();
    CHECK_THAT(checking.states(), Catch::EndsWith("silence:silent"));
    CHECK(checking.told("account_unwell account=support aspect=silence state=silent severity=warning") == 1);
    checking.world.clock.advance(1h);
    checking.look();
    CHECK(checking.told("aspect=silence") == 1);

    auto message = message_of(mara, "wamid.S1", checking.world.now());
    message["type"] = "text";
    message["text"] = {{"body", "hello"}};
    CHECK(checking.world.deliver(webhook({messages_change({checking.own().account.number}, mara, json::array({message}))})).status == 200);
    CHECK_THAT(checking.states(), Catch::EndsWith("silence:heard"));
    checking.look();
    CHECK(checking.told("account_well account=support aspect=silence state=heard") == 1);
}

TEST_CASE("silence: what could not be heard is none, and a quiet number is left alone")
{
    Checking checking;
    (void)checking.world.intake();
    auto const monday = checking.world.now();
    for (int back = 1; back <= 4; ++back)
        checking.came(monday - back * week, 40);
    checking.came(monday - 1h, 1);
    checking.world.clock.advance(3h); // the daemon was down
    checking.restart();
    checking.look();
    checking.world.clock.advance(2h);
    checking.look(); // at these hours nobody has ever written
    CHECK(checking.told("aspect=silence") == 0);
}

TEST_CASE("silence: the alarm can be switched off, and ends one that was told")
{
    Checking checking;
    checking.look();
    auto const monday = checking.world.now();
    for (int back = 1; back <= 4; ++back)
        checking.came(monday + 1h - back * week, 40);
    checking.came(monday, 3);
    checking.world.clock.advance(2h + 5min);
    bool const on = GENERATE(true, false);
    checking.own().policy.silence_alarm = on;
    checking.look();
    CHECK(checking.told("aspect=silence state=silent") == (on ? 1U : 0U));
    checking.own().policy.silence_alarm = false;
    checking.restart();
    checking.look();
    CHECK((checking.states().find("silence:not_watched") != std::string::npos) == on);
    CHECK(checking.states().find("silence:silent") == std::string::npos);
    checking.own().policy.silence_alarm = true;
    checking.restart();
    checking.look();
    CHECK(checking.states().find("silence:not_watched") == std::string::npos);
    CHECK((checking.states().find("silence:watched") != std::string::npos) == on);
}

TEST_CASE("silence: the clocks of the account's zone count, through the change to summer time")
{
    struct Case {
        std::string label;
        std::chrono::hours busy; ///< since midnight, by the zone's winter clocks
        bool silent;
    };
    auto const c = GENERATE(values<Case>({{"busy at nine, and nothing comes from nine to ten", 9h, true},
                                          {"busy at eight, which is over", 8h, false}}));
    INFO(c.label);
    Checking checking;
    checking.own().policy.time_zone = "Europe/Berlin";
    auto const nine = *parse_rfc3339("2027-03-29T07:00:00Z"); // summer time began the day before
    checking.world.clock.advance(nine - checking.world.now());
    checking.look();
    for (int back = 1; back <= 4; ++back)
        checking.came(nine + (c.busy - 8h) - back * week, 40); // in winter seven o'clock UTC is eight
    checking.came(nine - 10min, 3);
    checking.world.clock.advance(55min);
    checking.look();
    CHECK(checking.told("aspect=silence") == 0);
    checking.world.clock.advance(10min);
    checking.look();
    CHECK(checking.told("aspect=silence state=silent") == (c.silent ? 1U : 0U));
}
