#include "deskbridge/channel/json.hpp"
#include "deskbridge/channel/registry.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace std::chrono_literals;
using channel::Json;

namespace {

constexpr Timestamp noon = from_ms(1'795'910'400'000);
channel::HealthContext const context{"https://desk.test/hooks/bot", noon};

channel::Account account()
{
    channel::Account one;
    one.name = "bot";
    one.settings = {{"bot_id", "123"}, {"api_base", "https://telegram.test"}, {"updates", "webhook"}};
    one.secrets = {{"bot_token", {"123:new", "123:old"}}, {"webhook_secret", {"word"}}};
    channel::find_adapter("telegram")->identify(one);
    return one;
}

HttpResponse answer(Json const& result)
{
    return {200, {{"Content-Type", "application/json"}}, Json{{"ok", true}, {"result", result}}.dump()};
}

HttpResponse refusal(int code, std::string const& words)
{
    return {code, {{"Content-Type", "application/json"}}, Json{{"ok", false}, {"error_code", code}, {"description", words}}.dump()};
}

channel::HealthStep step(std::vector<HttpResponse> const& so_far, channel::Account const& one = account())
{
    return channel::find_adapter("telegram")->check_health(one, context, so_far);
}

std::string asks(std::vector<HttpResponse> const& so_far)
{
    auto const next = step(so_far);
    auto const* request = std::get_if<HttpRequest>(&next);
    return request ? request->target : std::string{};
}

channel::HealthReport report(std::vector<HttpResponse> const& so_far, channel::Account const& one = account())
{
    auto next = step(so_far, one);
    auto* found = std::get_if<channel::HealthReport>(&next);
    REQUIRE(found != nullptr);
    return std::move(*found);
}

Json const me{{"id", 123}, {"is_bot", true}};

/// What is found when getWebhookInfo says so.
HealthFinding subscription(Json const& info, channel::Account const& one = account())
{
    auto const found = report({answer(me), answer(info)}, one);
    REQUIRE(found.findings.size() == 3);
    return found.findings.back();
}

} // namespace

TEST_CASE("telegram health: the bot, then its webhook, by the token that is good")
{
    CHECK(asks({}) == "https://telegram.test/bot123:new/getMe");
    CHECK(asks({refusal(401, "Unauthorized")}) == "https://telegram.test/bot123:old/getMe");
    CHECK(asks({refusal(401, "Unauthorized"), answer(me)}) == "https://telegram.test/bot123:old/getWebhookInfo");
    auto const refused = report({refusal(401, "Unauthorized"), refusal(401, "Unauthorized")});
    REQUIRE(refused.findings.size() == 1);
    CHECK(refused.findings.front().aspect == HealthAspect::token);
    CHECK(refused.findings.front().severity == Severity::error);
    auto const busy = report({refusal(429, "Too Many Requests")});
    CHECK(busy.findings.empty());
    CHECK_THAT(busy.problem, Catch::Contains("error 429"));
    CHECK_FALSE(report({answer(me), HttpResponse{502, {}, "<html>"}}).problem.empty());
}

TEST_CASE("telegram health: where updates go, and what Telegram says about its last failure")
{
    auto const seconds = [](Timestamp at) { return to_ms(at) / 1000; };
    CHECK(subscription({{"url", "https://desk.test/hooks/bot"}, {"pending_update_count", 0}}).state == "subscribed");
    CHECK(subscription({{"url", ""}}).state == "missing");
    auto const elsewhere = subscription({{"url", "https://old.test/bot?key=1"}});
    CHECK(elsewhere.state == "elsewhere");
    CHECK_THAT(elsewhere.cause, !Catch::Contains("key"));
    auto const failing = [&](Timestamp at, int waiting) {
        return subscription({{"url", "https://desk.test/hooks/bot"}, {"pending_update_count", waiting}, {"last_error_date", seconds(at)},
                             {"last_error_message", "Wrong response from the webhook: 502 Bad Gateway"}});
    };
    CHECK(failing(noon - 5min, 3).state == "failing");
    CHECK_THAT(failing(noon - 5min, 3).cause, Catch::Contains("502 Bad Gateway"));
    CHECK(failing(noon - 2h, 3).state == "subscribed");
    CHECK(failing(noon - 5min, 0).state == "subscribed"); // all has come since
    auto asked = account();
    asked.settings["updates"] = "poll";
    CHECK(subscription({{"url", ""}}, asked).state == "fetched");
    CHECK(subscription({{"url", "https://desk.test/hooks/bot"}}, asked).state == "webhook_set");
}
