#include "channels/channel_world.hpp"

#include "deskbridge/channel/registry.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>

using namespace deskbridge;
using test::ChannelWorld;
using test::Json;

namespace {

void for_each_channel(std::function<void(std::string const&)> const& check)
{
    for (auto const name : channel::adapter_names())
        DYNAMIC_SECTION(name)
        {
            check(std::string{name});
        }
}

Json receipt_of(std::string const& status)
{
    return {{"event", "receipt"}, {"status", status}};
}

bool lacks(std::string const& channel, std::string const& word)
{
    return test::ChannelScene{channel}.conformance().at("lacks").contains(word);
}

/// Of these, what the channel tells about messages of ours, lowest first.
std::vector<std::string> statuses_of(std::string const& channel)
{
    ChannelWorld world{channel};
    std::vector<std::string> statuses;
    for (std::string const status : {"sent", "delivered", "read"})
        if (!lacks(channel, "receipt:" + status) && world.body_about_ours(receipt_of(status)))
            statuses.push_back(status);
    return statuses;
}

} // namespace

TEST_CASE("conformance: every webhook is taken, and a second time changes nothing")
{
    for_each_channel([](std::string const& channel) {
        ChannelWorld world{channel};
        auto const deliver_all = [&] {
            for (auto const& fixture : test::inbound_fixtures()) {
                auto const& webhook = fixture.doc.at("webhook");
                if (fixture.channel != channel || webhook.contains("headers"))
                    continue;
                INFO(fixture.name);
                for (auto const& body : test::bodies_of(webhook))
                    CHECK(world.deliver(body) == 200);
            }
        };
        deliver_all();
        auto const* const events = "SELECT count(*) FROM event";
        auto const* const messages = "SELECT count(*) FROM message";
        auto const events_before = world.number_of(events);
        auto const messages_before = world.number_of(messages);
        CHECK(messages_before > 0);
        world.clock.advance(std::chrono::minutes{1});
        deliver_all();
        CHECK(world.number_of(events) == events_before);
        CHECK(world.number_of(messages) == messages_before);
    });
}

TEST_CASE("conformance: receipts end at the highest, in whatever order and however often they come")
{
    for_each_channel([](std::string const& channel) {
        auto statuses = statuses_of(channel);
        if (statuses.empty())
            return; // it has no receipts, or ids that cannot be put in another's place
        auto const highest = statuses.back();
        std::sort(statuses.begin(), statuses.end());
        do {
            ChannelWorld world{channel};
            world.customer_writes();
            auto const message = world.reply("It is on its way.");
            REQUIRE(world.standing_of(message) == "accepted");
            std::string order;
            for (auto const& status : statuses)
                for (int times = 0; times < 2; ++times) {
                    auto const body = world.body_about_ours(receipt_of(status));
                    REQUIRE(body.has_value());
                    CHECK(world.deliver(*body) == 200);
                    order += status + " ";
                }
            INFO(order);
            CHECK(world.standing_of(message) == "accepted/" + highest);
            CHECK(world.transport.asked.size() == 1);
        } while (std::next_permutation(statuses.begin(), statuses.end()));
    });
}

TEST_CASE("conformance: a receipt may overtake the answer to the send")
{
    for_each_channel([](std::string const& channel) {
        auto const statuses = statuses_of(channel);
        if (statuses.empty())
            return;
        ChannelWorld world{channel};
        world.customer_writes();
        bool heard = false;
        world.transport.before_answer = [&]() -> boost::asio::awaitable<void> {
            auto const body = world.body_about_ours(receipt_of(statuses.front()));
            auto const status = co_await world.receive(body.value_or(""));
            heard = status == 200;
        };
        auto const message = world.reply("It is on its way.");
        CHECK(heard);
        CHECK(world.standing_of(message) == "accepted/" + statuses.front());
        CHECK(world.transport.asked.size() == 1);
    });
}

TEST_CASE("conformance: our own words that come back as an echo are one message")
{
    for_each_channel([](std::string const& channel) {
        Json const echo{{"event", "echo"}, {"kind", "text"}};
        if (!ChannelWorld{channel}.body_about_ours(echo))
            return; // it has none, or ids that cannot be put in another's place
        auto const* const told = "SELECT count(*) FROM message WHERE direction = 'out'";
        for (bool const overtakes : {false, true}) {
            INFO((overtakes ? "before" : "after") << " the answer to the send");
            ChannelWorld world{channel};
            world.customer_writes();
            world.transport.before_answer = [&]() -> boost::asio::awaitable<void> {
                auto const body = world.body_about_ours(echo);
                auto const status = overtakes ? co_await world.receive(body.value_or("")) : 200;
                CHECK(status == 200);
            };
            auto const message = world.reply("It is on its way.");
            CHECK(world.standing_of(message) == "accepted");
            if (!overtakes)
                CHECK(world.deliver(world.body_about_ours(echo).value()) == 200);
            CHECK(world.number_of(told) == 1);
        }
    });
}

TEST_CASE("conformance: the reply window is judged when a message is sent")
{
    for_each_channel([](std::string const& channel) {
        ChannelWorld world{channel};
        world.customer_writes();
        auto const window = world.scene.adapter().capabilities(world.scene.account()).reply_window;
        world.clock.advance(window.count() == 0 ? std::chrono::hours{24 * 30} : window - std::chrono::minutes{10});
        CHECK(world.standing_of(world.reply("In time")) == "accepted");
        CHECK(world.transport.asked.size() == 1);
        if (window.count() == 0)
            return;
        world.clock.advance(std::chrono::minutes{10});
        CHECK(world.standing_of(world.reply("Too late")) == "refused");
        CHECK(world.transport.asked.size() == 1);
    });
}
