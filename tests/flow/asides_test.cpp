#include "world.hpp"

#include "deskbridge/store/ticket_view.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;

namespace {

using nlohmann::json;

Number const our_number{"700100200300400"};

json words(std::string const& id, Timestamp at, std::string const& text)
{
    auto message = message_of(mara, id, at);
    message["type"] = "text";
    message["text"] = {{"body", text}};
    return message;
}

void arrives(World& world, json change)
{
    REQUIRE(world.deliver(world.sign(webhook({std::move(change)}))).status == 200);
}

void writes_us(World& world, std::string const& id, std::string const& text)
{
    arrives(world, messages_change(our_number, mara, json::array({words(id, world.now(), text)})));
}

/// What the customer wrote to another app of the number, and what that app answered.
void stands_by(World& world, std::string const& id, std::string const& text, std::string const& answer_id = {})
{
    json standby{{"messages", json::array({words(id, world.now(), text)})}};
    if (!answer_id.empty())
        standby["message_echoes"] = json::array({{{"from", our_number.display}, {"to", mara.phone}, {"to_user_id", mara.user_id}, {"id", answer_id},
                                                  {"timestamp", std::to_string(to_ms(world.now()) / 1000)}, {"type", "text"},
                                                  {"text", {{"body", "The bot answers."}}}}});
    arrives(world, change("standby", our_number, {{"standby", std::move(standby)}}));
}

void calls(World& world, std::string const& id, std::string const& event = "connect")
{
    json call{{"id", id}, {"from", mara.phone}, {"from_user_id", mara.user_id}, {"to", our_number.display}, {"event", event},
              {"direction", "USER_INITIATED"}, {"timestamp", std::to_string(to_ms(world.now()) / 1000)}};
    if (event == "terminate")
        call.update({{"status", "COMPLETED"}, {"start_time", std::to_string(to_ms(world.now()) / 1000 - 65)}, {"duration", 65}});
    arrives(world, change("calls", our_number, {{"calls", json::array({call})}}));
}

/// "kind/purpose/author: text | …" of a ticket's timeline, or of the chat.
std::string shown(World& world, bool chat = false)
{
    std::string out;
    for (auto const& item : world.perform("Ana", desk::ShowTicket{.ticket = "1", .chat = chat}).timeline)
        if (item.message.purpose.empty() || item.message.purpose == "standby")
            out += (out.empty() ? "" : " | ") + item.message.kind + "/" + item.message.purpose + "/" +
                   std::string{render_actor_kind(item.message.actor.kind)} + ": " + item.message.text;
    return out;
}

} // namespace

TEST_CASE("standby: what is said to another app is to be read in the ticket, and nobody answers it")
{
    World world;
    writes_us(world, "wamid.1", "my parcel is late");
    world.pass(1min);
    auto const sent = world.number_of("SELECT count(*) FROM intent");
    stands_by(world, "wamid.2", "stop", "wamid.3"); // an order, but not to us
    stands_by(world, "wamid.2", "stop", "wamid.3");
    world.pass(1min);
    CHECK(shown(world) == "text//customer: my parcel is late | text/standby/customer: stop | text/standby/system: The bot answers.");
    CHECK(world.number_of("SELECT count(*) FROM intent") == sent);
    CHECK(world.number_of("SELECT count(*) FROM ticket") == 1);
    CHECK(world.number_of("SELECT count(*) FROM contact WHERE stopped_at_ms IS NOT NULL") == 0);
    CHECK(world.number_of("SELECT count(*) FROM message_placement p JOIN message m ON m.message_id = p.message_id "
                          "WHERE m.purpose = 'standby' AND p.rule = 'R0'") == 2);
    CHECK(world.number_of("SELECT count(*) FROM shelf") == 0);
}

