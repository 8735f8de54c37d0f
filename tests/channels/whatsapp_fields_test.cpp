#include "channels/fixture.hpp"

#include "whatsapp/webhook_fields.hpp"

#include "deskbridge/channel/digest.hpp"
#include "deskbridge/channel/json.hpp"
#include "deskbridge/channel/registry.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

using namespace deskbridge;
using channel::Json;

namespace {

constexpr Timestamp noon = from_ms(1'795'910'400'000);
channel::HealthContext const context{"https://desk.test/hooks/support", noon};

channel::Adapter const& adapter()
{
    return *channel::find_adapter("whatsapp");
}

channel::Account account(std::vector<std::string> app_secrets = {"new-secret", "old-secret"})
{
    channel::Account one;
    one.name = "support";
    one.settings = {{"phone_number_id", "700"}, {"waba_id", "880"}, {"api_base", "https://graph.test/v25.0"}};
    one.secrets = {{"access_token", {"the-token"}}, {"app_secret", std::move(app_secrets)}};
    adapter().identify(one);
    return one;
}

HttpResponse answer(Json const& body, int status = 200)
{
    return {status, {{"Content-Type", "application/json"}}, body.dump()};
}

/// All questions but the last are answered; the number's webhooks are told to go to `called`, the account's override is `override_url`.
std::vector<HttpResponse> before(std::string const& called = {}, std::string const& override_url = {})
{
    Json number{{"id", "700"}};
    if (!called.empty())
        number["webhook_configuration"] = {{"phone_number", called}};
    Json app{{"whatsapp_business_api_data", {{"id", "55"}}}};
    if (!override_url.empty())
        app["override_callback_uri"] = override_url;
    return {answer(number), answer({{"data", {{"app_id", "55"}, {"is_valid", true}, {"expires_at", 0}}}}), answer({{"data", Json::array({app})}})};
}

/// The app's subscription, without these fields, with these members changed.
HttpResponse subscription(std::vector<std::string> const& without, Json const& change = Json::object())
{
    Json one{{"object", "whatsapp_business_account"}, {"callback_url", context.hook_url}, {"active", true}, {"fields", Json::array()}};
    for (auto const& field : whatsapp::webhook_fields())
        if (std::find(without.begin(), without.end(), field.name) == without.end())
            one["fields"].push_back({{"name", field.name}, {"version", "v25.0"}});
    one.update(change);
    return answer({{"data", Json::array({Json{{"object", "page"}, {"callback_url", "https://other.test"}, {"active", false}}, one})}});
}

channel::HealthStep step(std::vector<HttpResponse> so_far, HttpResponse last)
{
    so_far.push_back(std::move(last));
    return adapter().check_health(account(), context, so_far);
}

HealthFinding about_app(std::vector<HttpResponse> so_far, HttpResponse last)
{
    auto const next = step(std::move(so_far), std::move(last));
    auto const* report = std::get_if<channel::HealthReport>(&next);
    REQUIRE(report != nullptr);
    REQUIRE(report->findings.back().subject == "app");
    return report->findings.back();
}

} // namespace

TEST_CASE("whatsapp health: the app is asked in its own name, and its secret is in no URL")
{
    auto next = adapter().check_health(account(), context, before());
    for (std::string const secret : {"new-secret", "old-secret"}) {
        INFO(secret);
        auto const* request = std::get_if<HttpRequest>(&next);
        REQUIRE(request != nullptr);
        auto const token = "55|" + secret;
        CHECK(request->target == "https://graph.test/v25.0/55/subscriptions?appsecret_proof=" + channel::hmac_sha256_hex(secret, token));
        CHECK(request->headers.find("Authorization") == "Bearer " + token);
        next = step(before(), answer({{"error", {{"code", 190}, {"message", "Invalid OAuth access token signature."}}}}, 400));
    }
    auto refused = before();
    refused.push_back(answer({{"error", {{"code", 190}, {"message", "no"}}}}, 400));
    CHECK(about_app(refused, answer({{"error", {{"code", 190}, {"message", "no"}}}}, 400)).state == "unknown");
    auto const strange = adapter().check_health(account({}), context, before());
    CHECK(std::get<channel::HealthReport>(strange).findings.back().state == "not_asked");
}

