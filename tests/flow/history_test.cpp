#include "world.hpp"

#include "deskbridge/store/ticket_view.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;

namespace {

using nlohmann::json;

Number const number{"700100200300400"};

json old_message(std::string const& id, Timestamp at, std::string const& text, bool from_business)
{
    json message{{"id", id}, {"timestamp", std::to_string(to_ms(at) / 1000)}, {"type", "text"}, {"text", {{"body", text}}}};
    message["from"] = from_business ? number.display : mara.phone;
    if (from_business)
        message["to"] = mara.phone;
    return message;
}

/// A chunk of the history of Mara's chat.
void deliver_history(World& world, char const* list, json items)
{
    json const value{{"messaging_product", "whatsapp"},
                     {"metadata", {{"display_phone_number", number.display}, {"phone_number_id", number.phone_number_id}}},
                     {list, std::move(items)}};
    REQUIRE(world.deliver(world.sign(webhook({{{"field", "history"}, {"value", value}}}))).status == 200);
}

void import(World& world, json messages)
{
    json const thread{{"id", mara.phone}, {"context", {{"wa_id", mara.phone}, {"user_id", mara.user_id}}}, {"messages", std::move(messages)}};
    deliver_history(world, "history", json::array({{{"metadata", {{"phase", 0}}}, {"threads", json::array({thread})}}}));
}

json old_image(std::string const& id, Timestamp at, bool from_business)
{
    auto message = old_message(id, at, "", from_business);
    message.erase("text");
    message["type"] = "image";
    message["image"] = {{"id", "99001"}, {"mime_type", "image/jpeg"}, {"caption", "The broken cup"}};
    return message;
}

json old_placeholder(std::string const& id, Timestamp at, bool from_business)
{
    auto message = old_message(id, at, "", from_business);
    message.erase("text");
    message["type"] = "media_placeholder";
    return message;
}

void say(World& world, std::string const& id, std::string const& text)
{
    auto message = message_of(mara, id, world.now());
    message["type"] = "text";
    message["text"] = {{"body", text}};
    REQUIRE(world.deliver(world.sign(webhook({messages_change(number, mara, json::array({message}))}))).status == 200);
}

/// The whole chat as it stands on screen: "texts | of | messages".
std::string chat_of(World& world, ConversationId conversation)
{
    return world.store.read([&](store::Reading& reading) {
        std::string out;
        for (auto const& item : store::load_chat(reading, conversation, {}, 100))
            out += (out.empty() ? "" : " | ") + item.message.text;
        return out;
    });
}

} // namespace

TEST_CASE("history: to be read before everything else, in the order in which it was written, and nobody's matter")
{
    World world;
    auto const then = world.now() - 24h * 90;
    import(world, json::array({old_message("wamid.H2", then + 1h, "Yes, until six.", true), old_message("wamid.H1", then, "Are you open?", false)}));
    CHECK(world.number_of("SELECT count(*) FROM ticket") == 0);
    CHECK(world.number_of("SELECT count(*) FROM intent") == 0);
    CHECK(world.number_of("SELECT count(*) FROM timer") == 0);
    CHECK(world.number_of("SELECT count(*) FROM conversation WHERE window_from_ms IS NOT NULL OR last_inbound_ms IS NOT NULL") == 0);
    CHECK(world.number_of("SELECT count(*) FROM message WHERE direction = 'out' AND actor_kind = 'phone_app'") == 1);
    say(world, "wamid.1", "my parcel is late");
    import(world, json::array({old_message("wamid.H0", then - 1h, "Hello", false)}));
    CHECK(chat_of(world, ConversationId{1}) == "Hello | Are you open? | Yes, until six. | my parcel is late");
    CHECK(world.number_of("SELECT count(*) FROM ticket") == 1);
    CHECK(world.number_of("SELECT count(*) FROM message_placement WHERE rule = 'R0' AND action = 'conversation_only'") == 3);
    CHECK(world.number_of("SELECT count(*) FROM event WHERE type = 'message.received' AND json_extract(data, '$.history')") == 3);
}

TEST_CASE("history: however often it comes, and whatever of it came when it was written, each message is there once")
{
    World world;
    say(world, "wamid.1", "my parcel is late");
    auto const chunk = json::array({old_message("wamid.1", world.now(), "my parcel is late", false),
                                    old_message("wamid.H1", world.now() - 24h, "Are you open?", false)});
    import(world, chunk);
    import(world, chunk);
    CHECK(chat_of(world, ConversationId{1}) == "Are you open? | my parcel is late");
    CHECK(world.number_of("SELECT ticket_id FROM message WHERE external_id = 'wamid.1'") == 1);
}

TEST_CASE("history: a message that comes as itself after its copy in the history is somebody's matter")
{
    World world;
    import(world, json::array({old_message("wamid.1", world.now() - 1min, "my parcel is late", false),
                               old_message("wamid.2", world.now() - 30s, "On its way.", true)}));
    CHECK(world.number_of("SELECT count(*) FROM ticket") == 0);
    say(world, "wamid.1", "my parcel is late");
    CHECK(world.number_of("SELECT count(*) FROM ticket") == 1);
    CHECK(world.number_of("SELECT count(*) FROM message WHERE external_id = 'wamid.1' AND ticket_id = 1") == 1);
    world.pass(1min);
    CHECK(world.number_of("SELECT count(*) FROM message WHERE purpose = 'acknowledgement'") == 1);
}

