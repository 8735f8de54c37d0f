#include "deskbridge/core/our_time.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace deskbridge;

TEST_CASE("Our time does not run backwards in a conversation, and a provider's clock that is ahead moves it nowhere")
{
    using namespace std::chrono_literals;
    constexpr Timestamp noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23} + 12h};
    struct Case {
        std::string label;
        Timestamp now;
        Timestamp told;
        std::optional<Timestamp> latest;
        Timestamp ours;
    };
    auto const c = GENERATE_COPY(values<Case>({
        {"as usual: told in whole seconds, a moment ago", noon, noon - 300ms, noon - 5min, noon},
        {"a new conversation has no proof against the clock", noon, noon + 1h, std::nullopt, noon},
        {"a provider's clock that is ahead proves nothing", noon, noon + 1h, noon - 1s, noon},
        {"set back by an hour: the provider knows better", noon - 1h, noon + 5s, noon, noon + 5s},
        {"and goes on knowing better", noon - 30min, noon + 30min, noon + 5s, noon + 30min},
        {"never before what stands there", noon - 1h, noon - 10min, noon, noon},
        {"sent before our clock of now: late as any other", noon - 1h, noon - 3h, noon, noon - 1h},
        {"nor further than a day after it", noon - 1h, noon + 240h, noon, noon + 24h},
        {"parallel deliveries overtake each other: time stands still", noon, noon + 1h, noon + 20ms, noon + 20ms},
        {"and does not run ahead of what was told", noon, noon + 5ms, noon + 20ms, noon + 5ms},
        {"set right again", noon + 1h, noon + 1h, noon + 31min, noon + 1h},
    }));
    INFO(c.label);
    CHECK(our_time(c.now, c.told, c.latest) == c.ours);
}
