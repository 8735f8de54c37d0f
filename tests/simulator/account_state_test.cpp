#include "account_state.hpp"
#include "simulator_world.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace deskbridge::simulator;

namespace {

/// The fields of the webhooks that a change makes, separated by spaces.
std::string news_of(AccountState& account, Json const& order)
{
    auto const told = account.change(order, "49301234567", "880");
    REQUIRE(told.has_value());
    std::string fields;
    for (auto const& one : *told)
        fields += (fields.empty() ? "" : " ") + one.field;
    return fields;
}

} // namespace

TEST_CASE("the account: what changes is told by its own webhook, and nothing is told of none")
{
    struct Case {
        std::string label;
        Json order;
        std::string fields;
    };
    auto const c = GENERATE(values<Case>({
        {"nothing", Json::object(), ""},
        {"as it was", {{"quality", "GREEN"}}, ""},
        {"quality", {{"quality", "RED"}}, "phone_number_quality_update"},
        {"limit", {{"limit", "TIER_10K"}}, "phone_number_quality_update"},
        {"name", {{"name_status", "DECLINED"}}, "phone_number_name_update"},
        {"ban", {{"ban", "DISABLE"}}, "account_update"},
        {"restriction", {{"restriction", {{"expiration", 1795872000}}}}, "account_update"},
        {"violation and review", {{"violation", "SCAM"}, {"review", "REJECTED"}}, "account_update account_review_update"},
        {"alert and PIN", {{"alert", Json::object()}, {"security", "PIN_CHANGED"}}, "security account_alerts"},
        {"the token's end is told by nothing", {{"expires_at", 1795872000}}, ""},
        {"what the business may", {{"capability", {{"limit", "TIER_10K"}}}}, "business_capability_update"},
        {"its user name", {{"username", {{"name", "the.shop"}, {"status", "reserved"}}}}, "business_username_update"},
        {"silently", {{"quality", "RED"}, {"silent", true}}, ""},
    }));
    INFO(c.label);
    AccountState account;
    CHECK(news_of(account, c.order) == c.fields);
}

TEST_CASE("the account: an unknown word is refused, and what was said is what clients read")
{
    AccountState account;
    CHECK_FALSE(account.change({{"mood", "good"}}, "4930", "880").has_value());
    CHECK(news_of(account, {{"can_send", "BLOCKED"}, {"why", "No payment method"}, {"called", "https://x.example/hook"}}).empty());
    auto const fields = account.number_fields();
    CHECK(text_at(fields, {"health_status", "can_send_message"}) == "BLOCKED");
    CHECK(text_at(fields, {"webhook_configuration", "application"}) == "https://x.example/hook");
    CHECK(account.subscribed());
    CHECK(news_of(account, {{"subscribed", false}}).empty());
    CHECK_FALSE(account.subscribed());
}

TEST_CASE("the account: clients ask for the number's fields, the token and who is subscribed")
{
    test::SimulatorWorld world;
    world.start();
    auto const number = world.graph("GET", world.options.phone_number_id + "?fields=id%2Cquality_rating");
    CHECK(number.status == 200);
    auto const fields = parse_json(number.body).value_or(Json{});
    CHECK(fields.size() == 2);
    CHECK(text_at(fields, {"quality_rating"}) == "GREEN");
    auto const token = world.graph("GET", "debug_token?input_token=" + world.options.access_token);
    CHECK(int_at(parse_json(token.body).value_or(Json{}), {"data", "expires_at"}) == 0);
    world.control("POST", "/sim/account", {{"subscribed", false}});
    auto const apps = [&] { return parse_json(world.graph("GET", world.options.waba_id + "/subscribed_apps").body).value_or(Json{}); };
    CHECK(apps().at("data").empty());
    CHECK(world.graph("POST", world.options.waba_id + "/subscribed_apps", "{}").status == 200);
    CHECK(apps().at("data").size() == 1);
    world.control("POST", "/sim/account", {{"ban", "DISABLE"}});
    CHECK(world.until([&] { return !world.posted.empty(); }));
    CHECK(world.posted.back().body.find("DISABLED_UPDATE") != std::string::npos);
}

