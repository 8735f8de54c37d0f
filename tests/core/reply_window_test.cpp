#include "deskbridge/core/reply_window.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace deskbridge;
using namespace std::chrono_literals;

TEST_CASE("the reply window closes five minutes before the provider's")
{
    struct Case {
        std::string label;
        std::chrono::milliseconds sent; ///< after the start
        std::chrono::milliseconds received;
        std::chrono::seconds window;
        std::chrono::milliseconds now;
        bool open;
    };
    auto const c = GENERATE(values<Case>({
        {"at once", 0s, 2s, 24h, 2s, true},
        {"last millisecond", 0s, 2s, 24h, 24h - 5min - 1ms, true},
        {"five minutes before the end", 0s, 2s, 24h, 24h - 5min, false},
        {"a provider's clock that is ahead gives nothing away", 1h, 0s, 24h, 24h - 5min, false},
        {"a late delivery gives nothing away", 0s, 5h, 24h, 24h - 5min, false},
        {"delivered when it was over already", 0s, 30h, 24h, 30h, false},
        {"a channel with another window", 0s, 0s, 48h, 47h, true},
        {"a channel without a window", 0s, 0s, 0s, 10000h, true},
    }));
    INFO(c.label);
    auto const start = from_ms(1795262400000);
    ReplyWindow const window{window_from(start + c.sent, start + c.received), c.window};
    CHECK(window.open_at(start + c.now) == c.open);
}

TEST_CASE("a customer who never wrote has no open window, unless the channel has none at all")
{
    auto const now = from_ms(1795262400000);
    CHECK_FALSE(ReplyWindow{std::nullopt, 24h}.open_at(now));
    CHECK_FALSE(ReplyWindow{std::nullopt, 24h}.closes_at().has_value());
    CHECK(ReplyWindow{std::nullopt, 0s}.open_at(now));
    REQUIRE(ReplyWindow{now, 24h}.closes_at().has_value());
    CHECK(*ReplyWindow{now, 24h}.closes_at() == now + 24h - 5min);
}

TEST_CASE("a mark of the reply window is told until the next one")
{
    struct Case {
        std::string label;
        std::chrono::minutes left;
        std::chrono::milliseconds before_end; ///< of ours
        bool told;
    };
    auto const c = GENERATE(values<Case>({
        {"not yet", 4h, 4h + 1ms, false},
        {"four hours", 4h, 4h, true},
        {"late, and nothing else has come", 4h, 31min, true},
        {"four hours when half an hour is left", 4h, 30min, false},
        {"half an hour", 30min, 30min, true},
        {"half an hour at the last moment", 30min, 1ms, true},
        {"half an hour when it is closed", 30min, 0s, false},
        {"not closed yet", 0min, 1ms, false},
        {"closed", 0min, 0s, true},
        {"closed, and told days later", 0min, -72h, true},
    }));
    INFO(c.label);
    auto const from = from_ms(1795262400000);
    ReplyWindow const window{from, 24h};
    auto const now = *window.closes_at() - c.before_end;
    CHECK(tells_mark(window, c.left, now) == c.told);
    if (c.told)
        CHECK(from <= began_for_mark(24h, c.left, now));
    CHECK_FALSE(tells_mark(ReplyWindow{std::nullopt, 24h}, c.left, now));
    CHECK_FALSE(tells_mark(ReplyWindow{from, 0s}, c.left, now));
}

TEST_CASE("customers are asked to write once in a window, if that is wanted, and about something")
{
    for (bool const wanted : {false, true})
        for (bool const told : {false, true})
            for (bool const live : {false, true})
                for (bool const elsewhere : {false, true})
                    CHECK(tells_closing_soon({wanted, told, live, elsewhere}) == (wanted && !told && live && !elsewhere));
}

TEST_CASE("a channel's windows go by where answers go, and are named once each, without none")
{
    WindowRules const none{};
    CHECK(none.of({"user", "1"}) == 0s);
    CHECK(none.lengths().empty());
    WindowRules const mixed{0s, {{"business_chat", 24h}, {"guest", 48h}, {"friend", 24h}}};
    CHECK(mixed.of({"user", "1"}) == 0s);
    CHECK(mixed.of({}) == 0s);
    CHECK(mixed.of({"business_chat", "c/1"}) == 24h);
    CHECK(mixed.lengths() == std::vector<std::chrono::seconds>{24h, 48h});
    WindowRules const loosened{24h, {{"friend", 0s}}};
    CHECK(loosened.of({"friend", "1"}) == 0s);
    CHECK(loosened.of({"wa_id", "1"}) == 24h);
    CHECK(loosened.lengths() == std::vector<std::chrono::seconds>{24h});
}
