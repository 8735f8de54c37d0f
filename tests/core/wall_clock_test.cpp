#include "deskbridge/core/wall_clock.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace deskbridge;
using namespace std::chrono_literals;

namespace {

struct Look {
    std::chrono::milliseconds wall, running;
    std::optional<std::chrono::milliseconds> back;
};

struct Case {
    std::string label;
    std::vector<Look> looks;
};

} // namespace

TEST_CASE("wall clock: being set back is noticed once, and by how much")
{
    auto const c = GENERATE(values<Case>({
        {"time passes alike", {{0s, 0s, {}}, {5s, 5s, {}}, {1h, 1h, {}}}},
        {"an hour back", {{0s, 0s, {}}, {-3595s, 5s, 1h}, {-3590s, 10s, {}}}},
        {"back again later", {{0s, 0s, {}}, {-50s, 10s, 1min}, {-100s, 20s, 1min}}},
        {"forward is followed", {{0s, 0s, {}}, {2h, 1s, {}}, {2h + 1s, 2s, {}}}},
        {"forward and back by the same", {{0s, 0s, {}}, {2h, 1s, {}}, {2s, 2s, 2h - 1s}}},
        {"half a second is nothing", {{0s, 0s, {}}, {500ms, 1s, {}}, {1500ms, 2s, {}}}},
        {"four half seconds are two seconds, told when they are more than one", {{0s, 0s, {}}, {500ms, 1s, {}}, {1s, 2s, {}}, {1500ms, 3s, 1500ms}, {2s, 4s, {}}}},
    }));
    INFO(c.label);
    WallClock clock;
    for (auto const& look : c.looks) {
        INFO("running " << look.running.count() << " ms");
        CHECK(clock.set_back(from_ms(1'795'267'200'000) + look.wall, look.running) == look.back);
    }
}
