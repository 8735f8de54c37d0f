#include "bot_world.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace deskbridge::test;

namespace {

/// Olga's business account, the bot connected to it, and Ana who writes to Olga.
struct BusinessWorld : BotWorld {
    Json olga = person("Olga");
    Json ana = person("Ana");
    std::string connection;

    BusinessWorld() { connection = order("/connections", Json{{"owner", id_of(olga)}}).at("id").get<std::string>(); }
    Json writes(Json const& who, Json more)
    {
        more["connection"] = connection;
        return order("/people/" + std::to_string(id_of(who)) + "/messages", more);
    }
    [[nodiscard]] Json to_ana(Json more) const
    {
        more.update(Json{{"business_connection_id", connection}, {"chat_id", id_of(ana)}});
        return more;
    }
};

/// "business_message edited_business_message"
std::string kinds_of(Json const& updates)
{
    std::string kinds;
    for (auto const& update : updates)
        for (auto const& [kind, node] : update.items())
            if (kind != "update_id")
                kinds += (kinds.empty() ? "" : " ") + kind;
    return kinds;
}

} // namespace

TEST_CASE("telegram: a business account's chats are told, and answered in the owner's name")
{
    BusinessWorld world;
    auto const said = world.writes(world.ana, Json{{"text", "Hello Olga"}});
    Json const reply{{"message_id", id_of(said, "message_id")}};
    auto const sent = world.result("sendMessage", world.to_ana(Json{{"text", "Hello Ana"}, {"reply_parameters", reply}}));
    CHECK(sent.at("from").at("first_name") == "Olga");
    CHECK(sent.at("sender_business_bot").at("id") == 7100200300);
    CHECK(sent.at("business_connection_id") == world.connection);
    CHECK(sent.at("reply_to_message").at("text") == "Hello Olga");
    world.writes(world.olga, Json{{"to", id_of(world.ana)}, {"text", "I am on it"}});
    world.order("/people/" + std::to_string(id_of(world.ana)) + "/edits",
                Json{{"connection", world.connection}, {"message_id", said.at("message_id")}, {"text", "Hello, Olga"}});
    world.order("/people/" + std::to_string(id_of(world.ana)) + "/removals",
                Json{{"connection", world.connection}, {"message_id", said.at("message_id")}});
    CHECK(kinds_of(world.updates()) == "business_connection business_message business_message business_message edited_business_message "
                                       "deleted_business_messages");
    CHECK(world.refusal("sendMessage", Json{{"chat_id", id_of(world.ana)}, {"text", "x"}}) ==
          "403 Forbidden: bot can't initiate conversation with a user"); // she wrote to Olga, not to the bot
}

TEST_CASE("telegram: a business connection that has ended, or may not answer, or not to this person")
{
    BusinessWorld world;
    auto const say = [&] { return world.refusal("sendMessage", world.to_ana(Json{{"text", "Hello"}})); };
    CHECK(say() == "400 Bad Request: BUSINESS_PEER_USAGE_MISSING");
    world.writes(world.ana, Json{{"text", "Hello Olga"}});
    CHECK(say().empty());
    world.order("/connections/" + world.connection, Json{{"can_reply", false}});
    CHECK(say() == "400 Bad Request: BUSINESS_CONNECTION_NOT_ALLOWED");
    world.order("/connections/" + world.connection, Json{{"can_reply", true}});
    world.order("/clock", Json{{"advance_s", 86'401}});
    CHECK(say() == "400 Bad Request: BUSINESS_PEER_USAGE_MISSING");
    world.writes(world.ana, Json{{"text", "Still there?"}});
    CHECK(say().empty());
    world.order("/connections/" + world.connection, Json{{"is_enabled", false}});
    CHECK(say() == "400 Bad Request: BUSINESS_CONNECTION_INVALID");
    auto const state = world.control("GET", "/sim/telegram/state");
    CHECK(state.at("connections").at(0).at("is_enabled") == false);
}

TEST_CASE("telegram: messages are marked as read in business accounts' chats alone, which stay after a restart")
{
    BusinessWorld world;
    auto const said = world.writes(world.ana, Json{{"text", "Hello Olga"}});
    auto const mark = Json{{"chat_id", id_of(world.ana)}, {"message_id", said.at("message_id")}};
    CHECK(world.refusal("readBusinessMessage", mark) != "");
    CHECK(world.result("readBusinessMessage", world.to_ana(mark)) == true);
    world.restart();
    auto const chat = world.control("GET", "/sim/telegram/chats/" + std::to_string(id_of(world.ana)) + "?connection=" + world.connection);
    CHECK(chat.at("messages").size() == 1);
    CHECK(world.result("readBusinessMessage", world.to_ana(mark)) == true);
}
