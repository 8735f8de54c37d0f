#include "deskbridge/core/free_entry.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace deskbridge;
using namespace std::chrono_literals;

TEST_CASE("free entry: from our first answer to a message from an advert, if it comes in time")
{
    struct Case {
        std::string label;
        FreeEntryRules rules;
        std::chrono::milliseconds after; ///< the customer's message
        std::optional<std::chrono::milliseconds> until; ///< after the customer's message
    };
    FreeEntryRules const whatsapp{72h, 24h};
    auto const c = GENERATE_COPY(values<Case>({
        {"at once", whatsapp, 0ms, 72h - 5min},
        {"it counts from the answer, not from the question", whatsapp, 10h, 82h - 5min},
        {"at the last moment", whatsapp, 24h, 96h - 5min},
        {"too late", whatsapp, 24h + 1ms, std::nullopt},
        {"sent before the question: no answer to it", whatsapp, -1ms, std::nullopt},
        {"a channel without them", {0s, 24h}, 1h, std::nullopt},
    }));
    INFO(c.label);
    auto const asked = from_ms(1'767'571'200'000);
    auto const until = free_entry_until(c.rules, asked, asked + c.after);
    REQUIRE(until.has_value() == c.until.has_value());
    if (until)
        CHECK(*until - asked == *c.until);
}
