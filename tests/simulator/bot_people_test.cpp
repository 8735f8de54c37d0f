#include "bot_world.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace deskbridge::test;

namespace {

std::string path_of(Json const& object, std::string const& of, std::string const& verb)
{
    return "/" + of + "/" + std::to_string(id_of(object)) + "/" + verb;
}

} // namespace

TEST_CASE("bot people: a tap is told with the message that it was on, and can be answered")
{
    BotWorld world;
    auto const ana = world.person();
    world.says(ana, "Hello");
    auto const row = Json::array({Json{{"text", "Close"}, {"callback_data", "c:1042"}}});
    Json const keyboard{{"inline_keyboard", Json::array({row})}};
    auto const sent = world.result("sendMessage", {{"chat_id", id_of(ana)}, {"text", "Anything else?"}, {"reply_markup", keyboard}});
    world.updates();
    world.order(path_of(ana, "people", "taps"), {{"message_id", id_of(sent, "message_id")}, {"data", "c:1042"}});
    auto const updates = world.updates();
    REQUIRE(updates.size() == 1);
    auto const& query = updates[0].at("callback_query");
    CHECK(query.at("data") == "c:1042");
    CHECK(id_of(query.at("from")) == id_of(ana));
    CHECK(query.at("message").at("text") == "Anything else?");
    CHECK(world.result("answerCallbackQuery", {{"callback_query_id", query.at("id")}}) == true);
    world.order("/clock", {{"advance_s", 150}});
    CHECK(world.refusal("answerCallbackQuery", {{"callback_query_id", query.at("id")}}).find("400 Bad Request: query is too old") == 0);
}

TEST_CASE("bot people: who has blocked the bot gets nothing, and the bot is told")
{
    BotWorld world;
    auto const ana = world.person();
    world.says(ana, "Hello");
    world.updates();
    Json const message{{"chat_id", id_of(ana)}, {"text", "Hello?"}};
    world.order(path_of(ana, "people", "blocks"), {{"blocked", true}});
    CHECK(world.refusal("sendMessage", message) == "403 Forbidden: bot was blocked by the user");
    auto const updates = world.updates();
    REQUIRE(updates.size() == 1);
    CHECK(updates[0].at("my_chat_member").at("new_chat_member").at("status") == "kicked");
    world.order(path_of(ana, "people", "blocks"), {{"blocked", false}});
    CHECK(world.refusal("sendMessage", message).empty());
    CHECK(world.updates()[0].at("my_chat_member").at("new_chat_member").at("status") == "member");
}

TEST_CASE("bot people: answers, edits and commands are told as they are made")
{
    BotWorld world;
    auto const ana = world.person();
    auto const first = world.says(ana, "/start 4821-9376");
    CHECK(first.at("entities")[0].dump() == R"({"length":6,"offset":0,"type":"bot_command"})");
    auto const second = world.order(path_of(ana, "people", "messages"), {{"text", "I mean"}, {"reply_to", id_of(first, "message_id")}});
    CHECK(second.at("reply_to_message").at("text") == "/start 4821-9376");
    world.order(path_of(ana, "people", "edits"), {{"message_id", id_of(second, "message_id")}, {"text", "I meant"}});
    auto const updates = world.updates();
    REQUIRE(updates.size() == 3);
    auto const& edited = updates[2].at("edited_message");
    CHECK(edited.at("text") == "I meant");
    CHECK(edited.contains("edit_date"));
    CHECK(id_of(edited, "message_id") == id_of(second, "message_id"));
}

TEST_CASE("bot groups: messages of a forum have their topic, and go where it is")
{
    BotWorld world;
    auto const ana = world.person();
    auto const forum = world.order("/groups", {{"title", "Shop"}, {"forum", true}});
    auto const topic = world.order(path_of(forum, "groups", "topics"), {{"name", "Parcels"}});
    auto const thread = id_of(topic, "message_thread_id");
    auto const said = world.order(path_of(ana, "people", "messages"), {{"text", "Hello all"}, {"group", id_of(forum)}, {"topic", thread}});
    CHECK(said.at("is_topic_message") == true);
    CHECK(id_of(said, "message_thread_id") == thread);
    auto const sent = world.result("sendMessage", {{"chat_id", id_of(forum)}, {"message_thread_id", thread}, {"text", "Hello"}});
    CHECK(id_of(sent, "message_thread_id") == thread);
    CHECK(id_of(sent, "message_id") == id_of(said, "message_id") + 1); // counted in the supergroup
    CHECK(world.refusal("sendMessage", {{"chat_id", id_of(forum)}, {"message_thread_id", thread + 77}, {"text", "Hello"}}) ==
          "400 Bad Request: message thread not found");
    auto const updates = world.updates();
    REQUIRE(updates.size() == 3);
    CHECK(updates[0].contains("my_chat_member"));
    CHECK(updates[1].at("message").contains("forum_topic_created"));
}

TEST_CASE("bot groups: one that grows gets another id, and whoever writes to the old one is told")
{
    BotWorld world;
    auto const group = world.order("/groups", {{"title", "Shop"}});
    auto const grown = world.order(path_of(group, "groups", "upgrades"));
    auto const refused = world.call("sendMessage", {{"chat_id", id_of(group)}, {"text", "Hello"}});
    CHECK(refused.at("error_code") == 400);
    CHECK(refused.at("description") == "Bad Request: group chat was upgraded to a supergroup chat");
    CHECK(id_of(refused.at("parameters"), "migrate_to_chat_id") == id_of(grown));
    CHECK(world.refusal("sendMessage", {{"chat_id", id_of(grown)}, {"text", "Hello"}}).empty());
    auto const updates = world.updates();
    REQUIRE(updates.size() == 3);
    CHECK(id_of(updates[1].at("message"), "migrate_to_chat_id") == id_of(grown));
    CHECK(id_of(updates[2].at("message"), "migrate_from_chat_id") == id_of(group));
    world.order(path_of(grown, "groups", "memberships"), {{"bot_in", false}});
    auto const thrown_out = world.refusal("sendMessage", {{"chat_id", id_of(grown)}, {"text", "Hello"}});
    CHECK(thrown_out == "403 Forbidden: bot was kicked from the supergroup chat");
}
