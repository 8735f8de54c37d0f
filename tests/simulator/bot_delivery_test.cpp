#include "bot_world.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;

namespace {

std::string hook_of(BotWorld const& world)
{
    return "http://127.0.0.1:" + std::to_string(world.business_port) + "/hook";
}

Json hooked(BotWorld& world, Json const& more = Json::object())
{
    Json parameters{{"url", hook_of(world)}, {"secret_token", "tg_secret-01"}};
    parameters.update(more);
    return world.call("setWebhook", parameters);
}

} // namespace

TEST_CASE("bot updates: fetched from a number on, and what is before it is forgotten")
{
    BotWorld world;
    auto const ana = world.person();
    CHECK(world.result("getUpdates").empty());
    for (auto const* const text : {"one", "two", "three"})
        world.says(ana, text);
    auto const all = world.result("getUpdates");
    REQUIRE(all.size() == 3);
    auto const first = id_of(all[0], "update_id");
    CHECK(id_of(all[2], "update_id") == first + 2);
    CHECK(all[0].at("message").at("text") == "one");
    CHECK(world.result("getUpdates", {{"limit", 2}}).size() == 2);
    CHECK(world.result("getUpdates", {{"offset", first + 1}}).size() == 2);
    CHECK(world.result("getUpdates").size() == 2); // "one" is acknowledged
    CHECK(world.result("getUpdates", {{"offset", -1}}).front().at("message").at("text") == "three");
    CHECK(world.result("getUpdates", {{"offset", first + 3}}).empty());
}

TEST_CASE("bot updates: a question waits, and another one ends it")
{
    BotWorld world;
    auto const ana = world.person();
    HttpRequest patient;
    patient.target = world.base + "/telegram/bot" + BotWorld::token + "/getUpdates?timeout=50";
    CHECK(std::holds_alternative<net::NoAnswer>(world.ask(patient, 200ms))); // it goes away, its question stays
    auto const told = world.result("getUpdates", {{"timeout", 0}});
    CHECK(told.empty());
    auto const ended = world.rows("call");
    auto const conflicts = std::count_if(ended.begin(), ended.end(), [](Json const& row) { return row.value("code", 0) == 409; });
    CHECK(conflicts == 1);
    world.says(ana, "Hello");
    CHECK(world.result("getUpdates", {{"timeout", 50}}).size() == 1); // at once
}

TEST_CASE("bot updates: only the kinds that the bot asked for")
{
    BotWorld world;
    auto const ana = world.person();
    auto const said = world.says(ana, "Hello");
    world.updates();
    auto const react = [&] {
        world.order("/people/" + std::to_string(id_of(ana)) + "/reactions", {{"message_id", id_of(said, "message_id")}, {"emoji", "👍"}});
    };
    react();
    CHECK(world.updates().empty()); // not unless it is named
    (void)world.result("getUpdates", {{"allowed_updates", {"message_reaction"}}});
    react();
    CHECK(world.updates().size() == 1);
    world.says(ana, "and again");
    CHECK(world.updates().empty());
}

TEST_CASE("bot webhook: proven by the secret, and each update alone")
{
    BotWorld world;
    auto const ana = world.person();
    CHECK(hooked(world).at("description") == "Webhook was set");
    CHECK(hooked(world).at("description") == "Webhook is already set");
    world.says(ana, "one");
    world.says(ana, "two");
    REQUIRE(world.until([&] { return world.posted.size() == 2; }));
    CHECK(world.posted[0].secret == "tg_secret-01");
    auto const body = *simulator::parse_json(world.posted[0].body);
    CHECK(body.at("message").at("text") == "one");
    CHECK(body.at("update_id").is_number_integer());
    CHECK(world.refusal("getUpdates").find("409 Conflict: can't use getUpdates method while webhook is active") == 0);
    REQUIRE(world.until([&] { return world.result("getWebhookInfo").at("pending_update_count") == 0; }));
    CHECK(world.call("deleteWebhook").at("description") == "Webhook was deleted");
    CHECK(world.call("deleteWebhook").at("description") == "Webhook is already deleted");
    for (auto const& row : world.rows("call"))
        CHECK(row.dump().find("tg_secret-01") == std::string::npos);
}