TEST_CASE("standby: it opens the reply window, which is the number's, but no ticket")
{
    World world;
    stands_by(world, "wamid.1", "hello bot");
    world.pass(1min);
    CHECK(world.number_of("SELECT count(*) FROM ticket") == 0);
    CHECK(world.number_of("SELECT count(*) FROM intent") == 0);
    CHECK(world.number_of("SELECT count(*) FROM event WHERE type = 'window.opened'") == 1);
    CHECK(world.number_of("SELECT count(*) FROM message WHERE purpose = 'standby' AND ticket_id IS NULL AND matter = 0") == 1);
    writes_us(world, "wamid.2", "hello people"); // the app has handed the chat over
    CHECK(world.number_of("SELECT count(*) FROM ticket") == 1);
    CHECK(shown(world, true) == "text/standby/customer: hello bot | text//customer: hello people");
}

TEST_CASE("standby: a message that comes to us as well is somebody's matter, in either order")
{
    bool const first = GENERATE(true, false);
    INFO(first);
    World world;
    if (first)
        stands_by(world, "wamid.1", "my parcel is late");
    writes_us(world, "wamid.1", "my parcel is late");
    if (!first)
        stands_by(world, "wamid.1", "my parcel is late");
    CHECK(shown(world) == "text//customer: my parcel is late");
    CHECK(world.number_of("SELECT count(*) FROM message WHERE external_id = 'wamid.1'") == 1);
    CHECK(world.number_of("SELECT count(*) FROM shelf") == 0);
}

TEST_CASE("calls: shown once in the ticket that is being worked on, which is unseen again, and answered by nobody")
{
    World world;
    writes_us(world, "wamid.1", "my parcel is late");
    world.pass(1min);
    (void)world.perform("Ana", desk::MarkSeen{.ticket = "1"});
    auto const sent = world.number_of("SELECT count(*) FROM intent");
    calls(world, "wacid.1");
    world.pass(1min);
    calls(world, "wacid.1", "terminate");
    constexpr auto with_length = "text//customer: my parcel is late | call//customer: The customer called: 1 min 5 s.";
    CHECK(shown(world) == with_length);
    CHECK(world.number_of("SELECT count(*) FROM event WHERE type = 'message.received' AND json_extract(data, '$.completed')") == 1);
    calls(world, "wacid.1", "terminate");
    calls(world, "wacid.1");
    CHECK(shown(world) == with_length);
    CHECK(world.number_of("SELECT count(*) FROM event WHERE type = 'message.received'") == 3);
    CHECK(world.number_of("SELECT unseen FROM ticket") == 1);
    CHECK(world.number_of("SELECT count(*) FROM intent") == sent);
    CHECK(world.number_of("SELECT count(*) FROM ticket") == 1);
}

TEST_CASE("calls: the end that comes before the beginning keeps its length")
{
    World world;
    writes_us(world, "wamid.1", "my parcel is late");
    calls(world, "wacid.1", "terminate");
    calls(world, "wacid.1");
    CHECK(shown(world) == "text//customer: my parcel is late | call//customer: The customer called: 1 min 5 s.");
    CHECK(world.number_of("SELECT count(*) FROM message WHERE kind = 'call'") == 1);
}

TEST_CASE("calls: one opens the reply window, and no ticket")
{
    World world;
    writes_us(world, "wamid.1", "my parcel is late");
    world.pass(30h);
    CHECK_THROWS(world.perform("Ana", desk::Reply{.ticket = "1", .text = "too late"}));
    calls(world, "wacid.1");
    auto const reply = world.perform("Ana", desk::Reply{.ticket = "1", .text = "You called?"});
    CHECK(world.number_of("SELECT count(*) FROM intent WHERE state = 'accepted'") == 2); // the acknowledgement and this
    CHECK(reply.message.text == "You called?");
    CHECK(world.number_of("SELECT count(*) FROM event WHERE type = 'window.opened'") == 2);
}

