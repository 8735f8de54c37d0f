#include "deskbridge/core/timeline.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace deskbridge;

namespace {

struct Arrival {
    int sent_at;        ///< seconds; what comes late was sent before what stands there
    bool late{false};
    std::int64_t answers{0};
};

/// The numbers of the messages as they stand on screen, the first to come being 1.
std::string shown(std::vector<Arrival> const& arrivals)
{
    std::vector<OnScreen> newest_first;
    auto const later = [](OnScreen const& a, OnScreen const& b) {
        return a.position != b.position ? a.position > b.position : a.id > b.id;
    };
    std::int64_t number = 0;
    for (auto const& arrival : arrivals) {
        MessageId const id{++number};
        Timestamp const at{std::chrono::seconds{arrival.sent_at}};
        auto const inserted = arrival.late ? position_of_late(newest_first, at, MessageId{arrival.answers}) : std::nullopt;
        newest_first.push_back({id, inserted.value_or(position_of(id)), at});
        std::sort(newest_first.begin(), newest_first.end(), later);
    }
    std::string out;
    for (auto shown = newest_first.rbegin(); shown != newest_first.rend(); ++shown)
        out += (out.empty() ? "" : " ") + std::to_string(shown->id.value);
    return out;
}

} // namespace

TEST_CASE("timeline: commit sequence, and what came late where it was sent")
{
    struct Case {
        std::string label;
        std::vector<Arrival> arrivals;
        std::string shown;
    };
    auto const c = GENERATE(values<Case>({
        {"in the order in which they came, whatever they were told", {{10}, {5}, {20}}, "1 2 3"},
        {"late: behind the last one sent before it", {{10}, {20}, {30}, {15, true}}, "1 4 2 3"},
        {"sent at the same moment: behind it", {{10}, {20}, {30}, {20, true}}, "1 2 4 3"},
        {"late without anything after it", {{10}, {20}, {25, true}}, "1 2 3"},
        {"before everything", {{10}, {20}, {5, true}}, "3 1 2"},
        {"nothing there yet", {{5, true}}, "1"},
        {"several in one gap, in order", {{10}, {40}, {20, true}, {30, true}}, "1 3 4 2"},
        {"several in one gap, overtaken", {{10}, {40}, {30, true}, {20, true}}, "1 4 3 2"},
        {"never before what it answers", {{10}, {20}, {30}, {5, true, 2}}, "1 2 4 3"},
        {"an answer to one that was late itself", {{10}, {40}, {20, true}, {15, true, 3}}, "1 3 4 2"},
        {"an answer to something further up changes nothing", {{10}, {20}, {30}, {25, true, 1}}, "1 2 4 3"},
        {"others go on after them", {{10}, {40}, {20, true}, {50}, {45, true}}, "1 3 2 5 4"},
    }));
    INFO(c.label);
    CHECK(shown(c.arrivals) == c.shown);
}

TEST_CASE("timeline: a gap that is full loses its finest order, and nothing else")
{
    std::vector<OnScreen> newest_first{{MessageId{2}, position_of(MessageId{2}), Timestamp{std::chrono::seconds{9000}}},
                                       {MessageId{1}, position_of(MessageId{1}), Timestamp{std::chrono::seconds{0}}}};
    for (std::int64_t i = 3; i < 100; ++i) { // each sent before the one that came before it
        auto const at = Timestamp{std::chrono::seconds{9000 - i}};
        auto const position = position_of_late(newest_first, at, {});
        REQUIRE(position.has_value());
        CHECK(*position >= position_of(MessageId{1}));
        CHECK(*position < position_of(MessageId{2}));
        newest_first.insert(newest_first.end() - 1, {MessageId{i}, *position, at});
    }
}
