#include "signing.hpp"
#include "simulator_world.hpp"

#include <catch2/catch.hpp>

#include <map>

using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;

namespace {

std::string id_of(Json const& customer)
{
    return customer.at("id").get<std::string>();
}

std::string phone_of(Json const& customer)
{
    return customer.at("phone").get<std::string>();
}

} // namespace

TEST_CASE("a customer's text arrives as a signed webhook, and its answer goes sent, delivered, read")
{
    SimulatorWorld world;
    world.start();
    auto const mara = world.customer();
    auto const said = world.says(mara, "My parcel / Päckchen 👋");
    REQUIRE(world.until([&] { return !world.posted.empty(); }));
    auto const& hook = world.posted.front();
    CHECK(hook.signature == simulator::signature_header("example-app-secret", hook.body));
    CHECK(hook.body.find("\\/ P\\u00e4ckchen \\ud83d\\udc4b") != std::string::npos);
    auto const message = world.got("messages").front();
    CHECK(message.at("text").at("body") == "My parcel / Päckchen 👋");
    CHECK(message.at("from") == phone_of(mara));
    CHECK(world.until([&] { return world.message(mara, said.at("id").get<std::string>()).at("status") == "delivered"; }));

    auto const answer = world.send(Json{{"to", "+" + phone_of(mara)},
                                        {"type", "text"},
                                        {"text", {{"body", "Thank you"}}},
                                        {"context", {{"message_id", said.at("id")}}},
                                        {"biz_opaque_callback_data", "att=1"}});
    REQUIRE(answer.status == 200);
    auto const id = test::id_of(answer);
    REQUIRE(id.starts_with("wamid."));
    CHECK(Json::parse(answer.body).at("contacts").at(0) == Json{{"input", "+" + phone_of(mara)}, {"wa_id", phone_of(mara)}});
    REQUIRE(world.until([&] { return world.statuses_of(id) == "sent delivered"; }));
    CHECK(world.message(mara, id).at("quoted") == said.at("id"));
    world.control("POST", "/sim/customers/" + id_of(mara) + "/open", Json::object());
    REQUIRE(world.until([&] { return world.statuses_of(id) == "sent delivered read"; }));
    for (auto const& status : world.got("statuses"))
        CHECK(status.at("biz_opaque_callback_data") == "att=1");
}

TEST_CASE("what is wrong with a call is answered in the provider's words")
{
    SimulatorWorld world;
    world.start();
    auto const mara = world.customer();
    world.says(mara, "Hello");
    auto const text = Json{{"messaging_product", "whatsapp"}, {"to", phone_of(mara)}, {"text", {{"body", "Hi"}}}}.dump();
    auto const path = world.options.phone_number_id + "/messages";

    auto const other_number = world.graph("POST", "111/messages", text);
    CHECK(other_number.status == 400);
    CHECK(code_of(other_number) == 33);
    CHECK(code_of(world.graph("POST", path, "{")) == 100);
    CHECK(code_of(world.graph("POST", world.base + "/nonsense/" + path, text)) == 2500);

    world.options.access_token = "ANOTHER";
    auto const stranger = world.graph("POST", path, text);
    world.options.access_token = "EXAMPLE_TOKEN";
    CHECK(stranger.status == 401);
    CHECK(code_of(stranger) == 190);
    CHECK(Json::parse(stranger.body).at("error").at("type") == "OAuthException");

    CHECK(world.graph("GET", world.options.phone_number_id).status == 200);
    CHECK(Json::parse(world.graph("GET", world.options.waba_id + "/message_templates").body).at("data").size() > 1);
    auto const ledger = world.control("GET", "/sim/ledger").dump();
    CHECK(ledger.find("EXAMPLE_TOKEN") == std::string::npos);
    CHECK(ledger.find("\"code\":33") != std::string::npos);
}

