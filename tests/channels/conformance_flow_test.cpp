#include "channels/channel_world.hpp"

#include "deskbridge/channel/registry.hpp"
#include "deskbridge/store/account.hpp"

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

/// Can the channel play this? If not, its conformance.json says why, and the run names it; a reason for what it can play is none.
bool plays(std::string const& channel, std::string const& word, bool can)
{
    auto const conformance = test::ChannelScene{channel}.conformance();
    auto const& reasons = conformance.at("lacks");
    INFO(word);
    CHECK_FALSE((can && reasons.contains("flow:" + word)));
    if (can)
        return true;
    auto const reason = reasons.value("flow:" + word, reasons.value(word, ""));
    REQUIRE_FALSE(reason.empty());
    WARN(channel << " does not play " << word << ": " << reason);
    return false;
}

/// The addresses in whose place it puts another one.
std::vector<Address> replaced_by(test::AddressChange const& change)
{
    std::vector<Address> gone;
    for (auto const& before : change.previous)
        for (auto const& now : change.current)
            if (now.kind == before.kind && now.value != before.value)
                gone.push_back(before);
    return gone;
}

/// The words that were sent last stand in no request to an address that was given up.
void check_address(ChannelWorld& world, test::AddressChange const& change, std::size_t sends)
{
    CHECK(world.standing_of(world.reply("We have noted it.")) == "accepted");
    REQUIRE(world.transport.asked.size() == sends);
    auto const& asked = world.transport.asked.back();
    for (auto const& before : change.previous) {
        bool const stays = std::find(change.current.begin(), change.current.end(), before) != change.current.end();
        INFO(before.kind << (stays ? " stays" : " is given up"));
        CHECK((stays || (asked.body + asked.target).find(before.value) == std::string::npos));
    }
}

