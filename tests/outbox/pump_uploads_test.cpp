#include "world.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;
using Written = net::NoAnswer::Written;

TEST_CASE("files: uploads that a pause breaks off say nothing about the provider, and begin anew")
{
    World world;
    world.adapter.can.account_per_second = 1000;
    std::vector<MessageId> all;
    for (int i = 0; i < 30; ++i)
        all.push_back(world.queue_file(world.customer("49" + std::to_string(i)), world.bring("%PDF-1.7 small")));
    int broken = 0;
    world.transport.otherwise = [&](HttpRequest const&) {
        if (broken++ == 0)
            world.store.write([&](store::Tx& tx) {
                (void)store::pause_account(tx, world.accounts[0]->id, {store::PausedBy::agent, "a holiday", world.clock.now()}, {ActorKind::agent, 7});
            });
        return net::Answer{lost(Written::part)};
    };
    (void)world.pump();
    CHECK(world.transport.connected.size() >= 20); // as many as the breaker opens for
    CHECK(world.log.count("account_rests") == 0);
    world.store.write([&](store::Tx& tx) { (void)store::resume_account(tx, world.accounts[0]->id, {ActorKind::agent, 7}, world.clock.now()); });
    world.transport.otherwise = [](HttpRequest const& request) { return net::Answer{accepts(request.target.ends_with("/upload") ? "F1" : "m1")}; };
    for (int i = 0; i < 30; ++i)
        world.clock.set(world.pump());
    for (auto const id : all) {
        CHECK(world.state(id) == "accepted");
        CHECK(world.row(id).attempts == 1);
    }
}

TEST_CASE("files: an account that is throttled while it uploads is slowed once for all that had begun")
{
    World world;
    world.adapter.can.account_per_second = 16;
    for (int i = 0; i < 6; ++i)
        (void)world.queue_file(world.customer("49" + std::to_string(i)), world.bring("%PDF-1.7 small"));
    world.transport.otherwise = [](HttpRequest const&) { return net::Answer{response(429)}; };
    world.step = [&](char const* step) {
        if (step == std::string_view{"account_rests"}) // the next one is told of a little later
            world.clock.advance(1ms);
    };
    (void)world.pump();
    world.step = {};
    CHECK(world.transport.asked.size() == 4); // that could begin at once
    for (int i = 0; i < 20; ++i)
        (void)world.queue(world.customer("48" + std::to_string(i)), "hi");
    world.transport.otherwise = [](HttpRequest const&) { return net::Answer{accepts("m1")}; };
    for (int i = 0; i < 12; ++i) {
        world.clock.advance(250ms);
        (void)world.pump();
    }
    CHECK(world.sent().size() >= 16); // in the second of rest none, then 8 a second
}

TEST_CASE("files: an upload that is lost or not taken leaves no doubt, wherever a crash comes")
{
    auto const answer = GENERATE(values<net::Answer>({lost(Written::all), response(500)}));
    bool survived = false;
    for (int crash = 0; !survived; ++crash) {
        INFO(crash);
        World world;
        auto const id = world.queue_file(world.customer("491"), world.bring("%PDF-1.7 small"));
        world.transport.otherwise = [&](HttpRequest const&) { return answer; };
        world.step = [left = crash](char const*) mutable {
            if (left-- == 0)
                throw SimulatedCrash{};
        };
        survived = world.live().has_value();
        world.step = {};
        REQUIRE(world.live().has_value());
        CHECK(world.state(id) == "retry_wait");
        CHECK(world.sent().empty());
    }
}