TEST_CASE("a day after the customer's last word free-form messages fail, templates do not")
{
    SimulatorWorld world;
    world.start();
    auto const mara = world.customer();
    world.says(mara, "Hello");
    world.control("POST", "/sim/clock", Json{{"advance_s", 25 * 3600}});
    auto const late = world.send_text(phone_of(mara), "Too late");
    REQUIRE(late.status == 200);
    REQUIRE(world.until([&] { return world.statuses_of(test::id_of(late)) == "failed"; }));
    auto const failed = world.got("statuses").back();
    CHECK(failed.at("errors").at(0).at("code") == 131047);
    CHECK_FALSE(failed.contains("recipient_user_id"));

    Json const name{{"type", "text"}, {"text", "Mara"}};
    Json const body{{"type", "body"}, {"parameters", Json::array({name})}};
    auto const waiting = world.send(Json{{"to", phone_of(mara)},
                                         {"type", "template"},
                                         {"template", {{"name", "reply_waiting"}, {"language", {{"code", "en"}}}, {"components", Json::array({body})}}}});
    CHECK(world.until([&] { return world.statuses_of(test::id_of(waiting)) == "sent delivered"; }));

    world.says(mara, "Hello again");
    auto const open = world.send_text(phone_of(mara), "In time");
    CHECK(world.until([&] { return world.statuses_of(test::id_of(open)) == "sent delivered"; }));
}

TEST_CASE("a pair's rate has its limit")
{
    SimulatorWorld world;
    world.start();
    auto const mara = world.customer();
    world.says(mara, "Hello");
    auto const begun = std::chrono::steady_clock::now();
    for (int i = 0; i < 45; ++i)
        REQUIRE(world.send_text(phone_of(mara), "x").status == 200);
    int more = 0;
    auto refused = world.send_text(phone_of(mara), "x");
    for (; more < 200 && refused.status == 200; ++more)
        refused = world.send_text(phone_of(mara), "x");
    CHECK(more <= (std::chrono::steady_clock::now() - begun) / 6s + 1);
    CHECK(refused.status == 400);
    CHECK(code_of(refused) == 131056);
    auto const other = world.customer("Tomás");
    world.says(other, "Hola");
    CHECK(world.send_text(phone_of(other), "x").status == 200);
}

TEST_CASE("customers without a visible phone are reached by their user id, and only there")
{
    SimulatorWorld world;
    world.start();
    auto const layla = world.control("POST", "/sim/customers",
                                     Json{{"name", "ليلى"}, {"country", "AE"}, {"username", "@layla.h"}, {"phone_hidden", true}});
    auto const user_id = layla.at("user_id").get<std::string>();
    world.says(layla, "مرحبا");
    REQUIRE(world.until([&] { return !world.got("messages").empty(); }));
    CHECK(world.posted.front().body.find(phone_of(layla)) == std::string::npos);
    CHECK(world.got("messages").front().at("from_user_id") == user_id);
    CHECK(world.got("contacts").front().at("profile").at("username") == "layla.h");

    auto const right = world.send(Json{{"recipient", user_id}, {"text", {{"body", "a"}}}});
    CHECK(Json::parse(right.body).at("contacts").at(0) == Json{{"input", user_id}, {"user_id", user_id}});
    REQUIRE(world.until([&] { return world.statuses_of(test::id_of(right)) == "sent delivered"; }));
    auto const wrong = world.send(Json{{"to", user_id}, {"text", {{"body", "b"}}}});
    CHECK(wrong.status == 200);
    auto const after = world.send(Json{{"recipient", user_id}, {"text", {{"body", "c"}}}});
    REQUIRE(world.until([&] { return world.statuses_of(test::id_of(after)) == "sent delivered"; }));
    CHECK(world.statuses_of(test::id_of(wrong)).empty());
}

