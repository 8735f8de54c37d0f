#include "world.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;

TEST_CASE("pump: a request says what the journal says, however long the connection took and whatever happened meanwhile")
{
    struct Case {
        std::string label;
        void (*meanwhile)(World&);
        std::string to;
        std::chrono::milliseconds at; ///< since it was looked for
        std::string key;
    };
    auto const c = GENERATE(values<Case>({
        {"nothing", [](World&) {}, "491", 0ms, "old"},
        {"half a second: the moment is near enough", [](World& world) { world.clock.advance(500ms); }, "491", 0ms, "old"},
        {"a second", [](World& world) { world.clock.advance(1s); }, "491", 1s, "old"},
        {"the clock is set back", [](World& world) { world.clock.jump(-1h); }, "491", -1h, "old"},
        {"another number",
         [](World& world) { world.store.write([](store::Tx& tx) { tx.prepare("UPDATE conversation SET address_value = '492'").run(); }); }, "492", 0ms, "old"},
        {"another secret", [](World& world) { world.accounts[0]->account.secrets["key"] = {"new"}; }, "491", 0ms, "new"},
    }));
    INFO(c.label);
    World world;
    world.accounts[0]->account.secrets["key"] = {"old"};
    auto const id = world.queue(world.customer("491"), "hi");
    world.clock.advance(2h); // due before and after the clock is set back
    auto const looked = world.clock.now();
    world.transport.before_connected = [&]() -> boost::asio::awaitable<void> {
        c.meanwhile(world);
        co_return;
    };
    world.transport.script = {accepts("m1")};
    (void)world.pump();
    CHECK(world.state(id) == "accepted");
    REQUIRE(world.transport.asked.size() == 1);
    auto const body = nlohmann::json::parse(world.transport.asked.front().body);
    CHECK(body.at("to") == c.to);
    CHECK(body.at("at") == to_ms(looked + c.at));
    CHECK(body.at("key") == c.key);
}
