#include "world.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;
using Written = net::NoAnswer::Written;

TEST_CASE("pump: order in a conversation, side by side between them")
{
    World world;
    auto const anna = world.customer("491");
    auto const ben = world.customer("492");
    for (auto const* text : {"a1", "a2", "a3"})
        (void)world.queue(anna, text);
    (void)world.queue(ben, "b1");
    int served = 0;
    world.transport.otherwise = [&](HttpRequest const&) { return net::Answer{accepts("m" + std::to_string(++served))}; };
    (void)world.pump();
    auto sent = world.sent();
    REQUIRE(sent.size() == 4);
    CHECK(std::find(sent.begin(), sent.end(), "b1") - sent.begin() <= 1);
    std::erase(sent, "b1");
    CHECK(sent == std::vector<std::string>{"a1", "a2", "a3"});
}

TEST_CASE("pump: a failing head holds up its own conversation only")
{
    World world;
    auto const anna = world.customer("491");
    auto const ben = world.customer("492");
    (void)world.queue(anna, "a1");
    auto const second = world.queue(anna, "a2");
    auto const other = world.queue(ben, "b1");
    world.transport.otherwise = [](HttpRequest const& request) {
        bool const to_anna = request.body.find("491") != std::string::npos;
        return to_anna ? net::Answer{lost(Written::part)} : net::Answer{accepts("m1")};
    };
    (void)world.pump();
    CHECK(world.state(second) == "queued");
    CHECK(world.state(other) == "accepted");
}

TEST_CASE("pump: in flight never exceeds its limit")
{
    World world;
    world.settings.in_flight = 5;
    for (int i = 0; i < 40; ++i)
        (void)world.queue(world.customer("5" + std::to_string(i)), "hi");
    int served = 0;
    std::size_t most = 0;
    world.transport.otherwise = [&](HttpRequest const&) {
        most = std::max(most, world.process->in_flight());
        return net::Answer{accepts("m" + std::to_string(++served))};
    };
    world.transport.before_answer = []() -> boost::asio::awaitable<void> {
        co_await boost::asio::post(co_await boost::asio::this_coro::executor, boost::asio::use_awaitable);
    };
    (void)world.pump();
    CHECK(served == 40);
    CHECK(most == 5);
}

TEST_CASE("pump: the account's pace and the recipient's")
{
    World world;
    world.adapter.can.account_per_second = 4; // one at once, then four a second
    world.adapter.can.pair_burst = 2;
    world.adapter.can.pair_interval = 6s;
    world.settings.per_second_max = 4;
    auto const anna = world.customer("491");
    for (int i = 0; i < 4; ++i)
        (void)world.queue(anna, "a" + std::to_string(i));
    int served = 0;
    world.transport.otherwise = [&](HttpRequest const&) { return net::Answer{accepts("m" + std::to_string(++served))}; };
    std::vector<std::chrono::milliseconds> left;
    for (int turns = 0; turns < 40 && served < 4; ++turns) {
        auto const before = served;
        auto const look_again = world.pump();
        REQUIRE(look_again > world.clock.now());
        for (int i = before; i < served; ++i)
            left.push_back(world.clock.now() - noon);
        world.clock.set(look_again);
    }
    CHECK(left == std::vector<std::chrono::milliseconds>{0ms, 250ms, 6000ms, 12000ms});
}

TEST_CASE("pump: two accounts take turns, and one that hangs leaves room for the other")
{
    World world{2};
    world.settings.in_flight = 4;
    for (int i = 0; i < 10; ++i)
        (void)world.queue(world.customer("1" + std::to_string(i), 0), "first");
    auto const other = world.queue(world.customer("20", 1), "second");
    std::vector<std::string> order;
    int served = 0;
    world.transport.otherwise = [&](HttpRequest const&) { return net::Answer{accepts("m" + std::to_string(++served))}; };
    (void)world.pump();
    CHECK(world.state(other) == "accepted");
    auto const sent = world.sent();
    CHECK(std::find(sent.begin(), sent.end(), "second") - sent.begin() <= 4);
}

TEST_CASE("pump: an unreachable provider is not asked for every lane")
{
    World world;
    for (int i = 0; i < 40; ++i)
        (void)world.queue(world.customer("5" + std::to_string(i)), "hi");
    world.settings.in_flight = 1;
    world.transport.script.assign(40, ScriptedTransport::NoConnection{});
    (void)world.pump();
    CHECK(world.log.count("send_postponed") < 10);
}

TEST_CASE("pump: a provider that gives no verdict gets a few messages, then one at a time, then all")
{
    World world;
    std::vector<MessageId> all;
    for (int i = 0; i < 120; ++i)
        all.push_back(world.queue(world.customer("6" + std::to_string(i)), "hi"));
    world.settings.in_flight = 8;
    bool broken = true;
    int served = 0;
    world.transport.otherwise = [&](HttpRequest const&) { return net::Answer{broken ? response(500) : accepts("m" + std::to_string(++served))}; };
    auto const in_state = [&](std::string const& state) {
        return std::count_if(all.begin(), all.end(), [&](auto const id) { return world.state(id) == state; });
    };
    while (world.log.count("account_rests") == 0)
        world.clock.set(world.pump());
    auto const doubtful = in_state("unknown");
    CHECK(doubtful >= 20);
    CHECK(doubtful <= 20 + 8);
    world.clock.set(world.clock.now() + 11s);
    (void)world.pump();
    CHECK(in_state("unknown") == doubtful + 1); // the one that tried
    broken = false;
    world.clock.set(world.clock.now() + 21s);
    auto look_again = world.pump();
    while (in_state("queued") > 0) {
        world.clock.set(look_again);
        look_again = world.pump();
    }
    CHECK(in_state("accepted") == 120 - doubtful - 1);
}