TEST_CASE("the account: an app alone reads what it subscribes to, and what it unticks does not come")
{
    test::SimulatorWorld world;
    world.start();
    auto const ask = [&](std::string const& token, std::string const& app = app_id) {
        HttpRequest request;
        request.method = "GET";
        request.target = world.base + "/v25.0/" + app + "/subscriptions";
        request.headers.add("Authorization", "Bearer " + token);
        auto const answered = world.ask(request);
        return std::get<HttpResponse>(answered);
    };
    auto const token = std::string{app_id} + "|" + world.options.app_secret;
    CHECK(ask(world.options.access_token).status == 401);
    CHECK(ask(std::string{app_id} + "|another").status == 401);
    CHECK(ask(token, "77").status == 400);
    auto const told = [&] { return parse_json(ask(token).body).value_or(Json{}).at("data").at(0); };
    CHECK(text_at(told(), {"callback_url"}) == world.options.hook_url);
    CHECK(bool_at(told(), {"active"}) == true);
    auto const all = told().at("fields").size();
    world.control("POST", "/sim/account", {{"unticked", Json::array({"account_update"})}, {"app_url", "https://x.example/hook"}});
    CHECK(told().at("fields").size() == all - 1);
    CHECK(text_at(told(), {"callback_url"}) == "https://x.example/hook");
    world.control("POST", "/sim/account", {{"ban", "DISABLE"}});
    world.control("POST", "/sim/account", {{"review", "REJECTED"}});
    CHECK(world.until([&] { return !world.posted.empty(); }));
    CHECK(world.posted.front().body.find("account_review_update") != std::string::npos);
    world.control("POST", "/sim/account", {{"require_proof", true}});
    CHECK(ask(token).status == 400);
}

TEST_CASE("the account: an app may demand the proof of its secret, and a wrong one is never taken")
{
    test::SimulatorWorld world;
    world.start();
    auto const ask = [&](std::string const& proof) {
        auto const answer = world.graph("GET", world.options.phone_number_id + "?fields=id" + (proof.empty() ? "" : "&appsecret_proof=" + proof));
        return answer.status == 200 ? std::string{"taken"} : text_at(parse_json(answer.body).value_or(Json{}), {"error", "message"}).value_or("");
    };
    std::string const proof = "445494fad71d5810f756d9af834c8ea9b9945f6a127a5958cca6c2b0cb111780"; // of example-app-secret and EXAMPLE_TOKEN
    for (bool const demanded : {false, true}) {
        world.control("POST", "/sim/account", {{"require_proof", demanded}});
        CHECK(ask(proof) == "taken");
        CHECK(ask(std::string(64, '0')) == "Invalid appsecret_proof provided in the API argument");
        CHECK(ask("") == (demanded ? "API calls from the server require an appsecret_proof argument" : "taken"));
    }
    auto const send = world.graph("POST", world.options.phone_number_id + "/messages", R"({"messaging_product":"whatsapp"})");
    CHECK(send.status == 400);
    CHECK(text_at(parse_json(send.body).value_or(Json{}), {"error", "type"}) == "GraphMethodException");
}

TEST_CASE("the account: two hundred calls that manage it are an hour's, for each account by itself")
{
    test::SimulatorWorld world;
    world.start();
    auto const list = [&] { return world.graph("GET", world.options.waba_id + "/message_templates?limit=1"); };
    for (int n = 0; n < 199; ++n)
        REQUIRE(list().status == 200);
    CHECK(world.graph("GET", world.options.waba_id + "/subscribed_apps").status == 200);
    auto const refused = list();
    CHECK(refused.status == 400);
    CHECK(parse_json(refused.body).value_or(Json{}).at("error").at("code") == 80007);
    CHECK(world.graph("GET", world.options.phone_number_id + "?fields=id").status == 200); // the number is not the account
    world.control("POST", "/sim/clock", Json{{"advance_s", 3601}});
    CHECK(list().status == 200);
}
