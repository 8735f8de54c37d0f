#include "world.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <set>

using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;

namespace {

/// Crashes at the n-th step, and at every later one: a process that died does nothing more.
std::function<void(char const*)> crash_at(int n, std::string& where)
{
    return [left = n, &where](char const* step) mutable {
        if (left > 0) {
            --left;
            return;
        }
        if (where.empty())
            where = step;
        throw SimulatedCrash{};
    };
}

} // namespace

TEST_CASE("pump: a crash at any step loses no message and sends none twice")
{
    bool const uploads = GENERATE(false, true);
    std::string const text = uploads ? "file: cat.jpg" : "hello";
    std::set<std::string> places;
    int crash = 0;
    for (;; ++crash) {
        World world;
        auto const id = world.queue(world.customer("491"), text);
        world.transport.otherwise = [](HttpRequest const&) { return net::Answer{accepts("m1")}; };
        std::string where;
        world.step = crash_at(crash, where);
        bool const survived = world.live().has_value();
        world.step = {};
        for (int lives = 0; lives < 3; ++lives) {
            REQUIRE(world.live().has_value());
            world.clock.advance(1min);
        }
        INFO("crash at step " << crash << ": " << where);
        CHECK(world.sent().size() <= 1);
        auto const state = world.state(id);
        CHECK((state == "accepted" || state == "unknown"));
        CHECK((state == "unknown" || world.sent().size() == 1));
        if (world.sent().empty())
            CHECK(world.row(id).attempts == 1); // in doubt only what was journalled
        if (survived)
            break;
        places.insert(where);
    }
    CHECK(crash >= 8);
    for (auto const* place : {"dice", "connect", "connected", "send_begun", "exchange", "exchanged", "send_accepted"})
        CHECK(places.count(place) == 1);
}

TEST_CASE("pump: what was journalled before a crash is exactly what may have been sent")
{
    World world;
    std::vector<MessageId> ids;
    for (int i = 0; i < 50; ++i)
        ids.push_back(world.queue(world.customer("5" + std::to_string(i)), "to " + std::to_string(i)));
    int served = 0;
    world.transport.otherwise = [&](HttpRequest const&) { return net::Answer{accepts("m" + std::to_string(++served))}; };
    std::string where;
    world.step = crash_at(200, where);
    CHECK_FALSE(world.live().has_value());
    world.step = {};
    world.log.lines.clear();
    REQUIRE(world.live().has_value());
    REQUIRE(world.live().has_value());
    std::map<std::string, int> sent;
    for (auto const& text : world.sent())
        ++sent[text];
    std::size_t unknown = 0;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        INFO("message " << i);
        auto const times = sent["to " + std::to_string(i)];
        auto const state = world.state(ids[i]);
        CHECK(times <= 1);
        unknown += state == "unknown" ? 1u : 0u;
        CHECK((state == "unknown" || (state == "accepted" && times == 1)));
    }
    CHECK(unknown <= world.settings.in_flight);
    CHECK(unknown > 0);
}
