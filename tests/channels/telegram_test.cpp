#include "channels/fixture.hpp"

#include "deskbridge/channel/registry.hpp"
#include "deskbridge/core/text.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace deskbridge;

namespace {

constexpr std::string_view secret_header = "X-Telegram-Bot-Api-Secret-Token";
std::string const token = "7100200300:AAExampleToken_1";
std::string const newer = "7100200300:AANewToken-2";

channel::Adapter const& adapter()
{
    return *channel::find_adapter("telegram");
}

channel::Account account(std::vector<std::string> tokens = {token}, std::vector<std::string> secrets = {"tg_secret-01"})
{
    channel::Account made{"support", "", "", "", {{"bot_id", "7100200300"}, {"api_base", "https://api.telegram.org"}},
                          {{"bot_token", std::move(tokens)}, {"webhook_secret", std::move(secrets)}}};
    adapter().identify(made);
    return made;
}

HttpResponse answer(int code, std::string const& description, std::string const& parameters = "{}")
{
    return {code, {}, R"({"ok":false,"error_code":)" + std::to_string(code) + R"(,"description":")" + description +
                          R"(","parameters":)" + parameters + "}"};
}

channel::Delivery hello(Address to = {"user", "6001"})
{
    return {{"Hello", {}, {}, {}, {}}, std::move(to), "", "att-1"};
}

/// "refused:message", "not_sent:pair", …
std::string summary(channel::SendStep const& step)
{
    auto const* outcome = std::get_if<Outcome>(&step);
    if (outcome == nullptr)
        return "asks " + std::get<channel::Step>(step).request.target;
    auto const doc = test::render_outcome(*outcome);
    auto const rest = doc.value("because", doc.value("slows", ""));
    return doc.at("event").get<std::string>() + (rest.empty() ? "" : ":" + rest);
}

} // namespace

TEST_CASE("Telegram: a webhook proves itself by the word that we gave, and by nothing else")
{
    struct Case {
        std::string label;
        std::vector<std::string> secrets;
        Headers headers;
        bool plausible;
        bool authentic;
    };
    auto const named = [](std::string value) { return Headers{{std::string{secret_header}, std::move(value)}}; };
    auto const c = GENERATE_COPY(values<Case>({
        {"right", {"tg_secret-01"}, named("tg_secret-01"), true, true},
        {"right, the name in another case", {"tg_secret-01"}, {{"x-telegram-bot-api-secret-token", "tg_secret-01"}}, true, true},
        {"another case", {"tg_secret-01"}, named("TG_secret-01"), true, false},
        {"a part", {"tg_secret-01"}, named("tg_secret-0"), true, false},
        {"longer", {"tg_secret-01"}, named("tg_secret-011"), true, false},
        {"trailing space", {"tg_secret-01"}, named("tg_secret-01 "), false, false},
        {"twice", {"tg_secret-01"}, {{std::string{secret_header}, "tg_secret-01"}, {std::string{secret_header}, "tg_secret-01"}}, false, false},
        {"absent", {"tg_secret-01"}, {}, false, false},
        {"empty", {"tg_secret-01"}, named(""), false, false},
        {"empty, and nothing configured", {}, named(""), false, false},
        {"empty, and an empty word configured", {""}, named(""), false, false},
        {"nothing configured", {}, named("tg_secret-01"), true, false},
        {"the second of two", {"new_word", "tg_secret-01"}, named("tg_secret-01"), true, true},
        {"the first of two", {"new_word", "tg_secret-01"}, named("new_word"), true, true},
        {"256 characters", {std::string(256, 'a')}, named(std::string(256, 'a')), true, true},
        {"257 characters", {std::string(257, 'a')}, named(std::string(257, 'a')), false, false},
        {"characters that Telegram does not allow", {"a.b"}, named("a.b"), false, false},
    }));
    INFO(c.label);
    auto const own = account({token}, c.secrets);
    HttpRequest const request{"POST", "/hooks/support", c.headers, "{}"};
    CHECK(adapter().plausible(request) == c.plausible);
    CHECK(adapter().authentic({"support", {&own}}, request, from_ms(0)) == c.authentic);
    CHECK_FALSE(adapter().handshake({"support", {&own}}, request).has_value());
}

TEST_CASE("Telegram: a token counts if it is one of the bot that the account names")
{
    struct Case {
        std::string label;
        std::vector<std::string> tokens;
        std::string first;
    };
    std::string const asks = "asks https://api.telegram.org/bot";
    auto const c = GENERATE_COPY(values<Case>({
        {"one", {token}, asks + token + "/sendMessage"},
        {"two: the first", {newer, token}, asks + newer + "/sendMessage"},
        {"none", {}, "refused:account"},
        {"another bot's", {"7100200301:AAExample"}, "refused:account"},
        {"another bot's beside ours", {"7100200301:AAExample", token}, asks + token + "/sendMessage"},
        {"without its bot", {"AAExampleToken_1"}, "refused:account"},
        {"what would lead elsewhere", {"7100200300:AA/../x"}, "refused:account"},
        {"what would be a query", {"7100200300:AA?x=1"}, "refused:account"},
        {"nothing behind the colon", {"7100200300:"}, "refused:account"},
        {"a line break", {"7100200300:AA\n"}, "refused:account"},
    }));
    INFO(c.label);
    CHECK(summary(adapter().next(account(c.tokens), hello(), {})) == c.first);
}