TEST_CASE("history: who had the number then takes nothing from who has it now")
{
    World world;
    Customer const holder{"zoe", "Zoe", mara.phone, "DE.9"};
    auto message = message_of(holder, "wamid.1", world.now());
    message["type"] = "text";
    message["text"] = {{"body", "hello"}};
    (void)world.deliver(world.sign(webhook({messages_change(number, holder, json::array({message}))})));
    import(world, json::array({old_message("wamid.H1", world.now() - 24h * 100, "Are you open?", false)}));
    CHECK(world.number_of("SELECT count(*) FROM identity WHERE contact_id = 1 AND valid_to_ms IS NULL") == 2);
    CHECK(world.number_of("SELECT count(*) FROM contact WHERE flagged IS NOT NULL") == 0);
    CHECK(chat_of(world, ConversationId{1}) == "hello");
    CHECK(chat_of(world, ConversationId{2}) == "Are you open?");
}

TEST_CASE("history: threading and limits do not see it")
{
    World world;
    say(world, "wamid.1", "my parcel is late");
    auto many = json::array();
    for (int i = 0; i < 600; ++i)
        many.push_back(old_message("wamid.H" + std::to_string(i), world.now() - 24h * 30 + std::chrono::minutes{i}, "old", i % 2 == 0));
    import(world, many);
    world.pass(20s);
    say(world, "wamid.2", "and the invoice too"); // within a minute: R2, although agents' words stand between them in commit sequence
    world.pass(1min);
    CHECK(world.number_of("SELECT count(*) FROM ticket") == 1);
    CHECK(world.number_of("SELECT count(*) FROM message_placement p JOIN message m ON m.message_id = p.message_id "
                          "WHERE m.external_id = 'wamid.2' AND p.rule = 'R2'") == 1);
    CHECK(world.number_of("SELECT count(*) FROM intent") == 1); // one acknowledgement
}

TEST_CASE("history: whoever quotes it is understood, and opens a ticket")
{
    World world;
    import(world, json::array({old_message("wamid.H1", world.now() - 24h, "Your parcel leaves tomorrow.", true)}));
    auto message = message_of(mara, "wamid.1", world.now());
    message["type"] = "text";
    message["text"] = {{"body", "it did not come"}};
    message["context"] = {{"id", "wamid.H1"}};
    REQUIRE(world.deliver(world.sign(webhook({messages_change(number, mara, json::array({message}))}))).status == 200);
    CHECK(world.number_of("SELECT count(*) FROM ticket") == 1);
    CHECK(world.number_of("SELECT quoted_message_id FROM message WHERE external_id = 'wamid.1'") == 1);
}

TEST_CASE("history: a file that comes later takes its placeholder's place, in either form and order, once")
{
    bool const from_business = GENERATE(false, true);
    bool const beside_the_chats = GENERATE(false, true);
    bool const first = GENERATE(false, true);
    INFO("from business: " << from_business << ", beside the chats: " << beside_the_chats << ", first: " << first);
    World world;
    auto const then = world.now() - 24h * 5;
    auto const bring = [&] {
        auto items = json::array({old_image("wamid.H1", then, from_business)});
        if (beside_the_chats)
            deliver_history(world, "messages", std::move(items));
        else
            import(world, std::move(items));
    };
    if (first)
        bring();
    import(world, json::array({old_placeholder("wamid.H1", then, from_business), old_message("wamid.H2", then + 1h, "Look", false)}));
    auto const id = world.number_of("SELECT message_id FROM message WHERE external_id = 'wamid.H1'");
    bring();
    bring();
    CHECK(world.number_of("SELECT message_id FROM message WHERE external_id = 'wamid.H1' AND kind = 'image' AND purpose = 'history'") == id);
    CHECK(chat_of(world, ConversationId{1}) == "The broken cup | Look");
    CHECK(world.number_of("SELECT count(*) FROM message") == 2);
    CHECK(world.number_of("SELECT count(*) FROM media") == 1);
    CHECK(world.number_of("SELECT count(*) FROM event WHERE type = 'message.received' AND json_extract(data, '$.completed')") == (first ? 0 : 1));
    CHECK(world.number_of("SELECT count(*) FROM shelf") == 0);
    CHECK(world.number_of("SELECT count(*) FROM ticket") == 0);
}

TEST_CASE("history: a file of a message that came as itself changes nothing")
{
    World world;
    say(world, "wamid.1", "my parcel is late");
    deliver_history(world, "messages", json::array({old_image("wamid.1", world.now(), false)}));
    CHECK(chat_of(world, ConversationId{1}) == "my parcel is late");
    CHECK(world.number_of("SELECT count(*) FROM media") == 0);
}