TEST_CASE("whatsapp health: what the app subscribes to, and where that goes")
{
    struct Case {
        std::string label;
        std::vector<HttpResponse> so_far;
        HttpResponse last;
        std::string state;
        Severity severity;
        std::string says;
    };
    auto const here = context.hook_url + "/";
    Json const old{{"callback_url", "https://old.test/hook?key=secret"}};
    auto const bare = subscription({}, {{"fields", Json::array({"messages"})}});
    std::vector<Case> const cases{
        {"everything", before(), subscription({}), "complete", Severity::ok, ""},
        {"what only some numbers need", before(), subscription({"calls", "history", "standby"}), "complete", Severity::ok, ""},
        {"messages are unticked", before(), subscription({"messages"}), "messages_missing", Severity::error, "messages (what customers write"},
        {"and much else", before(), subscription({"messages", "security"}), "messages_missing", Severity::error, "nothing comes in"},
        {"a template's end is not told", before(), subscription({"message_template_status_update", "calls"}), "fields_missing", Severity::warning,
         "message_template_status_update (templates that"},
        {"bare names, as older pages have them", before(), bare, "fields_missing", Severity::warning, "security (a PIN"},
        {"switched off", before(), subscription({}, {{"active", false}}), "inactive", Severity::error, "nothing comes in"},
        {"another object alone", before(), answer({{"data", Json::array({Json{{"object", "page"}}})}}), "missing", Severity::error, "nothing comes in"},
        {"nothing", before(), answer({{"data", Json::array()}}), "missing", Severity::error, "nothing comes in"},
        {"another URL", before(), subscription({}, old), "elsewhere", Severity::warning, "to https://old.test/hook, and not to https://desk.test"},
        {"the same, and the number says so already", before("https://old.test/hook"), subscription({}, old), "complete", Severity::ok, ""},
        {"the same, but messages come here", before(here), subscription({}, old), "overridden", Severity::ok, "https://old.test/hook."},
        {"or by the account's override", before("", here), subscription({}, old), "overridden", Severity::ok, "https://old.test/hook."},
        {"a field that is missing is worse than that", before(here), subscription({"security"}, old), "fields_missing", Severity::warning, "security"},
        {"no answer to it", before(), answer({{"error", {{"code", 101}, {"message", "Error validating application"}}}}, 400), "unknown",
         Severity::warning, "Error validating application"},
    };
    for (auto const& c : cases) {
        INFO(c.label);
        auto const found = about_app(c.so_far, c.last);
        CHECK(found.aspect == HealthAspect::subscription);
        CHECK(found.state == c.state);
        CHECK(found.severity == c.severity);
        CHECK_THAT(found.cause, Catch::Contains(c.says) && !Catch::Contains("secret"));
        CHECK(found.cause.empty() == found.next_step.empty());
        CHECK(found.cause.find("calls") == std::string::npos);
    }
    auto const late = step(before(), HttpResponse{503, {}, {}});
    CHECK_FALSE(std::get<channel::HealthReport>(late).problem.empty());
}

TEST_CASE("whatsapp: the page names the fields that the check knows, with the same words, and in this order")
{
    std::ifstream page{std::string{DESKBRIDGE_SOURCE_DIR} + "/channels/whatsapp/whatsapp.md"};
    std::string rows;
    for (std::string line; std::getline(page, line);)
        if (line.starts_with("   | `"))
            rows += line + "\n";
    std::ostringstream wanted;
    for (auto const& field : whatsapp::webhook_fields()) {
        auto const* need = field.need == whatsapp::Need::always ? "always" : field.need == whatsapp::Need::wanted ? "yes" : "if used";
        wanted << "   | `" << field.name << "` | " << need << " | " << field.tells << " |\n";
    }
    CHECK(rows == wanted.str());
}

TEST_CASE("whatsapp: every field that a fixture plays is one that the page and the check know")
{
    std::set<std::string> const of_nobody{"flows", "messages_of_tomorrow", "quantum_update"};
    std::set<std::string> played;
    for (auto const& fixture : test::inbound_fixtures()) {
        auto const webhook = fixture.doc.at("webhook");
        if (fixture.channel != "whatsapp" || !webhook.contains("json") || !webhook.at("json").is_object())
            continue;
        auto const& body = webhook.at("json");
        for (auto const& entry : body.contains("entry") && body.at("entry").is_array() ? body.at("entry") : Json::array())
            for (auto const& change : entry.is_object() && entry.contains("changes") && entry.at("changes").is_array() ? entry.at("changes") : Json::array())
                if (change.is_object() && change.contains("field") && change.at("field").is_string())
                    played.insert(change.at("field").get<std::string>());
    }
    for (auto const& field : whatsapp::webhook_fields()) {
        INFO(field.name);
        CHECK(played.erase(std::string{field.name}) == 1);
    }
    CHECK(played == of_nobody);
}
