#include "channels/fixture.hpp"

#include "deskbridge/channel/digest.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace deskbridge;
using test::Json;

namespace {

Json judge(HttpResponse const& response)
{
    test::ChannelScene const scene{"whatsapp"};
    channel::Delivery const delivery{{"Hello", {}, {}, {}, {}}, {"wa_id", "4915112345678"}, "", "att-1"};
    auto const step = scene.adapter().next(scene.account(), delivery, std::vector{response});
    REQUIRE(std::holds_alternative<Outcome>(step));
    return test::render_outcome(std::get<Outcome>(step));
}

std::string summary(Json const& outcome)
{
    auto text = outcome.at("event").get<std::string>();
    for (auto const* const name : {"because", "slows"})
        if (outcome.contains(name))
            text += ":" + outcome.at(name).get<std::string>();
    return text;
}

std::string error_body(int code, std::string const& more = "")
{
    return R"({"error":{"message":"x","type":"OAuthException","code":)" + std::to_string(code) + more + "}}";
}

} // namespace

TEST_CASE("WhatsApp: every documented error has its meaning")
{
    struct Case {
        int code;
        int status;
        std::string meaning;
    };
    auto const c = GENERATE(values<Case>({
        {0, 401, "refused:account"},      {190, 401, "refused:account"},    {3, 500, "refused:account"},
        {10, 403, "refused:account"},     {200, 403, "refused:account"},    {299, 403, "refused:account"},
        {131005, 403, "refused:account"}, {4, 400, "not_sent:account"},         {80007, 400, "not_sent:account"},
        {613, 400, "not_sent:account"},       {130429, 400, "not_sent:account"},    {131056, 400, "not_sent:pair"},
        {131048, 400, "not_sent:proactive"},    {1, 400, "unknown"},                  {2, 503, "unknown"},
        {133004, 503, "unknown"},             {131000, 500, "unknown"},             {131016, 500, "unknown"},
        {131057, 500, "not_sent:account"},    {2494100, 500, "not_sent:account"},   {33, 400, "refused:account"},
        {100, 400, "refused:message"},        {131008, 400, "refused:message"},     {131009, 400, "refused:message"},
        {135000, 400, "refused:message"},     {368, 403, "refused:account"},    {131031, 403, "refused:account"},
        {130497, 403, "refused:person"},     {130403, 400, "refused:person"},     {131021, 400, "refused:person"},
        {131030, 400, "refused:person"},     {131026, 400, "refused:person"},     {131037, 400, "refused:account"},
        {131042, 400, "refused:account"}, {134011, 400, "refused:account"}, {131045, 500, "refused:account"},
        {133000, 500, "refused:account"}, {133010, 400, "refused:account"}, {133006, 400, "refused:account"},
        {133005, 400, "refused:account"}, {133008, 400, "refused:account"}, {133009, 400, "refused:account"},
        {133015, 400, "refused:account"}, {133016, 400, "not_sent:account"},    {131047, 400, "refused:window_closed"},
        {131049, 400, "refused:person"},     {130472, 400, "refused:person"},     {131050, 400, "refused:opted_out"},
        {131051, 400, "refused:message"},     {131053, 400, "not_sent:intent"},     {131055, 400, "refused:template"},
        {131063, 400, "refused:template"},     {134100, 400, "refused:template"},     {131062, 400, "refused:person"},
        {131064, 400, "refused:account"}, {132000, 400, "refused:template"},     {132008, 400, "refused:template"},
        {132012, 400, "refused:template"},     {132018, 400, "refused:template"},     {132005, 400, "refused:template"},
        {132007, 400, "refused:template"},     {132001, 404, "refused:template"},     {132015, 400, "refused:template"},
        {132016, 400, "refused:template"},     {132068, 400, "refused:template"},     {132069, 400, "not_sent:intent"},
        {134101, 400, "not_sent:intent"},     {134102, 500, "refused:template"},     {137000, 400, "refused:person"},
        {130501, 400, "refused:message"},     {131020, 400, "refused:message"},     {131041, 400, "refused:message"},
        {131059, 400, "refused:message"},     {131215, 400, "refused:message"},     {138006, 400, "refused:message"},
        {139100, 400, "refused:message"},     {147003, 400, "refused:message"},     {2388042, 400, "refused:template"},
        {2593108, 400, "refused:message"},    {999999, 400, "refused:message"},     {999999, 401, "refused:account"},
        {999999, 429, "not_sent:account"},    {999999, 500, "unknown"},             {100, 429, "not_sent:account"},
        {131052, 400, "refused:message"},     {131060, 400, "refused:message"},     {132999, 400, "refused:template"},
        {131026, 500, "refused:person"},     {131053, 500, "unknown"},
    }));
    INFO(c.code << " with HTTP " << c.status);
    auto const outcome = judge({c.status, {}, error_body(c.code)});
    CHECK(summary(outcome) == c.meaning);
    CHECK(outcome.at("code") == c.code);
    CHECK_FALSE(outcome.at("why").get<std::string>().empty());
}