TEST_CASE("a customer whose number is hidden shares it where a message asks for it")
{
    SimulatorWorld world;
    world.start();
    auto const layla = world.control("POST", "/sim/customers", Json{{"name", "Layla"}, {"country", "AE"}, {"phone_hidden", true}});
    world.says(layla, "Hello");
    auto const asked = test::id_of(world.send(Json{{"recipient", layla.at("user_id")},
                                                   {"type", "interactive"},
                                                   {"interactive", {{"type", "contact_request"}, {"body", {{"text", "May we call?"}}}, {"action", {{"name", "request_contact_info"}}}}}}));
    REQUIRE_FALSE(asked.empty());
    world.control("POST", "/sim/customers/" + id_of(layla) + "/taps", Json{{"message_id", asked}, {"id", "share_number"}});
    REQUIRE(world.until([&] { return world.got("messages").size() == 2; }));
    auto const card = world.got("messages").back();
    CHECK(card.at("type") == "contacts");
    CHECK(card.at("contacts").at(0).at("origin") == "contact_request");
    CHECK(card.at("contacts").at(0).at("phones").at(0).at("wa_id") == phone_of(layla));
}

TEST_CASE("taps, picks, reactions, edits and deletions come as the provider sends them")
{
    SimulatorWorld world;
    world.start();
    auto const mara = world.customer();
    auto const said = world.says(mara, "Hello").at("id").get<std::string>();
    auto const at = "/sim/customers/" + id_of(mara);
    Json const yes{{"type", "reply"}, {"reply", {{"id", "b:yes"}, {"title", "Yes"}}}};
    auto const asked = test::id_of(world.send(Json{{"to", phone_of(mara)},
                                                   {"type", "interactive"},
                                                   {"interactive", {{"type", "button"}, {"body", {{"text", "Really?"}}}, {"action", {{"buttons", Json::array({yes})}}}}}}));
    REQUIRE_FALSE(asked.empty());
    world.control("POST", at + "/taps", Json{{"message_id", asked}, {"id", "b:yes"}});
    world.control("POST", at + "/reactions", Json{{"message_id", asked}, {"emoji", "👍"}});
    world.control("POST", at + "/edits", Json{{"message_id", said}, {"body", "Hello!"}});
    world.control("POST", at + "/revokes", Json{{"message_id", said}});
    world.control("POST", at + "/number", Json::object());
    world.control("POST", at + "/echoes", Json{{"body", "From the phone"}});
    REQUIRE(world.until([&] { return world.got("messages").size() == 6 && world.got("message_echoes").size() == 1; }));
    std::map<std::string, Json> by_type;
    for (auto const& message : world.got("messages"))
        by_type[message.at("type").get<std::string>()] = message;
    CHECK(by_type["interactive"].at("interactive") == Json{{"type", "button_reply"}, {"button_reply", {{"id", "b:yes"}, {"title", "Yes"}}}});
    CHECK(by_type["interactive"].at("context") == Json{{"from", world.options.display_phone_number}, {"id", asked}});
    CHECK(by_type["reaction"].at("reaction") == Json{{"message_id", asked}, {"emoji", "👍"}});
    CHECK(by_type["edit"].at("edit").at("original_message_id") == said);
    CHECK(by_type["edit"].at("edit").at("message").at("text").at("body") == "Hello!");
    CHECK(by_type["revoke"].at("revoke").at("original_message_id") == said);
    CHECK(by_type["system"].at("from") == phone_of(mara));
    CHECK(by_type["system"].at("system").at("wa_id") != phone_of(mara));
    CHECK(world.got("message_echoes").front().at("text").at("body") == "From the phone");
}

TEST_CASE("read marks and writing show on the customer's phone")
{
    SimulatorWorld world;
    world.start();
    auto const mara = world.customer();
    auto const first = world.says(mara, "one").at("id").get<std::string>();
    auto const second = world.says(mara, "two").at("id").get<std::string>();
    auto const done = world.send(Json{{"status", "read"}, {"message_id", second}, {"typing_indicator", {{"type", "text"}}}});
    CHECK(done.body == R"({"success":true})");
    CHECK(world.message(mara, first).at("status") == "read");
    CHECK(world.message(mara, second).at("status") == "read");
    CHECK(world.control("GET", "/sim/customers/" + id_of(mara)).contains("typing_until_ms"));
    CHECK(code_of(world.send(Json{{"status", "read"}, {"message_id", "wamid.unknown"}})) == 131009);
}