TEST_CASE("pump: accounts that hang leave a place for one that has none")
{
    World world{3};
    world.settings.in_flight = 8;
    for (int i = 0; i < 20; ++i)
        for (std::size_t account : {std::size_t{0}, std::size_t{1}})
            (void)world.queue(world.customer("7" + std::to_string(account) + std::to_string(i), account), "hangs");
    auto const late = world.queue(world.customer("73", 2), "late");
    auto const place_of_late = [&] {
        auto const sent = world.sent();
        return std::find(sent.begin(), sent.end(), "late") - sent.begin();
    };
    std::size_t most = 0;
    world.transport.before_answer = [&]() -> boost::asio::awaitable<void> {
        most = std::max(most, world.process->in_flight());
        boost::asio::steady_timer timer{co_await boost::asio::this_coro::executor};
        for (int i = 0; i < 10'000 && place_of_late() == std::ssize(world.transport.asked); ++i) {
            timer.expires_after(1ms);
            co_await timer.async_wait(boost::asio::use_awaitable);
        }
    };
    int served = 0;
    world.transport.otherwise = [&](HttpRequest const&) { return net::Answer{accepts("m" + std::to_string(++served))}; };
    (void)world.pump();
    CHECK(world.state(late) == "accepted");
    CHECK(place_of_late() < 8);
    CHECK(most <= 8);
}

TEST_CASE("pump: what left before the rate was halved does not halve it again")
{
    World world;
    world.adapter.can.account_per_second = world.settings.per_second_max = 20;
    world.settings.in_flight = 6;
    for (int i = 0; i < 5; ++i)
        (void)world.queue(world.customer("8" + std::to_string(i)), "hi");
    world.transport.otherwise = [](HttpRequest const&) { return net::Answer{response(429)}; };
    (void)world.pump();
    CHECK(world.log.count("send_not_sent") == 5);
    world.clock.set(noon + 1h);
    int served = 0;
    world.transport.otherwise = [&](HttpRequest const&) { return net::Answer{accepts("m" + std::to_string(++served))}; };
    for (int i = 0; i < 40; ++i)
        (void)world.queue(world.customer("9" + std::to_string(i)), "new");
    auto const begun = world.clock.now();
    std::size_t fresh = 0;
    while (world.clock.now() < begun + 2s) {
        world.clock.set(std::max(world.pump(), world.clock.now() + 1ms));
        auto const sent = world.sent();
        fresh = static_cast<std::size_t>(std::count(sent.begin(), sent.end(), "new"));
    }
    CHECK(fresh >= 18); // ten a second, not one
}

TEST_CASE("pump: an account sends as fast as it was told that its provider allows, and others as their channel says")
{
    World world{2};
    world.adapter.can.account_per_second = world.settings.per_second_max = 4; // one at once, then four a second
    world.settings.in_flight = 64;
    world.settings.per_second = {{world.accounts.front()->account.name, 40.0}}; // ten at once
    int served = 0;
    world.transport.otherwise = [&](HttpRequest const&) { return net::Answer{accepts("m" + std::to_string(++served))}; };
    for (int i = 0; i < 20; ++i) {
        (void)world.queue(world.customer("7" + std::to_string(100 + i)), "fast");
        (void)world.queue(world.customer("8" + std::to_string(100 + i), 1), "slow");
    }
    world.pump();
    auto const sent = world.sent();
    CHECK(std::count(sent.begin(), sent.end(), "fast") == 10);
    CHECK(std::count(sent.begin(), sent.end(), "slow") == 1);
}

TEST_CASE("pump: who writes now does not wait for a backlog, and the backlog goes on")
{
    World world;
    world.adapter.can.account_per_second = world.settings.per_second_max = 4; // one at once, then one every 250 ms
    world.settings.in_flight = 4;
    int served = 0;
    world.transport.otherwise = [&](HttpRequest const&) { return net::Answer{accepts("m" + std::to_string(++served))}; };
    for (int i = 0; i < 60; ++i)
        (void)world.queue(world.customer("7" + std::to_string(100 + i)), "old " + std::to_string(i));
    auto const go_on = [&](std::size_t sends) {
        while (world.sent().size() < sends)
            world.clock.set(std::max(world.pump(), world.clock.now() + 1ms));
    };
    go_on(10);
    for (int i = 0; i < 3; ++i)
        (void)world.queue(world.customer("8" + std::to_string(i)), "new");
    go_on(18);
    auto const sent = world.sent();
    auto const among = [&](std::size_t from, std::size_t to, std::string const& text) {
        return std::count(sent.begin() + static_cast<std::ptrdiff_t>(from), sent.begin() + static_cast<std::ptrdiff_t>(to), text);
    };
    CHECK(among(10, 16, "new") == 3);
    go_on(63);
    CHECK(world.sent().size() == 63);
    auto const all = world.sent();
    CHECK(std::set<std::string>(all.begin(), all.end()).size() == 61); // nobody was left out
}
