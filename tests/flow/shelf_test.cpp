#include "world.hpp"

#include "deskbridge/store/shelf.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace deskbridge::test;

namespace {

std::string to_nobodys_number(World& world)
{
    auto message = message_of(mara, "wamid.X", world.now());
    message["type"] = "text";
    message["text"] = {{"body", "hello"}};
    return webhook({messages_change({"700100200300777"}, mara, nlohmann::json::array({message}))});
}

} // namespace

TEST_CASE("What was dropped from the shelf stays dropped when it is delivered again, and is counted")
{
    World world;
    auto const given = GENERATE(as<std::string>{}, "surely not {", R"({"object":"page","entry":[]})", "to a number that nobody has");
    INFO(given);
    auto const body = given.starts_with("to ") ? to_nobodys_number(world) : given;
    CHECK(world.deliver(world.sign(body)).status == 200);
    world.store.write([&](store::Tx& tx) { return store::resolve_shelf_entry(tx, {1}, {store::ShelfResolution::dropped}, world.now()); });
    CHECK(world.deliver(world.sign(body)).status == 200);
    CHECK(world.number_of("SELECT count(*) FROM shelf") == 1);
    CHECK(world.number_of("SELECT count(*) FROM journal") == 1);
    CHECK(world.metrics.counter("deskbridge_webhooks_total", R"(outcome="dropped")").value() == 1);
}