TEST_CASE("calls: somebody who never wrote gets a ticket, and no acknowledgement; what they write then goes into it")
{
    World world;
    calls(world, "wacid.1");
    calls(world, "wacid.1", "terminate");
    world.pass(1min);
    CHECK(shown(world) == "call//customer: The customer called: 1 min 5 s.");
    CHECK(world.number_of("SELECT count(*) FROM ticket WHERE status = 'new' AND unseen = 1 AND subject = 'The customer called.'") == 1);
    CHECK(world.number_of("SELECT count(*) FROM message_placement WHERE rule = 'R8' AND action = 'open'") == 1);
    CHECK(world.number_of("SELECT count(*) FROM intent") == 0);
    CHECK(world.number_of("SELECT count(*) FROM timer") == 0);
    CHECK(world.number_of("SELECT count(*) FROM conversation WHERE address_value <> ''") == 1);
    CHECK(world.number_of("SELECT count(*) FROM event WHERE type = 'window.opened'") == 1);
    writes_us(world, "wamid.1", "my parcel is late");
    CHECK(world.number_of("SELECT count(*) FROM ticket") == 1);
}

TEST_CASE("calls: without a live ticket one is shown in the newest, which is unseen and stays as it is")
{
    World world;
    writes_us(world, "wamid.1", "my parcel is late");
    world.pass(1min);
    (void)world.perform("Ana", desk::SetStatus{.ticket = "1", .status = TicketStatus::solved});
    (void)world.perform("Ana", desk::MarkSeen{.ticket = "1"});
    REQUIRE(world.number_of("SELECT unseen FROM ticket") == 0);
    calls(world, "wacid.1");
    CHECK(shown(world) == "text//customer: my parcel is late | call//customer: The customer called.");
    CHECK(world.number_of("SELECT count(*) FROM ticket WHERE status = 'solved' AND unseen = 1") == 1);
    CHECK(world.number_of("SELECT count(*) FROM ticket") == 1);
}

TEST_CASE("standby: what the customer writes there is an arrival like any other, what the app writes is none")
{
    World world;
    auto const arrivals = [&] { return world.number_of("SELECT coalesce(sum(messages), 0) FROM inbound_hour"); };
    stands_by(world, "wamid.1", "hello bot", "wamid.2");
    stands_by(world, "wamid.1", "hello bot", "wamid.2");
    CHECK(arrivals() == 1);
    writes_us(world, "wamid.3", "hello people");
    CHECK(arrivals() == 2);
}

TEST_CASE("notices: who opens the chat, or lets us call, may be written to; what a phone allows by itself opens nothing")
{
    struct Case {
        std::string label;
        json content;
        bool opens;
    };
    auto const allowed = [](char const* source) {
        json const reply{{"response", "accept"}, {"response_source", source}};
        return json{{"type", "interactive"}, {"interactive", {{"type", "call_permission_reply"}, {"call_permission_reply", reply}}}};
    };
    auto const c = GENERATE_COPY(values<Case>({{"the chat is opened", json{{"type", "request_welcome"}}, true},
                                               {"calls are allowed", allowed("user_action"), true},
                                               {"by itself", allowed("automatic"), false}}));
    INFO(c.label);
    World world;
    writes_us(world, "wamid.1", "my parcel is late");
    world.pass(30h);
    auto message = message_of(mara, "wamid.2", world.now());
    message.update(c.content);
    arrives(world, messages_change(our_number, mara, json::array({message})));
    CHECK(world.number_of("SELECT count(*) FROM event WHERE type = 'notice.received'") == 1);
    CHECK(world.number_of("SELECT count(*) FROM message WHERE direction = 'in'") == 1);
    CHECK(world.number_of("SELECT count(*) FROM event WHERE type = 'window.opened'") == (c.opens ? 2 : 1));
    if (c.opens)
        CHECK(world.perform("Ana", desk::Reply{.ticket = "1", .text = "Hello!"}).message.text == "Hello!");
    else
        CHECK_THROWS(world.perform("Ana", desk::Reply{.ticket = "1", .text = "Hello!"}));
}