/// Of these, what the channel tells about messages of ours, lowest first.
std::vector<std::string> statuses_of(std::string const& channel)
{
    ChannelWorld world{channel};
    std::vector<std::string> statuses;
    for (std::string const status : {"sent", "delivered", "read", "played"})
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
        if (!plays(channel, "receipt:sent", !statuses.empty()))
            return;
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

TEST_CASE("conformance: a failure stands beside the highest receipt, whichever comes first and however often")
{
    for_each_channel([](std::string const& channel) {
        auto const statuses = statuses_of(channel);
        bool const told = !lacks(channel, "receipt:failed") && ChannelWorld{channel}.body_about_ours(receipt_of("failed"));
        if (!plays(channel, "receipt:failed", told && !statuses.empty()))
            return;
        auto const other = statuses.size() > 1 ? statuses.at(1) : statuses.front(); // delivered, where there is such a thing
        for (auto const& order : {std::vector<std::string>{"failed", other}, std::vector<std::string>{other, "failed"}})
            for (int const times : {1, 2}) {
                ChannelWorld world{channel};
                world.customer_writes();
                auto const message = world.reply("It is on its way.");
                REQUIRE(world.standing_of(message) == "accepted");
                for (auto const& status : order)
                    for (int n = 0; n < times; ++n) {
                        auto const body = world.body_about_ours(receipt_of(status));
                        REQUIRE(body.has_value());
                        CHECK(world.deliver(*body) == 200);
                    }
                INFO(order.front() << " first, " << times << " times each");
                CHECK(world.standing_of(message) == "accepted/" + other + "/failed");
                CHECK(world.transport.asked.size() == 1);
            }
    });
}

TEST_CASE("conformance: a late failure of class account stops the queue, until somebody lets it go on")
{
    for_each_channel([](std::string const& channel) {
        auto const failure = [](ChannelWorld& world) { return world.body_about_ours({{"event", "receipt"}, {"status", "failed"}, {"because", "account"}}); };
        ChannelWorld world{channel};
        if (!plays(channel, "receipt:failed:account", !lacks(channel, "receipt:failed:account") && failure(world)))
            return;
        world.customer_writes();
        auto const first = world.reply("It is on its way.");
        REQUIRE(world.standing_of(first) == "accepted");
        auto const told = failure(world); // by now the attempt has its token
        REQUIRE(told);
        CHECK(world.deliver(*told) == 200);
        CHECK(world.standing_of(first) == "accepted/failed");
        auto const second = world.reply("Do you have it?");
        CHECK(world.standing_of(second) == "queued");
        CHECK(world.transport.asked.size() == 1);
        CHECK(world.number_of("SELECT count(*) FROM account WHERE paused_by = 'provider'") == 1);
        CHECK(world.number_of("SELECT count(*) FROM account_check") == 1);
        world.clock.advance(std::chrono::minutes{1});
        AccountId const account{world.number_of("SELECT account_id FROM message LIMIT 1")};
        auto const resume = [&](store::Tx& tx) { return store::resume_account(tx, account, {}, world.clock.now()); };
        CHECK(world.store.write(resume));
        world.pump();
        CHECK(world.standing_of(second) == "accepted");
        CHECK(world.deliver(*told) == 200);
        CHECK(world.number_of("SELECT count(*) FROM account WHERE paused_by = 'provider'") == 0);
    });
}

TEST_CASE("conformance: a receipt may overtake the answer to the send")
{
    for_each_channel([](std::string const& channel) {
        auto const statuses = statuses_of(channel);
        if (!plays(channel, "receipt:sent", !statuses.empty()))
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

TEST_CASE("conformance: our own words that come back as an echo are one message, and leave no more on the ticket than they do")
{
    for_each_channel([](std::string const& channel) {
        Json const echo{{"event", "echo"}, {"kind", "text"}};
        if (!plays(channel, "echo", ChannelWorld{channel}.body_about_ours(echo).has_value()))
            return;
        auto const* const told = "SELECT count(*) FROM message WHERE direction = 'out'";
        for (auto const who : {MessageClass::agent, MessageClass::notice})
            for (bool const overtakes : {false, true}) {
                INFO((who == MessageClass::agent ? "an agent's, " : "automatic, ") << (overtakes ? "before" : "after") << " the answer to the send");
                ChannelWorld world{channel};
                world.customer_writes();
                auto const before = world.ticket_marks();
                world.clock.advance(std::chrono::seconds{8});
                world.transport.before_answer = [&]() -> boost::asio::awaitable<void> {
                    auto const body = world.body_about_ours(echo);
                    auto const status = overtakes ? co_await world.receive(body.value_or("")) : 200;
                    CHECK(status == 200);
                    CHECK((world.ticket_marks() != before) == overtakes);
                };
                auto const message = world.reply("It is on its way.", who);
                CHECK(world.standing_of(message) == "accepted");
                if (!overtakes)
                    CHECK(world.deliver(world.body_about_ours(echo).value()) == 200);
                CHECK(world.number_of(told) == 1);
                CHECK(world.ticket_marks() == before);
            }
    });
}

TEST_CASE("conformance: whose address changes stays one contact, whether we hear of it before or after they write from the new one")
{
    for_each_channel([](std::string const& channel) {
        auto const changes = test::address_changes(channel);
        if (!plays(channel, "identity_change", !changes.empty()))
            return;
        for (auto const& change : changes)
            for (bool const late : {false, true}) {
                if (late && replaced_by(change).empty())
                    continue; // afterwards it cannot be told from a number that somebody else has got
                INFO(change.name << (late ? ", told after" : ", told before"));
                ChannelWorld world{channel};
                CHECK(world.deliver(test::text_from(channel, change.previous, 1)) == 200);
                CHECK(world.deliver(late ? test::text_from(channel, change.current, 2) : change.body) == 200);
                if (!late)
                    check_address(world, change, 1);
                CHECK(world.deliver(late ? change.body : test::text_from(channel, change.current, 2)) == 200);
                auto const* const people = "SELECT count(*) FROM contact WHERE merged_into IS NULL";
                CHECK(world.number_of(people) == 1);
                CHECK(world.number_of("SELECT count(*) FROM contact WHERE merged_into IS NULL AND flagged IS NOT NULL AND flagged <> ''") == 0);
                CHECK(world.number_of("SELECT count(DISTINCT conversation_id) FROM message WHERE direction = 'in'") == 1);
                CHECK(world.number_of("SELECT count(*) FROM message WHERE direction = 'in'") == 2);
                check_address(world, change, late ? 1 : 2);
                CHECK(world.deliver(change.body) == 200);
                CHECK(world.number_of(people) == 1);
            }
    });
}

TEST_CASE("conformance: the reply window is judged when a message is sent")
{
    for_each_channel([](std::string const& channel) {
        ChannelWorld world{channel};
        world.customer_writes();
        auto const window = world.reply_window();
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
