#include "bot_world.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;

namespace {

Json to(Json const& person, Json const& more)
{
    Json parameters{{"chat_id", id_of(person)}};
    parameters.update(more);
    return parameters;
}

} // namespace

TEST_CASE("bot API: who it is, and who is not let in")
{
    BotWorld world;
    auto const bot = world.result("getMe");
    CHECK(id_of(bot) == 7100200300);
    CHECK(bot.at("is_bot") == true);
    CHECK(bot.at("username") == "parcel_desk_bot");
    struct Case {
        std::string path;
        int status;
        std::string description;
    };
    for (auto const& c : {Case{"/telegram/bot7100200300:AAExampleToken_2/getMe", 401, "Unauthorized"},
                          Case{"/telegram/botless/getMe", 404, "Not Found"},
                          Case{"/telegram/7100200300:AAExampleToken_1/getMe", 404, "Not Found"}}) {
        INFO(c.path);
        HttpRequest request;
        request.target = world.base + c.path;
        auto const answer = world.ask(request);
        auto const& response = std::get<HttpResponse>(answer);
        CHECK(response.status == c.status);
        CHECK(simulator::parse_json(response.body)->at("description") == c.description);
    }
    CHECK(world.refusal("getTheWeather") == "404 Not Found: method not found");
    for (auto const& row : world.rows("call"))
        CHECK(row.dump().find(BotWorld::token) == std::string::npos);
}

TEST_CASE("bot API: without WhatsApp's secrets there is no WhatsApp, and the other way round")
{
    BotWorld alone;
    HttpRequest request;
    request.method = "POST";
    request.target = alone.base + "/v25.0/700/messages";
    request.headers.add("Authorization", "Bearer ");
    auto const answer = alone.ask(request);
    CHECK(std::get<HttpResponse>(answer).status == 404);

    BotWorld both{true};
    CHECK(both.result("getMe").at("is_bot") == true);
    CHECK(both.send_text("491511", "Hello").status == 200);
}

TEST_CASE("bot API: a message is what was asked for")
{
    BotWorld world;
    auto const ana = world.person();
    auto const asked = world.says(ana, "Where is my parcel?");
    auto const row = Json::array({Json{{"text", "Close"}, {"callback_data", "c:1042"}}});
    Json const keyboard{{"inline_keyboard", Json::array({row})}};
    auto const sent = world.result("sendMessage", to(ana, {{"text", " On its way. "},
                                                           {"reply_parameters", {{"message_id", id_of(asked, "message_id")}}},
                                                           {"reply_markup", keyboard}}));
    CHECK(id_of(sent, "message_id") == id_of(asked, "message_id") + 1);
    CHECK(sent.at("text") == "On its way.");
    CHECK(id_of(sent.at("from")) == 7100200300);
    CHECK(id_of(sent.at("chat")) == id_of(ana));
    CHECK(sent.at("chat").at("type") == "private");
    CHECK(sent.at("reply_to_message").at("text") == "Where is my parcel?");
    CHECK(sent.at("reply_markup").dump() == keyboard.dump());
    auto const pairs = "chat_id=" + std::to_string(id_of(ana)) + "&text=Otherwise";
    CHECK(world.raw("POST", "/sendMessage", pairs, "application/x-www-form-urlencoded").status == 200);
    CHECK(world.raw("GET", "/sendMessage?" + pairs).status == 200);
    auto const chat = world.control("GET", "/sim/telegram/chats/" + std::to_string(id_of(ana)));
    CHECK(chat.at("messages").size() == 4);
}

