#include "kinds_world.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace deskbridge;
using namespace deskbridge::test;

TEST_CASE("history: what was said before, and the newer files in a webhook that follows")
{
    KindsWorld world;
    auto const photo = world.file("image/jpeg");
    auto const told = Json::array({Json{{"by", "customer"}, {"body", "years ago"}, {"ago_s", 150 * 86'400}},
                                   Json{{"by", "business"}, {"type", "image"}, {"content", {{"id", photo}}}, {"ago_s", 86'400}},
                                   Json{{"by", "customer"}, {"type", "image"}, {"content", {{"id", photo}}}, {"ago_s", 30 * 86'400}}});
    auto const ids = world.act("/history", Json{{"messages", told}, {"phase", 1}}).at("message_ids");
    REQUIRE(world.until([&] { return world.values("history").size() == 2; }));
    auto chunks = world.values("history");
    if (!chunks.front().contains("history"))
        std::swap(chunks[0], chunks[1]);
    auto const& thread = chunks[0].at("history").at(0).at("threads").at(0);
    CHECK(chunks[0].at("history").at(0).at("metadata").at("phase") == 1);
    CHECK(thread.at("id") == world.phone());
    CHECK(thread.at("messages").at(0).at("text").at("body") == "years ago");
    CHECK(thread.at("messages").at(1).at("type") == "media_placeholder");
    CHECK(thread.at("messages").at(1).at("to") == world.phone());
    CHECK(thread.at("messages").at(2).at("type") == "media_placeholder");
    REQUIRE(chunks[1].at("messages").size() == 1);
    CHECK(chunks[1].at("messages").at(0).at("id") == ids.at(1));
    CHECK(chunks[1].at("messages").at(0).at("image").at("id") == photo);
    world.restart();
    world.says(world.mara, "news");
    REQUIRE(world.until([&] { return !world.values("messages").empty(); }));
    CHECK(world.values("messages").size() == 1); // what is history is told as news by no later run
}

TEST_CASE("history can be declined, and the address book is told")
{
    KindsWorld world;
    world.control("POST", "/sim/history", Json{});
    world.control("POST", "/sim/contacts", Json{{"customers", Json::array({world.mara.at("id")})}});
    REQUIRE(world.until([&] { return world.got("history").size() == 1 && world.got("state_sync").size() == 1; }));
    CHECK(world.got("history").front().at("errors").at(0).at("code") == 2593109);
    CHECK(world.got("state_sync").front().at("contact").at("phone_number") == world.phone());
}

TEST_CASE("the business's phone: files, edits and deletions are echoed")
{
    KindsWorld world;
    auto const photo = world.act("/echoes", Json{{"type", "image"}, {"content", {{"id", world.file("image/jpeg")}, {"caption", "Like this?"}}}});
    world.act("/echo-changes", Json{{"message_id", photo.at("id")}, {"body", "Like that?"}});
    world.act("/echo-changes", Json{{"message_id", photo.at("id")}});
    REQUIRE(world.until([&] { return world.got("message_echoes").size() == 3; }));
    std::vector<std::string> types;
    for (auto const& echo : world.got("message_echoes")) {
        types.push_back(echo.at("type").get<std::string>());
        CHECK(echo.at("to") == world.phone());
    }
    std::sort(types.begin(), types.end());
    CHECK(types == std::vector<std::string>{"edit", "image", "revoke"});
}

TEST_CASE("another app has the conversation: what happens in it comes as standby, until it is given back")
{
    KindsWorld world;
    world.act("/handovers", Json{{"owner", "other"}});
    world.says(world.mara, "for another app");
    REQUIRE(world.until([&] { return world.values("standby").size() == 1; }));
    CHECK(world.values("standby").front().at("standby").at("messages").at(0).at("text").at("body") == "for another app");
    CHECK(world.values("messages").empty());
    world.act("/handovers", Json{{"owner", "own"}});
    world.says(world.mara, "for us");
    REQUIRE(world.until([&] { return world.values("messages").size() == 1; }));
    REQUIRE(world.until([&] { return world.values("messaging_handovers").size() == 2; }));
    CHECK(world.values("messaging_handovers").front().at("sender").at("phone_number") == world.phone());
}

TEST_CASE("a call is told by its own field, and opens the reply window")
{
    KindsWorld world;
    world.act("/calls", Json{{"duration_s", 30}});
    REQUIRE(world.until([&] { return world.got("calls").size() == 2; }));
    for (auto const& call : world.got("calls")) {
        CHECK(call.at("direction") == "USER_INITIATED");
        CHECK(call.contains("duration") == (call.at("event") == "terminate"));
    }
    auto const sent = world.send_text(world.phone(), "You called?");
    CHECK(world.until([&] { return world.statuses_of(test::id_of(sent)) == "sent delivered"; }));
}

TEST_CASE("who wants no marketing gets none, and everything else")
{
    KindsWorld world;
    world.control("POST", "/sim/templates", Json{{"name", "answer_ready"}, {"language", "en"}, {"category", "MARKETING"}, {"silent", true}});
    Json const offer{{"to", world.phone()}, {"type", "template"}, {"template", {{"name", "answer_ready"}, {"language", {{"code", "en"}}}}}};
    world.act("/preferences", Json{{"value", "stop"}});
    REQUIRE(world.until([&] { return world.got("user_preferences").size() == 1; }));
    CHECK(world.got("user_preferences").front().at("timestamp").is_number_integer());
    auto const refused = world.send(offer);
    REQUIRE(world.until([&] { return world.statuses_of(test::id_of(refused)) == "failed"; }));
    CHECK(world.message(world.mara, test::id_of(refused)).at("error").at("code") == 131050);
    world.act("/preferences", Json{{"value", "resume"}});
    auto const taken = world.send(offer);
    CHECK(world.until([&] { return world.statuses_of(test::id_of(taken)) == "sent delivered"; }));
}

TEST_CASE("a voice message is played once it has arrived")
{
    KindsWorld world;
    world.says(world.mara, "Hello");
    auto const voice = world.send(Json{{"to", world.phone()}, {"type", "audio"}, {"audio", {{"id", world.file("audio/ogg")}, {"voice", true}}}});
    auto const id = test::id_of(voice);
    REQUIRE(world.until([&] { return world.statuses_of(id) == "sent delivered"; }));
    world.act("/plays", Json{{"message_id", id}});
    CHECK(world.until([&] { return world.statuses_of(id) == "sent delivered played"; }));
    CHECK(world.message(world.mara, id).at("status") == "played");
}

TEST_CASE("block list: only who wrote lately can be blocked, and then neither side reaches the other")
{
    KindsWorld world;
    auto const path = world.options.phone_number_id + "/block_users";
    auto const order = Json{{"messaging_product", "whatsapp"}, {"block_users", Json::array({Json{{"user", "+" + world.phone()}}})}}.dump();
    auto const early = world.graph("POST", path, order);
    CHECK(early.status == 400);
    CHECK(code_of(early) == 139100);
    world.says(world.mara, "Hello");
    REQUIRE(world.until([&] { return world.got("messages").size() == 1; }));
    REQUIRE(world.graph("POST", path, order).status == 200);
    CHECK(Json::parse(world.graph("GET", path).body).at("data").at(0).at("wa_id") == world.phone());
    CHECK(code_of(world.send_text(world.phone(), "Hello")) == 130403);
    auto const unheard = world.says(world.mara, "Are you there?");
    REQUIRE(world.graph("DELETE", path, order).status == 200);
    CHECK(world.send_text(world.phone(), "Hello").status == 200);
    CHECK(world.until([&] { return !world.got("statuses").empty(); }));
    CHECK(world.got("messages").size() == 1);
    CHECK(world.message(world.mara, unheard.at("id").get<std::string>()).at("status") == "sent");
}

TEST_CASE("who has blocked the business gets nothing, and nobody says so")
{
    KindsWorld world;
    world.says(world.mara, "Hello");
    world.act("", Json{{"blocking", true}});
    auto const sent = world.send_text(world.phone(), "Hello Mara");
    REQUIRE(world.until([&] { return world.statuses_of(test::id_of(sent)) == "sent"; }));
    auto const second = world.send_text(world.phone(), "Hello?");
    REQUIRE(world.until([&] { return world.statuses_of(test::id_of(second)) == "sent"; }));
    CHECK(world.statuses_of(test::id_of(sent)) == "sent");
}

TEST_CASE("how somebody is told of: a number that is hidden as nothing, no profile, a parent id")
{
    KindsWorld world;
    world.act("", Json{{"phone_hidden", true}, {"phone_empty", true}, {"profile_hidden", true}, {"parent_user_id", "DE.ENT.1"}});
    world.says(world.mara, "Hello");
    REQUIRE(world.until([&] { return world.got("messages").size() == 1; }));
    auto const message = world.got("messages").front();
    auto const contact = world.got("contacts").front();
    CHECK(message.at("from") == "");
    CHECK(message.at("from_parent_user_id") == "DE.ENT.1");
    CHECK(contact.at("wa_id") == "");
    CHECK(contact.at("parent_user_id") == "DE.ENT.1");
    CHECK_FALSE(contact.contains("profile"));
}

TEST_CASE("a template's header file is looked up like any other")
{
    KindsWorld world;
    auto const invoice = [&](std::string const& id) {
        Json const header{{"type", "header"}, {"parameters", Json::array({Json{{"type", "document"}, {"document", {{"id", id}}}}})}};
        Json const body{{"type", "body"}, {"parameters", Json::array({Json{{"type", "text"}, {"text", "Mara"}}})}};
        Json const button{{"type", "button"}, {"sub_type", "url"}, {"index", "0"}, {"parameters", Json::array({Json{{"type", "text"}, {"text", "204"}}})}};
        Json content{{"name", "invoice"}, {"language", {{"code", "en"}}}};
        content["components"] = Json::array({header, body, button});
        return world.send(Json{{"to", world.phone()}, {"type", "template"}, {"template", content}});
    };
    auto const known = world.file("application/pdf");
    auto const good = invoice(known);
    INFO(good.body);
    REQUIRE(good.status == 200);
    CHECK(world.until([&] { return world.statuses_of(test::id_of(good)) == "sent delivered"; }));
    REQUIRE(world.graph("DELETE", known).status == 200);
    auto const bad = invoice(known);
    REQUIRE(world.until([&] { return world.statuses_of(test::id_of(bad)) == "failed"; }));
    CHECK(world.message(world.mara, test::id_of(bad)).at("error").at("code") == 131053);
}

TEST_CASE("an error that is asked for comes with the status that the provider gives it")
{
    struct Case {
        int code;
        int status;
    };
    auto const c = GENERATE(values<Case>({{130497, 403}, {131031, 403}, {131045, 500}, {200, 403}, {131026, 400}, {132001, 404}, {999999, 400}}));
    INFO(c.code);
    KindsWorld world;
    world.control("POST", "/sim/faults", Json{{"kind", "error"}, {"code", c.code}});
    auto const answer = world.send_text(world.phone(), "Hello");
    CHECK(answer.status == c.status);
    CHECK(code_of(answer) == c.code);
}
