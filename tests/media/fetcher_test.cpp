#include "world.hpp"

#include <boost/asio/co_spawn.hpp>
#include <catch2/catch.hpp>

#include <optional>
#include <thread>

using namespace deskbridge;
using namespace std::chrono_literals;
using test::MediaWorld;
using test::Served;
using test::api_error;

TEST_CASE("media: tries go on across restarts, and end with a reason")
{
    MediaWorld world;
    world.net.api = {api_error(400, 33)};
    auto const message = world.comes();
    std::vector<std::string> states;
    for (int i = 0; i < 5; ++i) {
        world.live(); // a process of its own each time
        states.push_back(world.state(message));
        world.clock.advance(1h);
    }
    CHECK(states == std::vector<std::string>{"recorded:gone", "recorded:gone", "expired:gone", "expired:gone", "expired:gone"});
    CHECK(world.net.asked.size() == 3);
    CHECK(world.told() == std::vector<std::string>{"attachment.failed"});

    world.store.write([&](store::Tx& tx) { store::request_attachment(tx, world.file(message), {}, world.clock.now()); });
    world.net.api = {MediaWorld::link()};
    world.live();
    CHECK(world.state(message) == "fetched");
    CHECK(world.told() == std::vector<std::string>{"attachment.failed", "attachment.requested", "attachment.fetched"});
}

TEST_CASE("media: nothing is asked before its time")
{
    MediaWorld world;
    world.net.api = {api_error(500, 2)};
    world.comes();
    world.live();
    world.live();
    CHECK(world.net.asked.size() == 1);
    world.clock.advance(1h);
    world.live();
    CHECK(world.net.asked.size() == 2);
}

TEST_CASE("media: what the provider does not keep any more is expired")
{
    MediaWorld world;
    world.net.api = {net::Answer{net::NoAnswer{net::NoAnswer::Written::nothing, "refused"}}};
    auto const message = world.comes({"m1", "image/jpeg", "", {}}, world.clock.now() - 24h * 8);
    world.live();
    CHECK(world.net.asked.size() == 1); // it was worth a try
    CHECK(world.state(message) == "expired:expired");
}

TEST_CASE("media: no more at once than the account may have")
{
    MediaWorld world;
    world.settings.parallel = 3;
    for (int i = 0; i < 10; ++i)
        world.comes("m" + std::to_string(i));
    async::Bell pause{world.io.get_executor()};
    world.net.before_body = [&]() -> boost::asio::awaitable<void> { co_await pause.wait(50ms); };
    world.live();
    CHECK(world.net.most_at_once == 3);
    CHECK(world.net.fetched.size() == 10);
}

TEST_CASE("media: while the disk is full nothing is asked for")
{
    MediaWorld world;
    world.room = false;
    auto const message = world.comes();
    world.live();
    CHECK(world.net.asked.empty());
    CHECK(world.state(message) == "recorded");
    world.room = true;
    world.live();
    CHECK(world.state(message) == "fetched");
}

TEST_CASE("media: whether there is room is not asked on the reactor, for a sick disk may not answer")
{
    MediaWorld world;
    auto parts = world.parts();
    std::optional<std::thread::id> asked;
    parts.room = [&asked] {
        asked = std::this_thread::get_id();
        return false;
    };
    flow::MediaFetcher fetcher{parts, world.settings};
    auto const look = [&]() -> boost::asio::awaitable<void> { (void)co_await fetcher.fetch_until_idle(); };
    boost::asio::co_spawn(world.io, look(), [](std::exception_ptr) {});
    world.io.run();
    REQUIRE(asked.has_value());
    CHECK(*asked != std::this_thread::get_id());
}

TEST_CASE("media: a folder that cannot be written is tried again")
{
    MediaWorld world;
    std::filesystem::remove_all(world.folder.path());
    auto const message = world.comes();
    world.live();
    CHECK(world.state(message) == "recorded:storage");
    REQUIRE(world.folder.prepare().has_value());
    world.clock.advance(1h);
    world.live();
    CHECK(world.state(message) == "fetched");
}

TEST_CASE("media: new secrets bring forward what waits for them, and nothing else")
{
    MediaWorld world;
    world.net.api = {api_error(401, 190), api_error(500, 2)};
    auto const refused = world.comes("m1");
    world.live();
    auto const busy = world.comes("m2");
    world.live();
    REQUIRE(world.state(refused) == "recorded:credentials");
    REQUIRE(world.state(busy) == "recorded:busy");
    world.net.api = {MediaWorld::link()};
    flow::MediaFetcher fetcher{world.parts(), world.settings};
    boost::asio::co_spawn(world.io, fetcher.try_new_credentials(), [](std::exception_ptr) {});
    world.io.restart();
    world.io.run();
    world.live();
    CHECK(world.state(refused) == "fetched");
    CHECK(world.state(busy) == "recorded:busy");
}

TEST_CASE("media: a stop drops what is on its way, and the next start fetches it")
{
    MediaWorld world;
    auto const message = world.comes();
    async::Bell pause{world.io.get_executor()};
    world.net.before_body = [&]() -> boost::asio::awaitable<void> { co_await pause.wait(10s); };
    world.net.files = {Served{200, {}, {"\xFF\xD8\xFF"}, net::NoAnswer{net::NoAnswer::Written::all, "cancelled"}}};
    {
        async::TaskGroup tasks{world.io, world.log};
        flow::MediaFetcher fetcher{world.parts(), world.settings};
        tasks.spawn("media", fetcher.run());
        auto stop = [&]() -> boost::asio::awaitable<void> {
            while (world.net.fetched.empty())
                co_await async::Bell{world.io.get_executor()}.wait(1ms);
            tasks.cancel();
            co_await tasks.join();
        };
        boost::asio::co_spawn(world.io, stop(), [](std::exception_ptr) {});
        world.io.restart();
        world.io.run();
    }
    CHECK(world.state(message) == "recorded");
    CHECK(world.file(message).attempts == 0);
    CHECK(world.files_on_disk() == 0);
    world.net.before_body = {};
    world.net.files = {Served{200, {}, {"\xFF\xD8\xFF"}, {}}};
    world.live();
    CHECK(world.state(message) == "fetched");
}

TEST_CASE("media: a message that is gone meanwhile is no trouble")
{
    MediaWorld world;
    auto const message = world.comes();
    auto const other = world.comes("m2");
    world.net.before_body = [&]() -> boost::asio::awaitable<void> {
        world.store.write([&](store::Tx& tx) { store::absorb_echo(tx, message, other); });
        co_return;
    };
    world.live();
    CHECK(world.state(other) == "fetched");
    CHECK(world.told() == std::vector<std::string>{"attachment.fetched"});
}