TEST_CASE("WhatsApp: how a template stands after it was refused")
{
    struct Case {
        int code;
        std::string status; ///< "": as the list has it
    };
    auto const c = GENERATE(values<Case>({{132001, "unavailable"}, {132007, "unavailable"}, {132015, "paused"}, {132016, "disabled"},
                                          {134102, "unavailable"}, {132000, ""}, {132005, ""}, {132012, ""}, {131055, ""}}));
    INFO(c.code);
    CHECK(judge({400, {}, error_body(c.code)}).value("template_status", "") == c.status);
}

TEST_CASE("WhatsApp: complaints ask for the same patience whatever was sent: how long a reply waits is no channel's affair")
{
    test::ChannelScene const scene{"whatsapp"};
    channel::Delivery delivery{{"Hello", {}, {}, {}, {}}, {"wa_id", "4915112345678"}, "", "att-1"};
    std::vector const answers{HttpResponse{400, {}, error_body(131048)}};
    auto const judged = [&] { return test::render_outcome(std::get<Outcome>(scene.adapter().next(scene.account(), delivery, answers))); };
    CHECK(judged().at("asked_s") == 600);
    delivery.content.template_call = TemplateCall{"news", "en", {}};
    CHECK(judged().at("asked_s") == 600);
}

TEST_CASE("WhatsApp: only a file that was not taken over counts as one, and the provider's trace goes along")
{
    test::ChannelScene const scene{"whatsapp"};
    channel::Delivery const delivery{{"Hello", {}, {}, {}, {}}, {"wa_id", "4915112345678"}, "", "att-1"};
    auto const not_sent = [&](int code) {
        std::vector const answers{HttpResponse{400, {}, error_body(code, R"(,"fbtrace_id":"AqX1")")}};
        return std::get<NotSent>(std::get<Outcome>(scene.adapter().next(scene.account(), delivery, answers)));
    };
    CHECK(not_sent(131053).about_file);
    CHECK_FALSE(not_sent(132069).about_file);
    CHECK(not_sent(132069).error.trace == "AqX1");
    std::vector const long_winded{HttpResponse{400, {}, error_body(132069, R"(,"fbtrace_id":")" + std::string(5000, 'x') + "\"")}};
    CHECK(std::get<NotSent>(std::get<Outcome>(scene.adapter().next(scene.account(), delivery, long_winded))).error.trace.size() < 100);
}

TEST_CASE("WhatsApp: agents read our sentence, not the provider's title")
{
    test::ChannelScene const scene{"whatsapp"};
    channel::Delivery const delivery{{"Hello", {}, {}, {}, {}}, {"wa_id", "4915112345678"}, "", "att-1"};
    auto const error_of = [&](int code) {
        auto const step = scene.adapter().next(scene.account(), delivery, std::vector{HttpResponse{400, {}, error_body(code)}});
        return std::get<Refused>(std::get<Outcome>(step)).error;
    };
    CHECK(error_of(131047).sentence == "The customer's last message is more than 24 hours old.");
    CHECK(error_of(131047).title == "x");
    CHECK(words_of(error_of(131047)) == error_of(131047).sentence);
    CHECK(error_of(999999).sentence.empty());
    CHECK(words_of(error_of(999999)) == "x");
}