TEST_CASE("files travel both ways")
{
    SimulatorWorld world;
    world.start();
    auto const mara = world.customer();
    HttpRequest upload;
    upload.method = "POST";
    upload.target = world.base + "/sim/media?name=shelf.png";
    upload.headers.add("Content-Type", "image/png");
    upload.body = "PNG bytes";
    auto const kept = world.ask(upload);
    auto const media = Json::parse(std::get<HttpResponse>(kept).body).at("id").get<std::string>();
    world.control("POST", "/sim/customers/" + id_of(mara) + "/messages",
                  Json{{"type", "image"}, {"content", {{"id", media}, {"caption", "The shelf"}}}});
    REQUIRE(world.until([&] { return !world.got("messages").empty(); }));
    auto const image = world.got("messages").front().at("image");
    CHECK(image == Json{{"id", media}, {"caption", "The shelf"}, {"mime_type", "image/png"}, {"sha256", simulator::sha256_base64("PNG bytes")}});

    auto const resolved = Json::parse(world.graph("GET", media).body);
    CHECK(resolved.at("sha256") == simulator::sha256_hex("PNG bytes"));
    CHECK(resolved.at("file_size") == 9);
    auto const url = resolved.at("url").get<std::string>();
    auto const file = world.graph("GET", url);
    CHECK(file.body == "PNG bytes");
    CHECK(std::get<HttpResponse>(world.ask(HttpRequest{"GET", url, {}, {}})).status == 401);
    world.control("POST", "/sim/clock", Json{{"advance_s", 301}});
    CHECK(world.graph("GET", url).status == 404);
    world.control("POST", "/sim/clock", Json{{"offset_s", 8 * 24 * 3600}});
    CHECK(code_of(world.graph("GET", media)) == 33);

    std::string const form = "--x\r\nContent-Disposition: form-data; name=\"messaging_product\"\r\n\r\nwhatsapp\r\n--x\r\n"
                             "Content-Disposition: form-data; name=\"type\"\r\n\r\napplication/pdf\r\n--x\r\n"
                             "Content-Disposition: form-data; name=\"file\"; filename=\"r.pdf\"\r\nContent-Type: application/pdf\r\n\r\nPDF\r\n--x--\r\n";
    auto const uploaded = world.graph("POST", world.options.phone_number_id + "/media", form, "multipart/form-data; boundary=x");
    CHECK(Json::parse(uploaded.body).contains("id"));
}

TEST_CASE("the page is served with a strict policy, and other sites' pages are kept out")
{
    SimulatorWorld world;
    world.start();
    for (auto const* path : {"/", "/sim/page/app.js", "/sim/page/rooms.js", "/sim/page/phone.css", "/sim/page/icon.svg"}) {
        auto const answer = world.ask(HttpRequest{"GET", world.base + path, {}, {}});
        auto const& response = std::get<HttpResponse>(answer);
        INFO(path);
        CHECK(response.status == 200);
        auto const policy = response.headers.find("Content-Security-Policy");
        REQUIRE(policy.has_value());
        CHECK(policy->find("script-src 'self';") != std::string_view::npos);
        CHECK(policy->find("unsafe") == std::string_view::npos);
    }
    CHECK(std::get<HttpResponse>(world.ask(HttpRequest{"GET", world.base + "/sim/page/../app.js", {}, {}})).status != 200);
    auto const foreign = world.ask(HttpRequest{"POST", world.base + "/sim/customers", {{"Origin", "http://elsewhere.example"}}, "{}"});
    CHECK(std::get<HttpResponse>(foreign).status == 403);
}
