#include "number_variants.hpp"
#include "signing.hpp"
#include "simulator_world.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace deskbridge;
using namespace deskbridge::test;
using simulator::BusinessNumber;

namespace {

constexpr auto sales = "700100200300499";
constexpr auto abroad = "700100200300500";

/// A second number of the same account, and one of another account, portfolio and app.
void add_numbers(SimulatorWorld& world)
{
    world.options.verify_token.clear();
    world.options.further_numbers = {BusinessNumber{sales, "49301234568"}, BusinessNumber{abroad, "33123456789", "990011223344556"}};
    auto& other = world.options.further_numbers.back();
    other.portfolio = "abroad";
    other.hook_url = "http://127.0.0.1:" + std::to_string(world.business_port) + "/other";
    other.app_secret = "another-app-secret";
    other.access_token = "ANOTHER_TOKEN";
    world.start();
}

std::string chat_of(Json const& customer)
{
    return "/sim/customers/" + customer.at("id").get<std::string>();
}

Json says_to(SimulatorWorld& world, Json const& customer, std::string const& number, std::string const& text)
{
    return world.control("POST", chat_of(customer) + "/messages", Json{{"number", number}, {"body", text}});
}

/// Where webhooks of this number went, and as what: "<path> <WABA> <signed with>", each once.
std::vector<std::string> ways_of(SimulatorWorld const& world, std::string const& number)
{
    std::vector<std::string> ways;
    for (auto const& hook : world.posted) {
        auto const body = Json::parse(hook.body);
        for (auto const& entry : body.at("entry"))
            for (auto const& change : entry.at("changes")) {
                if (change.at("value").at("metadata").at("phone_number_id") != number)
                    continue;
                bool const own = hook.signature == simulator::signature_header("example-app-secret", hook.body);
                auto way = hook.path + " " + entry.at("id").get<std::string>() + (own ? " first" : " other");
                if (std::find(ways.begin(), ways.end(), way) == ways.end())
                    ways.push_back(std::move(way));
            }
    }
    return ways;
}

HttpResponse send_from(SimulatorWorld& world, std::string const& number, std::string const& token, Json body)
{
    HttpRequest request;
    request.method = "POST";
    request.target = world.base + "/v25.0/" + number + "/messages";
    request.headers.add("Authorization", "Bearer " + token);
    body["messaging_product"] = "whatsapp";
    request.body = body.dump();
    auto const answer = world.ask(request);
    auto const* response = std::get_if<HttpResponse>(&answer);
    REQUIRE(response);
    return *response;
}

Json text_to(Json const& customer, std::string const& words)
{
    return Json{{"to", customer.at("phone")}, {"type", "text"}, {"text", {{"body", words}}}};
}

} // namespace

TEST_CASE("several numbers: each has its hook, its secret and its account")
{
    SimulatorWorld world;
    add_numbers(world);
    auto const mara = world.customer();
    for (auto const* const number : {"700100200300400", sales, abroad})
        says_to(world, mara, number, "Hello");
    REQUIRE(world.until([&] { return world.got("messages").size() == 3; }));
    CHECK(ways_of(world, "700100200300400") == std::vector<std::string>{"/hook 880011223344556 first"});
    CHECK(ways_of(world, sales) == std::vector<std::string>{"/hook 880011223344556 first"});
    CHECK(ways_of(world, abroad) == std::vector<std::string>{"/other 990011223344556 other"});
}

TEST_CASE("several numbers: those of one app share a POST, each in a change of its own")
{
    SimulatorWorld world;
    add_numbers(world);
    world.control("POST", "/sim/chaos", Json{{"batch", 10}, {"batch_wait_ms", 2000}});
    auto const mara = world.customer();
    for (auto const* const number : {"700100200300400", sales, abroad})
        says_to(world, mara, number, "Hello");
    REQUIRE(world.until([&] { return world.got("messages").size() == 3; }));
    CHECK(world.posted.size() == 2);
}

TEST_CASE("several numbers: reply window, read marks and what is answered are one number's alone")
{
    SimulatorWorld world;
    add_numbers(world);
    auto const mara = world.customer();
    auto const said = says_to(world, mara, sales, "Hello");
    auto const answered = send_from(world, sales, "EXAMPLE_TOKEN", text_to(mara, "Hello Mara"));
    auto const cold = send_from(world, "700100200300400", "EXAMPLE_TOKEN", text_to(mara, "Hello from elsewhere"));
    REQUIRE(answered.status == 200);
    REQUIRE(cold.status == 200);
    CHECK(world.until([&] { return world.statuses_of(test::id_of(answered)) == "sent delivered"; }));
    CHECK(world.until([&] { return world.statuses_of(test::id_of(cold)) == "failed"; }));
    auto const mark = Json{{"status", "read"}, {"message_id", said.at("id")}};
    CHECK(code_of(send_from(world, "700100200300400", "EXAMPLE_TOKEN", mark)) == 131009);
    CHECK(send_from(world, sales, "EXAMPLE_TOKEN", mark).status == 200);
}

TEST_CASE("several numbers: a token opens only what it was made for")
{
    SimulatorWorld world;
    add_numbers(world);
    auto const mara = world.customer();
    says_to(world, mara, abroad, "Bonjour");
    CHECK(code_of(send_from(world, abroad, "EXAMPLE_TOKEN", text_to(mara, "Bonjour"))) == 33);
    CHECK(code_of(send_from(world, abroad, "NO_TOKEN", text_to(mara, "Bonjour"))) == 190);
    CHECK(send_from(world, abroad, "ANOTHER_TOKEN", text_to(mara, "Bonjour")).status == 200);
    CHECK(world.graph("GET", "990011223344556/message_templates").status == 400);
    CHECK(world.graph("GET", "880011223344556/message_templates").status == 200);
}