TEST_CASE("WhatsApp: a refused proof is followed by the one of the second secret, for each token, and pauses in the end")
{
    test::ChannelScene const scene{"whatsapp"};
    auto account = scene.account();
    account.secrets["access_token"] = {"new", "old"};
    account.secrets["app_secret"] = {"one", "two"};
    channel::Delivery const delivery{{"Hello", {}, {}, {}, {}}, {"wa_id", "49"}, "", "att-1"};
    HttpResponse const refused{400, {}, R"({"error":{"code":100,"message":"Invalid appsecret_proof provided in the API argument"}})"};
    std::vector<HttpResponse> so_far;
    std::set<std::string> asked;
    for (int n = 0; n < 4; ++n) {
        auto const step = scene.adapter().next(account, delivery, so_far);
        REQUIRE(std::holds_alternative<channel::Step>(step));
        auto const& request = std::get<channel::Step>(step).request;
        CHECK(request.headers.find("Authorization") == (n < 2 ? "Bearer new" : "Bearer old"));
        asked.insert(request.target);
        so_far.push_back(refused);
    }
    CHECK(asked.size() == 4);
    auto const told = test::render_outcome(std::get<Outcome>(scene.adapter().next(account, delivery, so_far)));
    CHECK(summary(told) == "refused:account");
    CHECK(told.at("why").get<std::string>().find("app_secret") != std::string::npos);
}

TEST_CASE("WhatsApp: of a token that is refused no other proof is tried, with whatever is asked")
{
    test::ChannelScene const scene{"whatsapp"};
    auto account = scene.account();
    account.secrets["access_token"] = {"new", "old"};
    account.secrets["app_secret"] = {"one", "two"};
    channel::Delivery const delivery{{"Hello", {}, {}, {}, {}}, {"wa_id", "49"}, "", "att-1"};
    HttpResponse const token{401, {}, R"({"error":{"code":190,"message":"Error validating access token","error_subcode":463}})"};
    HttpResponse const proof{400, {}, R"({"error":{"code":100,"message":"Invalid appsecret_proof provided in the API argument"}})"};
    struct Case {
        std::string label;
        std::vector<HttpResponse> so_far;
        std::string token; ///< that is shown next; "": it is given up
        std::string secret;
    };
    auto const c = GENERATE_COPY(values<Case>({
        {"nothing yet", {}, "new", "one"},
        {"the token", {token}, "old", "one"},
        {"both tokens", {token, token}, "", ""},
        {"the proof", {proof}, "new", "two"},
        {"the proof, then the token", {proof, token}, "old", "one"},
        {"the proof, the token, the other's proof", {proof, token, proof}, "old", "two"},
        {"the proof, the token, the other token", {proof, token, token}, "", ""},
        {"every proof", {proof, proof, proof, proof}, "", ""},
    }));
    INFO(c.label);
    auto const shows = [&](HttpRequest const& request) {
        auto const right = channel::hmac_sha256_hex(c.secret, c.token);
        CHECK(request.headers.find("Authorization") == "Bearer " + c.token);
        CHECK(request.target.find("appsecret_proof=" + right) != std::string::npos);
    };
    auto const sent = scene.adapter().next(account, delivery, c.so_far);
    auto const file = scene.adapter().media_step(account, {"55", "image/jpeg", {}, {}}, c.so_far);
    auto const health = scene.adapter().check_health(account, {}, c.so_far);
    REQUIRE(std::holds_alternative<channel::Step>(sent) == !c.token.empty());
    REQUIRE(std::holds_alternative<HttpRequest>(file) == !c.token.empty());
    REQUIRE(std::holds_alternative<HttpRequest>(health) == !c.token.empty());
    if (c.token.empty()) {
        CHECK(std::get<channel::NoMediaLink>(file).problem == MediaProblem::credentials);
        CHECK(summary(test::render_outcome(std::get<Outcome>(sent))) == "refused:account");
        return;
    }
    shows(std::get<channel::Step>(sent).request);
    shows(std::get<HttpRequest>(file));
    shows(std::get<HttpRequest>(health));
}