TEST_CASE("bot API: what is refused, and in which words")
{
    BotWorld world;
    auto const ana = world.person();
    world.says(ana, "Hello");
    auto const stranger = world.person("Stranger"); // who never wrote
    struct Case {
        std::string label;
        std::string method;
        Json parameters;
        std::string refusal;
    };
    for (auto const& c : {
             Case{"no chat", "sendMessage", {{"text", "x"}}, "400 Bad Request: chat_id is empty"},
             Case{"an unknown chat", "sendMessage", {{"chat_id", 1}, {"text", "x"}}, "400 Bad Request: chat not found"},
             Case{"a chat that is no number", "sendMessage", {{"chat_id", "@ana"}, {"text", "x"}}, "400 Bad Request: chat not found"},
             Case{"who never wrote", "sendMessage", to(stranger, {{"text", "x"}}),
                  "403 Forbidden: bot can't initiate conversation with a user"},
             Case{"no text", "sendMessage", to(ana, Json::object()), "400 Bad Request: message text is empty"},
             Case{"too long", "sendMessage", to(ana, {{"text", std::string(4097, 'x')}}), "400 Bad Request: message is too long"},
             Case{"an answer to nothing", "sendMessage", to(ana, {{"text", "x"}, {"reply_parameters", {{"message_id", 999}}}}),
                  "400 Bad Request: message to be replied not found"},
             Case{"an answer of no form", "sendMessage", to(ana, {{"text", "x"}, {"reply_parameters", 17}}),
                  "400 Bad Request: object expected as reply parameters"},
             Case{"a topic where there are none", "sendMessage", to(ana, {{"text", "x"}, {"message_thread_id", 5}}),
                  "400 Bad Request: message thread not found"},
             Case{"a parse mode", "sendMessage", to(ana, {{"text", "x"}, {"parse_mode", "HTML"}}),
                  "400 Bad Request: unsupported parse_mode"},
             Case{"a business account", "sendMessage", to(ana, {{"text", "x"}, {"business_connection_id", "bc1"}}),
                  "400 Bad Request: business connection not found"},
             Case{"no photo", "sendPhoto", to(ana, Json::object()), "400 Bad Request: there is no photo in the request"},
             Case{"a photo of somebody else's", "sendPhoto", to(ana, {{"photo", "AgAC"}}),
                  "400 Bad Request: wrong remote file identifier specified: Wrong string length"},
             Case{"a tap that never was", "answerCallbackQuery", {{"callback_query_id", "1"}},
                  "400 Bad Request: query is too old and response timeout expired or query ID is invalid"},
             Case{"a file that never was", "getFile", {{"file_id", "x"}}, "400 Bad Request: invalid file_id"},
             Case{"an edit of nothing", "editMessageText", to(ana, {{"message_id", 999}, {"text", "x"}}),
                  "400 Bad Request: message to edit not found"},
             Case{"an edit of Ana's words", "editMessageText", to(ana, {{"message_id", 1}, {"text", "x"}}),
                  "400 Bad Request: message can't be edited"},
         }) {
        INFO(c.label);
        CHECK(world.refusal(c.method, c.parameters) == c.refusal);
    }
    auto const refused = world.rows("call");
    CHECK(std::count_if(refused.begin(), refused.end(), [](Json const& row) { return row.at("verdict") == "refused"; }) == 17);
}

TEST_CASE("bot API: an answer to a message that is gone goes without it, if it may")
{
    BotWorld world;
    auto const ana = world.person();
    auto const asked = world.says(ana, "Forget it");
    world.order("/people/" + std::to_string(id_of(ana)) + "/removals", {{"message_id", id_of(asked, "message_id")}});
    Json reply{{"message_id", id_of(asked, "message_id")}};
    auto const refused = world.refusal("sendMessage", to(ana, {{"text", "Yes"}, {"reply_parameters", reply}}));
    CHECK(refused == "400 Bad Request: message to be replied not found");
    reply["allow_sending_without_reply"] = true;
    CHECK_FALSE(world.result("sendMessage", to(ana, {{"text", "Yes"}, {"reply_parameters", reply}})).contains("reply_to_message"));
}