TEST_CASE("several numbers: an uploaded file is only of the number that it was uploaded for")
{
    SimulatorWorld world;
    world.options.refuse_unknown_media = true;
    add_numbers(world);
    auto const mara = world.customer();
    says_to(world, mara, sales, "Hello");
    says_to(world, mara, world.options.phone_number_id, "Hello");
    auto const part = [](std::string const& name, std::string const& value, std::string const& more = {}) {
        return "--x\r\nContent-Disposition: form-data; name=\"" + name + "\"" + more + "\r\n\r\n" + value + "\r\n";
    };
    auto const form = part("messaging_product", "whatsapp") + part("type", "application/pdf") +
                      part("file", "%PDF-1.7", "; filename=\"offer.pdf\"\r\nContent-Type: application/pdf") + "--x--\r\n";
    auto const kept = world.graph("POST", world.options.phone_number_id + "/media", form, "multipart/form-data; boundary=x");
    Json const document{{"to", mara.at("phone")}, {"type", "document"}, {"document", {{"id", Json::parse(kept.body).at("id")}, {"filename", "offer.pdf"}}}};
    CHECK(send_from(world, sales, "EXAMPLE_TOKEN", document).status == 400);
    CHECK(send_from(world, world.options.phone_number_id, "EXAMPLE_TOKEN", document).status == 200);
}

TEST_CASE("several numbers: templates and standing are those of the account and the number")
{
    SimulatorWorld world;
    add_numbers(world);
    world.control("POST", "/sim/templates", Json{{"number", abroad}, {"name", "answer_ready"}, {"language", "en"}, {"status", "PAUSED"}});
    world.control("POST", "/sim/account", Json{{"number", sales}, {"quality", "RED"}});
    auto const mara = world.customer();
    Json const call{{"to", mara.at("phone")}, {"type", "template"}, {"template", {{"name", "answer_ready"}, {"language", {{"code", "en"}}}}}};
    CHECK(code_of(send_from(world, abroad, "ANOTHER_TOKEN", call)) == 132015);
    CHECK(send_from(world, sales, "EXAMPLE_TOKEN", call).status == 200);
    CHECK(Json::parse(world.graph("GET", std::string{sales} + "?fields=quality_rating").body).at("quality_rating") == "RED");
    CHECK(Json::parse(world.graph("GET", "700100200300400?fields=quality_rating").body).at("quality_rating") == "GREEN");
}

TEST_CASE("several numbers: a customer has another business-scoped id in another portfolio")
{
    SimulatorWorld world;
    add_numbers(world);
    auto const mara = world.customer();
    says_to(world, mara, "700100200300400", "Hello");
    REQUIRE(world.until([&] { return world.got("messages").size() == 1; }));
    says_to(world, mara, abroad, "Bonjour");
    REQUIRE(world.until([&] { return world.got("messages").size() == 2; }));
    auto const ids = world.got("messages");
    CHECK(ids[0].at("from_user_id") == mara.at("user_id"));
    CHECK(ids[1].at("from_user_id") != mara.at("user_id"));
    Json by_id = text_to(mara, "Bonjour");
    by_id.erase("to");
    by_id["recipient"] = ids[1].at("from_user_id");
    auto const sent = send_from(world, abroad, "ANOTHER_TOKEN", by_id);
    CHECK(world.until([&] { return world.statuses_of(test::id_of(sent)) == "sent delivered"; }));
}

TEST_CASE("several numbers: a secret can be exchanged while it runs, and what waits goes on in the next run")
{
    SimulatorWorld world;
    add_numbers(world);
    auto const mara = world.customer();
    world.control("POST", "/sim/hook", Json{{"number", abroad}, {"app_secret", "a-newer-secret"}});
    says_to(world, mara, abroad, "Bonjour");
    REQUIRE(world.until([&] { return !world.posted.empty(); }));
    CHECK(world.posted.front().signature == simulator::signature_header("a-newer-secret", world.posted.front().body));
    world.answers.assign(100, 503);
    says_to(world, mara, abroad, "Encore");
    REQUIRE(world.until([&] { return world.posted.size() > 1; }));
    world.stop();
    world.answers.clear();
    world.posted.clear();
    world.start();
    REQUIRE(world.until([&] { return !world.posted.empty(); }));
    CHECK(world.posted.front().path == "/other");
    CHECK(world.posted.front().signature == simulator::signature_header("another-app-secret", world.posted.front().body));
}

TEST_CASE("a number can be dialled in another way; the provider tells its own form")
{
    CHECK(simulator::variants_of("5511987654321") == std::vector<std::string>{"551187654321"});
    CHECK(simulator::variants_of("551187654321") == std::vector<std::string>{"5511987654321"});
    CHECK(simulator::variants_of("525512345678") == std::vector<std::string>{"5215512345678"});
    CHECK(simulator::variants_of("5491112345678") == std::vector<std::string>{"541112345678"});
    CHECK(simulator::variants_of("4915112345678").empty());

    SimulatorWorld world;
    world.start();
    auto const ana = world.control("POST", "/sim/customers", Json{{"name", "Ana"}, {"country", "BR"}, {"phone", "551187654321"}});
    world.says(ana, "Oi");
    auto const sent = world.send_text("+5511987654321", "Oi Ana");
    CHECK(Json::parse(sent.body).at("contacts").at(0) == Json{{"input", "+5511987654321"}, {"wa_id", "551187654321"}});
    REQUIRE(world.until([&] { return world.statuses_of(test::id_of(sent)) == "sent delivered"; }));
    CHECK(world.got("statuses").front().at("recipient_id") == "551187654321");
}