TEST_CASE("WhatsApp: answers in every shape")
{
    struct Case {
        std::string label;
        HttpResponse response;
        std::string meaning;
        int asked_s;
    };
    std::string const sent = R"({"messaging_product":"whatsapp","messages":[{"id":"wamid.OUT"}]})";
    auto const c = GENERATE_COPY(values<Case>({
        {"accepted", {200, {}, sent}, "accepted", 0},
        {"accepted with another 2xx", {202, {}, sent}, "accepted", 0},
        {"2xx with an empty body", {200, {}, ""}, "unknown", 0},
        {"2xx with HTML", {200, {}, "<html>"}, "unknown", 0},
        {"2xx with an empty id", {200, {}, R"({"messages":[{"id":""}]})"}, "unknown", 0},
        {"2xx with an error", {200, {}, error_body(100)}, "unknown", 0},
        {"2xx with wrong types", {200, {}, R"({"messages":{"id":"x"}})"}, "unknown", 0},
        {"2xx cut off", {200, {}, sent.substr(0, 40)}, "unknown", 0},
        {"500 with HTML", {500, {}, "<html>"}, "unknown", 0},
        {"502", {502, {}, ""}, "unknown", 0},
        {"503 that asks to wait", {503, {{"Retry-After", "9"}}, ""}, "unknown", 0},
        {"504", {504, {}, "upstream timed out"}, "unknown", 0},
        {"404 of a proxy", {404, {}, "<html>not found</html>"}, "refused:account", 0},
        {"403 with JSON of somebody else", {403, {}, R"({"message":"denied"})"}, "refused:account", 0},
        {"401 with no body", {401, {}, ""}, "refused:account", 0},
        {"a redirection", {302, {{"Location", "https://login.example"}}, ""}, "refused:account", 0},
        {"408", {408, {}, ""}, "not_sent:account", 0},
        {"429 of a proxy", {429, {{"Retry-After", "17"}}, "slow down"}, "not_sent:account", 17},
        {"rate, with the provider's wish", {400, {{"Retry-After", "300"}}, error_body(80007)}, "not_sent:account", 300},
        {"rate, with a wish below our floor", {400, {{"Retry-After", "1"}}, error_body(80007)}, "not_sent:account", 120},
        {"rate for ever", {400, {{"Retry-After", "1000000000"}}, error_body(80007)}, "not_sent:account", 3600},
        {"code as text", {400, {}, R"({"error":{"code":"131047"}})"}, "refused:window_closed", 0},
        {"error without code", {400, {}, R"({"error":{"message":"?"}})"}, "refused:account", 0},
        {"number deleted", {400, {}, error_body(100, R"(,"error_subcode":33)")}, "refused:account", 0},
        {"passing, says the answer", {400, {}, error_body(999, R"(,"is_transient":true)")}, "not_sent:intent", 0},
        {"passing, on 5xx", {500, {}, error_body(999, R"(,"is_transient":true)")}, "unknown", 0},
    }));
    INFO(c.label);
    auto const outcome = judge(c.response);
    CHECK(summary(outcome) == c.meaning);
    CHECK(outcome.value("asked_s", 0) == c.asked_s);
}

TEST_CASE("WhatsApp: the reason has our sentence, the provider's words and the code")
{
    auto const outcome = judge({400, {}, R"({"error":{"code":131026,"message":"(#131026) Message undeliverable",
        "error_data":{"messaging_product":"whatsapp","details":"Unable to deliver."}}})"});
    auto const why = outcome.at("why").get<std::string>();
    CHECK(why.find("cannot deliver to this customer") != std::string::npos);
    CHECK(why.find("(Unable to deliver.; error 131026)") != std::string::npos);
}

TEST_CASE("WhatsApp: a refused token is followed by the second one, once")
{
    test::ChannelScene const scene{"whatsapp"};
    auto account = scene.account();
    account.secrets["access_token"] = {"new", "old"};
    channel::Delivery const delivery{{"Hello", {}, {}, {}, {}}, {"wa_id", "49"}, "", "att-1"};
    HttpResponse const refused{401, {}, error_body(190)};

    auto const first = scene.adapter().next(account, delivery, {});
    CHECK(std::get<channel::Step>(first).request.headers.find("Authorization") == "Bearer new");
    auto const second = scene.adapter().next(account, delivery, std::vector{refused});
    REQUIRE(std::holds_alternative<channel::Step>(second));
    CHECK(std::get<channel::Step>(second).request.headers.find("Authorization") == "Bearer old");
    auto const third = scene.adapter().next(account, delivery, std::vector{refused, refused});
    CHECK(summary(test::render_outcome(std::get<Outcome>(third))) == "refused:account");
    auto const other = scene.adapter().next(account, delivery, std::vector{HttpResponse{500, {}, ""}});
    CHECK(summary(test::render_outcome(std::get<Outcome>(other))) == "unknown");
}

TEST_CASE("WhatsApp: an account that cannot send says so")
{
    test::ChannelScene const scene{"whatsapp"};
    auto account = scene.account();
    account.secrets["access_token"] = {};
    channel::Delivery delivery{{"Hello", {}, {}, {}, {}}, {"wa_id", "49"}, "", "att-1"};
    CHECK(summary(test::render_outcome(std::get<Outcome>(scene.adapter().next(account, delivery, {})))) == "refused:account");
    delivery.to = {"email", "x@example.org"};
    CHECK(summary(test::render_outcome(std::get<Outcome>(scene.adapter().next(scene.account(), delivery, {})))) == "refused:message");
}
