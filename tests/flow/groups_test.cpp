#include "world.hpp"

#include "deskbridge/store/ticket.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;

namespace {

using nlohmann::json;

Customer const member{"mara", "Mara", "14155550101", "US.1"};
Customer const joao{"joao", "Joao", "14155550102", "US.2"};

void say(World& world, Customer const& who, std::string const& id, std::string const& text, std::string const& group = "G1", std::string const& quoted = {})
{
    auto message = message_of(who, id, world.now());
    message["type"] = "text";
    message["text"] = {{"body", text}};
    if (!group.empty())
        message["group_id"] = group;
    if (!quoted.empty())
        message["context"] = {{"id", quoted}};
    REQUIRE(world.deliver(world.sign(webhook({messages_change({"700100200300400"}, who, json::array({message}))}))).status == 200);
}

std::int64_t tickets(World& world)
{
    return world.number_of("SELECT count(*) FROM ticket");
}

} // namespace

TEST_CASE("groups: stored and counted, unless the account wants tickets of them")
{
    bool const wanted = GENERATE(false, true);
    World world;
    if (wanted)
        world.policy().groups = Groups::tickets;
    say(world, member, "wamid.1", "the lift is broken");
    world.pass(10min);
    CHECK(tickets(world) == (wanted ? 1 : 0));
    CHECK(world.number_of("SELECT count(*) FROM message WHERE conversation_id = 1") == 1);
    CHECK(world.number_of("SELECT count(*) FROM intent") == 0); // no acknowledgement
    CHECK(world.number_of("SELECT count(*) FROM timer") == 0);
    CHECK(world.metrics.counter("deskbridge_inbound_events_total", R"(kind="group_message")").value() == 1);
}

TEST_CASE("groups: whoever writes, one matter of the group is one ticket; a private chat with one of them is another")
{
    World world;
    world.policy().groups = Groups::tickets;
    say(world, member, "wamid.1", "the lift is broken");
    world.pass(5min);
    say(world, joao, "wamid.2", "yes, since noon");
    world.pass(5min);
    say(world, member, "wamid.3", "my own invoice", {});
    say(world, member, "wamid.4", "the door too", "G2");
    CHECK(tickets(world) == 3);
    CHECK(world.number_of("SELECT count(*) FROM message WHERE ticket_id = 1") == 2);
    CHECK(world.number_of("SELECT count(DISTINCT actor_id) FROM message WHERE ticket_id = 1") == 2);
}

TEST_CASE("groups: nobody gives orders there, and nothing is answered")
{
    World world;
    world.policy().groups = Groups::tickets;
    say(world, member, "wamid.1", "the lift is broken");
    for (auto const* word : {"status", "close", "stop", "help", "new", "deutsch"}) {
        world.pass(5min);
        say(world, joao, std::string{"wamid."} + word, word);
    }
    world.pass(10min);
    CHECK(tickets(world) == 1);
    CHECK(world.number_of("SELECT count(*) FROM intent") == 0);
    CHECK(world.number_of("SELECT count(*) FROM contact WHERE stopped_at_ms IS NOT NULL") == 0);
    CHECK(world.number_of("SELECT count(*) FROM ticket WHERE status = 'new'") == 1);
}

TEST_CASE("groups: an agent answers the group, and a solved ticket reopens as any other")
{
    World world;
    world.policy().groups = Groups::tickets;
    say(world, member, "wamid.1", "the lift is broken");
    (void)world.perform("Ana", desk::Reply{.ticket = "1", .text = "Somebody is on the way."});
    CHECK(world.number_of("SELECT count(*) FROM intent WHERE state = 'accepted'") == 1);
    (void)world.perform("Ana", desk::SetStatus{.ticket = "1", .status = TicketStatus::solved});
    CHECK(world.number_of("SELECT count(*) FROM intent") == 1); // no notice to the group
    world.pass(1h);
    say(world, joao, "wamid.2", "thanks!");
    CHECK(world.number_of("SELECT count(*) FROM ticket WHERE status = 'solved'") == 1);
    say(world, joao, "wamid.3", "it is broken again");
    CHECK(tickets(world) == 1);
    CHECK(world.number_of("SELECT count(*) FROM ticket WHERE status = 'open'") == 1);
    world.pass(30h);
    world.policy().window_template = "we_answered";
    CHECK_THROWS(world.perform("Ana", desk::Reply{.ticket = "1", .text = "too late"})); // the group's window is closed
    CHECK(world.number_of("SELECT count(*) FROM intent") == 1);
}

TEST_CASE("groups: what the provider refused for the window is kept, asks nobody, and goes out when somebody writes again")
{
    World world;
    world.policy().groups = Groups::tickets;
    world.policy().window_template = "we_answered";
    say(world, member, "wamid.1", "the lift is broken");
    auto const sent = world.perform("Ana", desk::Reply{.ticket = "1", .text = "Somebody is on the way."});
    auto const external = world.store.read([&](store::Reading& reading) { return store::intents_of(reading, sent.message.id).front().external_id; });
    (void)world.deliver(world.sign(webhook({change("messages", {"700100200300400"},
                                                   json{{"statuses", json::array({status_of(external, "failed", world.now(), 131047)})}})})));
    world.pass(10min);
    CHECK(world.number_of("SELECT count(*) FROM intent WHERE state = 'kept'") == 1);
    CHECK(world.number_of("SELECT count(*) FROM intent") == 1); // no template
    say(world, joao, "wamid.2", "hello?");
    world.pass(1min);
    CHECK(world.number_of("SELECT count(*) FROM intent WHERE state = 'accepted'") == 1);
}

TEST_CASE("groups: everybody has a reaction of their own, shown with a name, also after two records turned out to be one person")
{
    World world;
    world.policy().groups = Groups::tickets;
    say(world, member, "wamid.1", "the lift is broken");
    auto const react = [&](Customer const& who, std::string const& id, std::string const& emoji) {
        world.pass(1s);
        auto message = message_of(who, id, world.now());
        message["type"] = "reaction";
        message["reaction"] = {{"message_id", "wamid.1"}, {"emoji", emoji}};
        message["group_id"] = "G1";
        REQUIRE(world.deliver(world.sign(webhook({messages_change({"700100200300400"}, who, json::array({message}))}))).status == 200);
    };
    auto const shown = [&] {
        std::string all;
        auto const ticket = world.perform("Ana", desk::ShowTicket{.ticket = "1"});
        for (auto const& one : ticket.timeline.front().reactions)
            all += one.emoji + " " + (one.name.empty() ? one.actor : one.name) + ", ";
        return all;
    };
    react(joao, "wamid.2", "👍"); // who has not written yet
    react(member, "wamid.3", "😀");
    CHECK(shown() == "👍 Joao, 😀 Mara, ");
    say(world, joao, "wamid.4", "yes, since noon");
    CHECK(shown() == "👍 Joao, 😀 Mara, ");
    react(joao, "wamid.5", "😡");
    CHECK(shown() == "😀 Mara, 😡 Joao, ");
    world.store.write([](store::Tx& tx) { store::merge_contacts(tx, ContactId{2}, ContactId{1}, Timestamp{}, "the same"); });
    CHECK(shown() == "😀 Mara, 😡 Mara, ");
    world.store.write([](store::Tx& tx) { // from before it was kept who it was
        tx.prepare("UPDATE message_reaction SET actor = 'customer' WHERE actor = 'customer:2'").run();
    });
    react(member, "wamid.6", "");
    CHECK(shown() == "😡 customer, ");
}