TEST_CASE("Telegram: a second token is tried when the first is refused")
{
    auto const own = account({newer, token});
    std::vector<HttpResponse> so_far{answer(401, "Unauthorized")};
    CHECK(summary(adapter().next(own, hello(), so_far)) == "asks https://api.telegram.org/bot" + token + "/sendMessage");
    so_far.push_back(answer(404, "Not Found"));
    CHECK(summary(adapter().next(own, hello(), so_far)) == "refused:account");
}

TEST_CASE("Telegram: what an error means")
{
    struct Case {
        int code;
        std::string description;
        std::string meaning;
        std::string says;
    };
    auto const c = GENERATE(values<Case>({
        {401, "Unauthorized", "refused:account", "does not accept the bot token"},
        {404, "Not Found", "refused:account", "does not know this bot"},
        {409, "Conflict: terminated by other getUpdates request", "refused:account", "another program"},
        {429, "Too Many Requests: retry after 7", "not_sent:account", "more slowly"},
        {403, "Forbidden: bot was blocked by the user", "refused:opted_out", "has blocked the bot"},
        {403, "Forbidden: user is deactivated", "refused:opted_out", "account was deleted"},
        {403, "Forbidden: bot can't initiate conversation with a user", "refused:message", "the customer has to start it"},
        {403, "Forbidden: bot can't send messages to bots", "refused:message", "is a bot"},
        {403, "Forbidden: bot was kicked from the supergroup chat", "refused:message", "removed from this group"},
        {403, "Forbidden: bot is not a member of the supergroup chat", "refused:message", "not a member"},
        {403, "Forbidden: the group chat was deleted", "refused:message", "group was deleted"},
        {403, "Forbidden: BUSINESS_PEER_USAGE_MISSING", "refused:window_closed", "24 hours"},
        {403, "Forbidden: a new reason", "refused:message", "does not let the bot write"},
        {400, "Bad Request: chat not found", "refused:message", "does not find this chat"},
        {400, "Bad Request: PEER_ID_INVALID", "refused:message", "does not find this chat"},
        {400, "Bad Request: BUSINESS_PEER_USAGE_MISSING", "refused:window_closed", "24 hours"},
        {400, "Bad Request: BUSINESS_PEER_INVALID", "refused:message", "does not let the bot into this chat"},
        {400, "Bad Request: BUSINESS_CONNECTION_INVALID", "refused:message", "disconnected the bot"},
        {400, "Bad Request: business connection not found", "refused:message", "disconnected the bot"},
        {400, "Bad Request: message thread not found", "refused:message", "topic of the group was deleted"},
        {400, "Bad Request: TOPIC_CLOSED", "refused:message", "closed"},
        {400, "Bad Request: not enough rights to send text messages to the chat", "refused:message", "lacks the right"},
        {400, "Bad Request: message is too long", "refused:message", "too long"},
        {400, "Bad Request: message text is empty", "refused:message", "nothing to see"},
        {400, "Bad Request: BUTTON_DATA_INVALID", "refused:message", "a button"},
        {400, "Bad Request: a new reason", "refused:message", "does not accept the message"},
        {413, "Request Entity Too Large", "refused:message", "too large"},
        {500, "Internal Server Error", "unknown", "internal problem"},
        {418, "A code of its own", "unknown", "internal problem"},
    }));
    INFO(c.code << ' ' << c.description);
    std::vector const history{answer(c.code, c.description)};
    auto const step = adapter().next(account(), hello(), history);
    CHECK(summary(step) == c.meaning);
    auto const told = test::render_outcome(std::get<Outcome>(step));
    CHECK(told.at("code") == c.code);
    auto const why = told.at("why").get<std::string>();
    CHECK(why.find(c.says) != std::string::npos);
    CHECK(why.find(c.description + "; error " + std::to_string(c.code)) != std::string::npos);
}

TEST_CASE("Telegram: how long it asks to wait")
{
    struct Case {
        std::string label;
        std::string parameters;
        Headers headers;
        int asked_s;
    };
    auto const c = GENERATE(values<Case>({
        {"told in the answer", R"({"retry_after":7})", {}, 7},
        {"told in the header too, longer", R"({"retry_after":7})", {{"Retry-After", "9"}}, 9},
        {"not told", "{}", {}, 1},
        {"for ever: a day", R"({"retry_after":9000000000})", {}, 86400},
        {"in the past", R"({"retry_after":-7})", {}, 1},
        {"a text", R"({"retry_after":"soon"})", {}, 1},
    }));
    INFO(c.label);
    auto response = answer(429, "Too Many Requests", c.parameters);
    response.headers = c.headers;
    std::vector const history{response};
    auto const told = test::render_outcome(std::get<Outcome>(adapter().next(account(), hello(), history)));
    CHECK(told.at("asked_s") == c.asked_s);
}