TEST_CASE("bot API: the bot's own messages can be changed and taken back")
{
    BotWorld world;
    auto const ana = world.person();
    world.says(ana, "Hello");
    auto const sent = world.result("sendMessage", to(ana, {{"text", "On its way"}}));
    Json edit{{"message_id", id_of(sent, "message_id")}, {"text", "It is there"}};
    CHECK(world.result("editMessageText", to(ana, edit)).at("text") == "It is there");
    CHECK(world.refusal("editMessageText", to(ana, edit)).find("400 Bad Request: message is not modified") == 0);
    CHECK(world.result("deleteMessage", to(ana, {{"message_id", id_of(sent, "message_id")}})) == true);
    auto const again = world.refusal("deleteMessage", to(ana, {{"message_id", id_of(sent, "message_id")}}));
    CHECK(again == "400 Bad Request: message to delete not found");
    CHECK(world.result("sendChatAction", to(ana, {{"action", "typing"}})) == true);
}

TEST_CASE("bot API: who sends too fast is asked to wait")
{
    BotWorld world;
    auto const ana = world.person();
    world.says(ana, "Hello");
    auto const begun = std::chrono::steady_clock::now();
    int went = -1;
    auto last = Json::object();
    for (; went < 200 && last.value("error_code", 0) != 429; ++went) // a slow machine needs more to be too fast
        last = world.call("sendMessage", to(ana, {{"text", "Hurry"}}));
    REQUIRE(last.at("error_code") == 429);
    CHECK(went <= 5 * ((std::chrono::steady_clock::now() - begun) / 1s + 1));
    CHECK(last.at("description") == "Too Many Requests: retry after 1");
    CHECK(last.at("parameters").at("retry_after") == 1);
    auto again = world.raw("GET", "/sendMessage?text=x&chat_id=" + std::to_string(id_of(ana)));
    for (int i = 0; i < 200 && again.status != 429; ++i)
        again = world.raw("GET", "/sendMessage?text=x&chat_id=" + std::to_string(id_of(ana)));
    CHECK(again.headers.find("Retry-After") == "1");
}

TEST_CASE("bot API: faults strike as asked, and the ledger tells whether the call was taken")
{
    struct Case {
        std::string label;
        Json fault;
        int status; ///< 0: no answer
        std::size_t taken;
    };
    auto const c = GENERATE(values<Case>({
        {"hang before", {{"kind", "hang"}}, 0, 0},
        {"hang after", {{"kind", "hang"}, {"accept", true}}, 0, 1},
        {"reset after", {{"kind", "reset"}, {"accept", true}}, 0, 1},
        {"a proxy's 502", {{"kind", "html_502"}}, 502, 0},
        {"a success that says nothing", {{"kind", "empty_200"}, {"accept", true}}, 200, 1},
        {"slow", {{"kind", "slow"}, {"delay_ms", 20}}, 200, 1},
        {"429 is never taken", {{"kind", "throttle_429"}, {"retry_after_s", 7}, {"accept", true}}, 429, 0},
        {"any words", {{"kind", "error"}, {"code", 403}, {"description", "Forbidden: user is deactivated"}}, 403, 0},
        {"of another method", {{"kind", "reset"}, {"method", "sendPhoto"}}, 200, 1},
        {"of another text", {{"kind", "reset"}, {"words", "Bye"}}, 200, 1},
        {"of this text", {{"kind", "html_502"}, {"words", "Hi"}}, 502, 0},
    }));
    INFO(c.label);
    BotWorld world;
    auto const ana = world.person();
    world.says(ana, "Hello");
    world.order("/faults", c.fault);
    HttpRequest request;
    request.target = world.base + "/telegram/bot" + BotWorld::token + "/sendMessage?text=Hi&chat_id=" + std::to_string(id_of(ana));
    auto const answer = world.ask(request, c.status == 0 ? 1s : 30s);
    auto const* response = std::get_if<HttpResponse>(&answer);
    CHECK((response ? response->status : 0) == c.status);
    auto const chat = world.control("GET", "/sim/telegram/chats/" + std::to_string(id_of(ana)));
    CHECK(chat.at("messages").size() == 1 + c.taken);
    CHECK(world.rows("call").back().at("verdict") == (c.taken == 1 ? "taken" : "not_taken"));
}
