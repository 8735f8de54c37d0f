#include "deskbridge/channel/json.hpp"
#include "deskbridge/channel/registry.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace std::chrono_literals;
using channel::Json;

namespace {

constexpr Timestamp noon = from_ms(1'795'910'400'000);

channel::Adapter const& whatsapp()
{
    return *channel::find_adapter("whatsapp");
}

channel::Account account()
{
    channel::Account one;
    one.name = "support";
    one.settings = {{"phone_number_id", "700"}, {"waba_id", "880"}, {"api_base", "https://graph.test/v25.0"}};
    one.secrets = {{"access_token", {"new-token", "old-token"}}, {"verify_token", {"our word"}}};
    whatsapp().identify(one);
    return one;
}

HttpResponse answer(Json const& body, int status = 200)
{
    return {status, {{"Content-Type", "application/json"}}, body.dump()};
}

HttpResponse refusal(int code, int status = 400, int subcode = 0)
{
    return answer({{"error", {{"code", code}, {"error_subcode", subcode}, {"message", "Meta says no"}}}}, status);
}

Json number_well()
{
    return {{"id", "700"}, {"quality_rating", "GREEN"}, {"status", "CONNECTED"}, {"name_status", "APPROVED"},
            {"messaging_limit_tier", "TIER_10K"}, {"throughput", {{"level", "STANDARD"}}},
            {"health_status", {{"can_send_message", "AVAILABLE"}}}};
}

Json token_well()
{
    return {{"data", {{"app_id", "55"}, {"is_valid", true}, {"expires_at", 0},
                      {"scopes", Json::array({"whatsapp_business_management", "whatsapp_business_messaging"})}}}};
}

Json subscribed(std::string const& app = "55")
{
    return {{"data", Json::array({Json{{"whatsapp_business_api_data", {{"id", app}}}}})}};
}

channel::HealthContext const context{"https://desk.test/hooks/support", noon};

channel::HealthStep step(std::vector<HttpResponse> const& so_far, channel::Account const& one = account())
{
    return whatsapp().check_health(one, context, so_far);
}

/// The target of the next question; "" if there is none.
std::string asks(std::vector<HttpResponse> const& so_far, channel::Account const& one = account())
{
    auto const next = step(so_far, one);
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

/// "quality:green" of each that is well, "quality:red!" of a warning, "…!!" of an error; in the report's order.
std::string render(channel::HealthReport const& found)
{
    std::string out;
    for (auto const& finding : found.findings)
        out += (out.empty() ? "" : " ") + std::string{render_health_aspect(finding.aspect)} + ":" + finding.state +
               (finding.severity == Severity::error ? "!!" : finding.severity == Severity::warning ? "!" : "");
    return out;
}

} // namespace

TEST_CASE("whatsapp health: the number, the token, the webhooks, in this order")
{
    std::vector<HttpResponse> so_far;
    CHECK_THAT(asks(so_far), Catch::StartsWith("https://graph.test/v25.0/700?fields=id%2C"));
    so_far.push_back(answer(number_well()));
    CHECK(asks(so_far) == "https://graph.test/v25.0/debug_token?input_token=new-token");
    so_far.push_back(answer(token_well()));
    CHECK(asks(so_far) == "https://graph.test/v25.0/880/subscribed_apps");
    so_far.push_back(answer(subscribed()));
    auto const found = report(so_far);
    CHECK(render(found) == "number:connected sending:available quality:green name:approved limit:tier_10k throughput:standard token:good "
                           "subscription:subscribed subscription:not_asked"); // without app_secret nobody can ask as the app
    CHECK(found.problem.empty());
}

TEST_CASE("whatsapp health: a token that is refused leaves the other one, and then says so")
{
    auto const first = step({});
    CHECK(std::get<HttpRequest>(first).headers.find("Authorization") == "Bearer new-token");
    auto const second = step({refusal(190, 401)});
    REQUIRE(std::holds_alternative<HttpRequest>(second));
    CHECK(std::get<HttpRequest>(second).headers.find("Authorization") == "Bearer old-token");
    auto const both = report({refusal(190, 401), refusal(190, 401)});
    CHECK(render(both) == "token:refused!!");
    CHECK_THAT(both.findings.front().cause, Catch::Contains("Meta says no (error 190)"));
    CHECK_FALSE(both.findings.front().next_step.empty());
    CHECK(asks({refusal(190, 401), answer(number_well())}).ends_with("input_token=old-token"));
}

TEST_CASE("whatsapp health: a proof that is refused is no old version of the API, and is told as what it is")
{
    auto one = account();
    one.secrets["app_secret"] = {"secret of another app"};
    auto const refused = answer({{"error", {{"code", 100}, {"message", "Invalid appsecret_proof provided in the API argument"}}}}, 400);
    CHECK_THAT(std::get<HttpRequest>(step({}, one)).target, Catch::Contains("&appsecret_proof="));
    auto const second = step({refused}, one);
    REQUIRE(std::holds_alternative<HttpRequest>(second));
    CHECK(std::get<HttpRequest>(second).headers.find("Authorization") == "Bearer old-token");
    auto const end = step({refused, refused}, one);
    REQUIRE(std::holds_alternative<channel::HealthReport>(end));
    auto const& found = std::get<channel::HealthReport>(end);
    CHECK(render(found) == "token:proof_refused!!");
    CHECK_THAT(found.findings.front().cause, Catch::Contains("app_secret"));
}

TEST_CASE("whatsapp health: an older version of the API is asked for what it knows")
{
    CHECK_THAT(asks({refusal(100)}), Catch::Contains("quality_rating") && !Catch::Contains("health_status"));
    CHECK(render(report({refusal(100, 400, 33)})) == "number:unreachable!!"); // there is no such number
    CHECK(render(report({refusal(100), refusal(100)})) == "number:unreachable!!");
    CHECK(asks({refusal(100), answer({{"id", "700"}, {"quality_rating", "RED"}})}).ends_with("input_token=new-token"));
}

TEST_CASE("whatsapp health: whatever is answered, the questions end, and nothing is thrown")
{
    std::vector<HttpResponse> const answers{answer(number_well()),      answer(Json::array()),       answer(nullptr),
                                            refusal(100),               refusal(190, 401),           refusal(80007),
                                            {500, {}, "<html>"},        {200, {}, "no JSON"},        {302, {}, {}},
                                            answer({{"data", "text"}}), answer({{"data", Json::object()}})};
    for (auto const& first : answers)
        for (auto const& second : answers)
            for (auto const& third : answers) {
                std::vector<HttpResponse> so_far;
                for (int asked = 0; asked < 8 && !asks(so_far).empty(); ++asked)
                    so_far.push_back(asked == 0 ? first : asked == 1 ? second : third);
                CHECK(asks(so_far).empty());
            }
}

TEST_CASE("whatsapp health: a passing trouble is no finding")
{
    auto const busy = report({refusal(80007)});
    CHECK(busy.findings.empty());
    CHECK_THAT(busy.problem, Catch::Contains("error 80007"));
    CHECK(busy.wait > 0s);
    CHECK_FALSE(report({HttpResponse{502, {}, "<html>"}}).problem.empty());
    auto const late = report({answer(number_well()), answer(token_well()), HttpResponse{503, {}, {}}});
    CHECK(late.findings.size() == 7); // what is known already is told
    CHECK_FALSE(late.problem.empty());
}

TEST_CASE("whatsapp health: what the number says about itself")
{
    struct Case {
        std::string label;
        Json change;
        std::string found;
    };
    std::vector<Case> const cases{
        {"a bad rating", {{"quality_rating", "RED"}}, "quality:red!!"},
        {"a middling one", {{"quality_rating", "YELLOW"}}, "quality:yellow!"},
        {"none yet", {{"quality_rating", "UNKNOWN"}}, "quality:unknown"},
        {"not registered", {{"status", "PENDING"}}, "number:pending!!"},
        {"a word of tomorrow", {{"status", "HOVERING"}}, "number:hovering"},
        {"a name declined", {{"name_status", "DECLINED"}}, "name:declined!"},
        {"limited", {{"health_status", {{"can_send_message", "LIMITED"}}}}, "sending:limited!"},
        {"fast", {{"throughput", {{"level", "HIGH"}}}}, "throughput:high"},
    };
    for (auto const& c : cases) {
        INFO(c.label);
        auto number = number_well();
        number.update(c.change);
        CHECK_THAT(render(report({answer(number), answer(token_well()), answer(subscribed())})), Catch::Contains(c.found));
    }
    auto blocked = number_well();
    blocked["health_status"] = {{"can_send_message", "BLOCKED"},
                                {"entities", Json::array({Json{{"can_send_message", "AVAILABLE"}},
                                                          Json{{"can_send_message", "BLOCKED"},
                                                               {"errors", Json::array({Json{{"error_description", "No payment method"},
                                                                                            {"possible_solution", "Add one"}}})}}})}};
    auto const found = report({answer(blocked), answer(token_well()), answer(subscribed())});
    CHECK(found.findings[1].cause == "No payment method");
    CHECK(found.findings[1].next_step == "Add one");
    CHECK(found.findings[1].severity == Severity::error);
}

TEST_CASE("whatsapp health: how long the token lives, and what it may")
{
    auto const token_with = [](Json const& change) {
        auto body = token_well();
        body["data"].update(change);
        return report({answer(number_well()), answer(body), answer(subscribed())}).findings[6];
    };
    auto const seconds = [](Timestamp at) { return to_ms(at) / 1000; };
    CHECK_FALSE(token_with({{"expires_at", 0}}).until);
    auto const soon = token_with({{"expires_at", seconds(noon + 24h)}});
    CHECK(soon.severity == Severity::warning);
    CHECK(soon.until == noon + 24h);
    auto const later = token_with({{"expires_at", seconds(noon + 60 * 24h)}});
    CHECK(later.severity == Severity::ok);
    CHECK(later.until == noon + 60 * 24h);
    CHECK(token_with({{"scopes", Json::array({"whatsapp_business_management"})}}).severity == Severity::error);
    CHECK(token_with({{"scopes", Json::array({"whatsapp_business_messaging"})}}).severity == Severity::warning);
    CHECK(report({answer(number_well()), refusal(100), answer(subscribed())}).findings[6].state == "good");
}

TEST_CASE("whatsapp health: who gets the webhooks")
{
    auto const found = [](Json const& apps, Json number = number_well()) {
        auto const all = report({answer(number), answer(token_well()), answer(apps)});
        return all.findings[all.findings.size() - 2];
    };
    CHECK(found({{"data", Json::array()}}).state == "missing");
    CHECK(found(subscribed("66")).state == "missing");
    CHECK(found(subscribed()).state == "subscribed");
    auto elsewhere = number_well();
    elsewhere["webhook_configuration"] = {{"application", "https://old.test/hook?key=secret"}};
    CHECK(found(subscribed(), elsewhere).state == "elsewhere");
    CHECK_THAT(found(subscribed(), elsewhere).cause, Catch::Contains("https://old.test/hook,") && !Catch::Contains("secret"));
    elsewhere["webhook_configuration"]["phone_number"] = "https://desk.test/hooks/support/"; // the number's own comes first
    CHECK(found(subscribed(), elsewhere).state == "subscribed");
    auto overridden = subscribed();
    overridden["data"][0]["override_callback_uri"] = "https://old.test/hook";
    CHECK(found(overridden).state == "elsewhere");
    auto unnamed = account();
    unnamed.settings.erase("waba_id");
    CHECK(report({answer(number_well()), answer(token_well())}, unnamed).findings[7].state == "not_asked");
}

TEST_CASE("whatsapp health: the call of our hook is the handshake, and proves that it is ours")
{
    auto const one = account();
    auto const probe = whatsapp().probe_hook(one, context.hook_url, "abc123");
    REQUIRE(probe);
    CHECK(probe->request.target ==
          "https://desk.test/hooks/support?hub.mode=subscribe&hub.challenge=abc123&hub.verify_token=our%20word");
    channel::Hook const hook{"support", {&one}};
    auto const reply = whatsapp().handshake(hook, probe->request);
    REQUIRE(reply);
    CHECK(reply->body == probe->expected);
    CHECK(whatsapp().address_of("+49 (151) 234") == Address{"wa_id", "49151234"});
    CHECK_FALSE(whatsapp().address_of("Mara"));
}

TEST_CASE("whatsapp health: a webhook of a WhatsApp Business Account with one number is about that number")
{
    struct Case {
        std::string label;
        std::string field;
        Json value;
        std::string found;
    };
    std::vector<Case> const cases{
        {"flagged", "phone_number_quality_update", {{"event", "FLAGGED"}, {"current_limit", "TIER_1K"}}, "limit:tier_1k quality:flagged!!"},
        {"faster", "phone_number_quality_update", {{"event", "THROUGHPUT_UPGRADE"}}, "throughput:high"},
        {"a name rejected", "phone_number_name_update", {{"decision", "REJECTED"}, {"rejection_reason", "Too general"}}, "name:rejected!"},
        {"a limit", "business_capability_update", {{"max_daily_conversation_per_phone", 250}}, "limit:250"},
    };
    for (auto const& c : cases) {
        INFO(c.label);
        auto one = account();
        channel::Hook const hook{"support", {&one}};
        Json const entry{{"id", "880"}, {"time", 1795910400}, {"changes", Json::array({Json{{"field", c.field}, {"value", c.value}}})}};
        Json const body{{"object", "whatsapp_business_account"}, {"entry", Json::array({entry})}};
        auto const webhook = channel::VerifiedWebhook::from_journal({"POST", "/hooks/support", {}, body.dump()});
        auto const read = whatsapp().parse(hook, webhook, noon);
        REQUIRE(read.has_value());
        REQUIRE(read->events.size() == 1);
        auto const& notice = std::get<ChannelNotice>(read->events.front().body);
        REQUIRE(notice.about_health);
        CHECK(render({notice.about_health->findings}) == c.found);
    }
}