TEST_CASE("Telegram: the token, which is part of every URL, is in no word that is kept")
{
    std::vector const history{answer(400, "Bad Request: can't parse /bot" + token + "/sendMessage")};
    auto const own = account();
    auto const told = channel::without_secrets(std::get<Outcome>(adapter().next(own, hello(), history)), own.secrets);
    auto const& refused = std::get<Refused>(told);
    for (auto const& words : {refused.why, refused.error.title, refused.error.detail})
        CHECK(words.find("AAExampleToken_1") == std::string::npos);
    CHECK(refused.why.find("[secret]") != std::string::npos);
}

TEST_CASE("Telegram: a tapped button is answered by the answer to its webhook")
{
    test::ChannelScene const scene{"telegram"};
    auto const parse = [&](std::string const& body) {
        auto const webhook = channel::VerifiedWebhook::check(scene.adapter(), scene.hook(), scene.webhook(body), scene.received_at());
        REQUIRE(webhook.has_value());
        auto intake = scene.adapter().parse(scene.hook(), *webhook, scene.received_at());
        REQUIRE(intake.has_value());
        return *intake;
    };
    auto const tapped = parse(R"({"update_id":1,"callback_query":{"id":"77","from":{"id":6001,"first_name":"Ana"},"data":"a"}})");
    CHECK(tapped.reply_type == "application/json");
    CHECK(test::Json::parse(tapped.reply_body) == test::Json{{"method", "answerCallbackQuery"}, {"callback_query_id", "77"}});
    auto const written = parse(R"({"update_id":2,"message":{"message_id":1,"chat":{"id":6001,"type":"private"},"text":"hi"}})");
    CHECK(written.reply_body.empty());
}

TEST_CASE("Telegram: read marks are for the chats of a business account")
{
    auto const mark = adapter().read_mark(account(), {"gBcK7Zz:6001:31"}, true);
    REQUIRE(mark.has_value());
    CHECK(mark->target == "https://api.telegram.org/bot" + token + "/readBusinessMessage");
    CHECK(test::Json::parse(mark->body) ==
          test::Json{{"business_connection_id", "gBcK7Zz"}, {"chat_id", 6001}, {"message_id", 31}});
    for (auto const* const id : {"6001:31", "callback:77", "", "::", "a:b:c", "x:6001:0"}) {
        INFO(id);
        CHECK_FALSE(adapter().read_mark(account(), {id}, false).has_value());
    }
}

TEST_CASE("Telegram: addresses, and who shares contacts")
{
    CHECK(adapter().reply_address({{"user", "6001"}}) == Address{"user", "6001"});
    CHECK(adapter().reply_address({{"user", "6001"}, {"business_chat", "g/6001"}}) == Address{"business_chat", "g/6001"});
    CHECK(account().number == "7100200300");
    CHECK(account().scope == "telegram");
    struct Case {
        Address to;
        std::string meaning;
    };
    auto const c = GENERATE(values<Case>({{{"user", ""}, "refused:message"},
                                          {{"user", "0"}, "refused:message"},
                                          {{"user", "6001x"}, "refused:message"},
                                          {{"business_chat", "6001"}, "refused:message"},
                                          {{"business_chat", "/6001"}, "refused:message"},
                                          {{"chat", "-1001"}, "refused:message"},
                                          {{"wa_id", "4915112345678"}, "refused:message"}}));
    INFO(c.to.kind << ':' << c.to.value);
    CHECK(summary(adapter().next(account(), hello(c.to), {})) == c.meaning);
}

TEST_CASE("Telegram: many choices become several messages within its limits")
{
    OutboundContent content;
    content.text = "Which one?";
    content.list = ChoiceList{"Choose", {}};
    for (int i = 0; i < 25; ++i)
        content.list->rows.push_back({"row-" + std::to_string(i), "Row " + std::to_string(i), ""});
    auto const planned = adapter().plan(content, adapter().capabilities(account()));
    REQUIRE(planned.size() == 2);
    CHECK(planned[0].list->rows.size() == 20);
    CHECK(planned[1].list->rows.size() == 5);
}

TEST_CASE("telegram: a ticket has a link where the account names its bot")
{
    auto const link = [](std::string const& username) {
        channel::Account const account{"support", "7100200300", "telegram", "", {{"username", username}}, {}};
        return channel::find_adapter("telegram")->ticket_link(account, "48219376");
    };
    CHECK(link("parcel_support_bot") == "https://t.me/parcel_support_bot?start=48219376");
    CHECK(link("@parcel_support_bot") == "https://t.me/parcel_support_bot?start=48219376");
    CHECK(link("").empty());
    CHECK(link("parcel/../bot?x").empty());
}