TEST_CASE("bot webhook: what it may be")
{
    BotWorld world;
    struct Case {
        std::string label;
        Json parameters;
        std::string refusal;
    };
    for (auto const& c : {
             Case{"plain http elsewhere", {{"url", "http://desk.example/hook"}},
                  "400 Bad Request: bad webhook: An HTTPS URL must be provided for webhook"},
             Case{"another port", {{"url", "https://desk.example:9443/hook"}},
                  "400 Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"},
             Case{"no URL", {{"url", "desk"}}, "400 Bad Request: bad webhook: Invalid URL specified"},
             Case{"a secret of other characters", {{"url", hook_of(world)}, {"secret_token", "two words"}},
                  "400 Bad Request: secret token contains unallowed characters"},
             Case{"a long secret", {{"url", hook_of(world)}, {"secret_token", std::string(257, 's')}},
                  "400 Bad Request: secret token is too long"},
             Case{"as it should be", {{"url", "https://desk.example:8443/hook"}, {"secret_token", std::string(256, 's')}}, ""},
         }) {
        INFO(c.label);
        CHECK(world.refusal("setWebhook", c.parameters) == c.refusal);
    }
}

TEST_CASE("bot webhook: posted again until it is answered 2xx, in the order of the chat, while others go on")
{
    BotWorld world;
    auto const ana = world.person();
    auto const ben = world.person("Ben");
    world.answers = {500, 404};
    (void)hooked(world);
    world.says(ana, "one");
    REQUIRE(world.until([&] { return world.posted.size() == 1; }));
    world.says(ana, "two");
    world.says(ben, "me");
    REQUIRE(world.until([&] { return world.result("getWebhookInfo").at("pending_update_count") == 0; }));
    std::string order;
    for (auto const& posted : world.posted)
        if (posted.answered == 200)
            order += simulator::parse_json(posted.body)->at("message").at("text").get<std::string>() + " ";
    CHECK(order.find("one") < order.find("two"));
    CHECK(world.posted.size() == 5);
    CHECK(world.result("getWebhookInfo").at("last_error_message").get<std::string>().find("Wrong response from the webhook") == 0);
}

TEST_CASE("bot webhook: the answer may hold one call")
{
    BotWorld world;
    auto const ana = world.person();
    (void)hooked(world);
    world.answer_body = R"({"method": "sendMessage", "text": "Hello too", "chat_id": )" + std::to_string(id_of(ana)) + "}";
    world.says(ana, "Hello");
    auto const chat = [&] { return world.control("GET", "/sim/telegram/chats/" + std::to_string(id_of(ana))).at("messages"); };
    REQUIRE(world.until([&] { return chat().size() == 2; }));
    CHECK(chat().back().at("text") == "Hello too");
    CHECK(world.rows("call").back().at("via") == "webhook_answer");
}

TEST_CASE("bot webhook: what is too old is dropped")
{
    BotWorld world;
    auto const ana = world.person();
    world.says(ana, "yesterday");
    world.order("/clock", {{"advance_s", 24 * 3600}});
    REQUIRE(world.until([&] { return world.result("getWebhookInfo").at("pending_update_count") == 0; }));
    CHECK(world.rows("update_done").back().at("taken") == false);
    CHECK(world.updates().empty());
}

TEST_CASE("bot: another run goes on from what this one left")
{
    BotWorld world;
    auto const ana = world.person();
    world.answers = std::deque<int>(1000, 503);
    (void)hooked(world, {{"allowed_updates", {"message"}}});
    auto const said = world.says(ana, "Hello");
    REQUIRE(world.until([&] { return !world.posted.empty(); }));
    world.stop();
    world.answers.clear();
    world.start();
    REQUIRE(world.until([&] { return world.posted.back().answered == 200; }));
    CHECK(world.posted.front().body == world.posted.back().body);
    CHECK(world.posted.back().secret == "tg_secret-01");
    CHECK(world.result("getWebhookInfo").at("allowed_updates").dump() == R"(["message"])");
    auto const sent = world.result("sendMessage", {{"chat_id", id_of(ana)}, {"text", "Hello again"}});
    CHECK(id_of(sent, "message_id") == id_of(said, "message_id") + 1);
}
