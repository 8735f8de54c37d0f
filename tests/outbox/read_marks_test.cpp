#include "world.hpp"

#include "deskbridge/flow/read_marks.hpp"
#include "deskbridge/store/message.hpp"

#include <boost/asio/co_spawn.hpp>
#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;

namespace {

/// The pump's world, with customers who write and agents who look.
struct Looks : World {
    Looks() : anna{customer("491")}
    {
        start();
        marks.emplace(flow::ReadMarks::Parts{*store, clock, *process}, io->get_executor());
        transport.otherwise = [](HttpRequest const&) { return net::Answer{response(200)}; };
    }

    MessageId writes(Customer const& who, std::string const& external)
    {
        store::Message message;
        message.conversation = who.conversation;
        message.ticket = who.ticket;
        message.account = who.account;
        message.direction = store::Direction::in;
        message.actor = {ActorKind::customer, who.contact.value};
        message.kind = "text";
        message.external_id = external;
        message.provider_at = message.received_at = clock.now();
        return store.write([&](store::Tx& tx) { return store::insert_message(tx, message); });
    }
    void seen(Customer const& who, MessageId message)
    {
        store.write([&](store::Tx& tx) {
            return store::append_event(tx, {.type = "ticket.seen",
                                            .at = clock.now(),
                                            .actor = {ActorKind::agent, 7},
                                            .account = who.account,
                                            .conversation = who.conversation,
                                            .ticket = who.ticket,
                                            .message = message,
                                            .data = {{"unseen", false}}});
        });
    }
    /// What was marked at the provider so far, after everything due has happened.
    std::vector<std::string> marked()
    {
        io->restart();
        boost::asio::co_spawn(*io, marks->look(), [](std::exception_ptr crash) { REQUIRE(!crash); });
        io->run();
        (void)pump();
        std::vector<std::string> ids;
        for (auto const& request : transport.asked)
            if (request.target.ends_with("/read"))
                ids.push_back(request.body);
        return ids;
    }
    ~Looks() { marks.reset(); }

    Customer anna;
    std::optional<flow::ReadMarks> marks;
};

using Marked = std::vector<std::string>;

} // namespace

TEST_CASE("read marks: what an agent has seen is marked once, up to the newest")
{
    Looks world;
    auto const one = world.writes(world.anna, "in1");
    CHECK(world.marked().empty());
    world.seen(world.anna, one);
    CHECK(world.marked() == Marked{"in1"});
    world.seen(world.anna, one);
    CHECK(world.marked() == Marked{"in1"});
    auto const two = world.writes(world.anna, "in2");
    auto const three = world.writes(world.anna, "in3");
    world.seen(world.anna, three);
    world.seen(world.anna, two); // another ticket of the same chat
    CHECK(world.marked() == Marked{"in1", "in3"});
    auto const ben = world.customer("492");
    world.seen(ben, world.writes(ben, "in4"));
    CHECK(world.marked() == Marked{"in1", "in3", "in4"});
}

TEST_CASE("read marks: what a mark is not sent for")
{
    Looks world;
    auto const in = world.writes(world.anna, "in1");
    SECTION("our own messages")
    {
        auto const out = world.queue(outgoing(world.anna, "hi", world.clock.now() + 1h));
        world.seen(world.anna, out);
    }
    SECTION("a look that found no message of the customer's")
    {
        world.seen(world.anna, MessageId{});
    }
    SECTION("a paused account")
    {
        world.store.write([&](store::Tx& tx) { return store::pause_account(tx, world.anna.account, {store::PausedBy::provider, "locked", noon}, {}); });
        world.seen(world.anna, in);
    }
    SECTION("an account that does not want it")
    {
        world.accounts[0]->policy.mark_read = false;
        world.seen(world.anna, in);
    }
    SECTION("a message older than a month")
    {
        world.clock.advance(24h * 31);
        world.seen(world.anna, in);
    }
    SECTION("a group")
    {
        auto group = world.anna;
        group.conversation =
            world.store.write([&](store::Tx& tx) { return store::insert_group_conversation(tx, group.account, "g1", noon); });
        world.seen(group, world.writes(group, "in2"));
    }
    CHECK(world.marked().empty());
}

TEST_CASE("read marks: a channel without them gets none")
{
    World world;
    world.adapter.can.read_marks = false;
    world.start();
    world.transport.otherwise = [](HttpRequest const&) { return net::Answer{response(200)}; };
    world.process->mark_read(world.accounts[0]->id, {"in1"}, false);
    (void)world.pump();
    CHECK(world.transport.asked.empty());
}

TEST_CASE("read marks: one that is lost is not repeated, neither in this run nor in the next")
{
    Looks world;
    world.transport.script = {ScriptedTransport::NoConnection{}};
    world.seen(world.anna, world.writes(world.anna, "in1"));
    CHECK(world.marked().empty());
    world.clock.advance(1h);
    CHECK(world.marked().empty());
    world.marks.reset();
    world.start();
    world.marks.emplace(flow::ReadMarks::Parts{*world.store, world.clock, *world.process}, world.io->get_executor());
    CHECK(world.marked().empty());
    world.seen(world.anna, world.writes(world.anna, "in2"));
    CHECK(world.marked() == Marked{"in2"});
}
