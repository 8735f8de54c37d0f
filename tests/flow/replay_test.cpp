#include "world.hpp"

#include "deskbridge/store/shelf.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace deskbridge::test;

namespace {

/// A body for a number that is configured only afterwards.
void shelve_one(World& world)
{
    auto message = message_of(mara, "wamid.X", world.now());
    message["type"] = "text";
    message["text"] = {{"body", "hello"}};
    REQUIRE(world.deliver(webhook({messages_change({"700100200300777"}, mara, nlohmann::json::array({message}))})).status == 200);
    auto& sales = *world.accounts.at(1);
    sales.account.settings["phone_number_id"] = "700100200300777";
    sales.adapter->identify(sales.account);
}

std::vector<std::string> types(store::Replayed const& replayed)
{
    std::vector<std::string> out;
    for (auto const& change : replayed.changes)
        out.push_back(change.type);
    return out;
}

/// Everything that a replay could have touched.
std::vector<std::int64_t> figures(World& world)
{
    std::vector<std::int64_t> out;
    for (auto const* sql :
         {"SELECT count(*) FROM ticket", "SELECT count(*) FROM message", "SELECT count(*) FROM contact", "SELECT count(*) FROM timer",
          "SELECT count(*) FROM inbound_event", "SELECT count(*) FROM shelf WHERE resolved_at_ms IS NULL", "SELECT max(seq) FROM event"})
        out.push_back(world.number_of(sql));
    return out;
}

} // namespace

TEST_CASE("A dry run tells what a replay would do, and leaves everything as it was")
{
    World world;
    shelve_one(world);
    auto const before = figures(world);
    store::ReplayWish wish{{1}, world.now(), {ActorKind::agent, 7}, true};
    auto const tried = world.run(world.intake().replay(wish));
    REQUIRE(tried.has_value());
    CHECK(tried->applied == 1);
    CHECK(tried->shelf_before == 1);
    CHECK(tried->shelf_after == 0);
    CHECK(figures(world) == before);
    auto const twice = world.run(world.intake().replay(wish));
    REQUIRE(twice.has_value());
    CHECK(types(*twice) == types(*tried));

    wish.dry_run = false;
    auto const done = world.run(world.intake().replay(wish));
    REQUIRE(done.has_value());
    CHECK(types(*done) == types(*tried));
    CHECK(done->applied == 1);
    REQUIRE_FALSE(done->changes.empty());
    CHECK(done->changes.back().type == "shelf.resolved");
    CHECK(done->changes.back().actor == wish.by);
    CHECK(world.number_of("SELECT count(*) FROM ticket") == 1);
    CHECK(world.number_of("SELECT count(*) FROM shelf WHERE resolved_at_ms IS NULL") == 0);

    auto const after = figures(world);
    auto const again = world.run(world.intake().replay(wish));
    REQUIRE(again.has_value());
    CHECK(again->known == 1);
    CHECK(again->changes.empty());
    CHECK(figures(world) == after);
}

TEST_CASE("A replay of what is not there says so")
{
    World world;
    store::ReplayWish const wish{{7}, world.now(), {}, true};
    auto const nothing = world.run(world.intake().replay(wish));
    REQUIRE(nothing.has_error());
    CHECK(nothing.error().fault == Fault::not_found);
    CHECK(nothing.error().detail == "there is no body 7");
}
