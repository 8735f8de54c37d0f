#include "simulator_world.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace deskbridge;
using namespace deskbridge::test;

namespace {

/// Mara and Tom in a group of the business.
struct GroupWorld : SimulatorWorld {
    Json mara;
    Json tom;
    std::string group;

    GroupWorld()
    {
        start();
        mara = customer("Mara");
        tom = customer("Tom");
        Json const order{{"subject", "Project"}, {"participants", Json::array({mara.at("id"), tom.at("id")})}};
        group = control("POST", "/sim/groups", order).at("id").get<std::string>();
    }
    Json writes(Json const& who, std::string const& words)
    {
        return control("POST", "/sim/groups/" + group + "/messages", Json{{"customer", who.at("id")}, {"body", words}});
    }
    HttpResponse send_there(std::string const& type, Json const& content)
    {
        Json body{{"recipient_type", "group"}, {"to", group}, {"type", type}};
        body[type] = content;
        return send(body);
    }
    void change(Json const& order) { control("POST", "/sim/groups/" + group, order); }
    /// "<type>" of each item that the field told.
    std::vector<std::string> told()
    {
        std::vector<std::string> types;
        for (auto const& item : got("groups"))
            types.push_back(item.at("type").get<std::string>());
        return types;
    }
};

} // namespace

TEST_CASE("groups: what is said there comes with the group's id and its author, and is answered there")
{
    GroupWorld world;
    world.writes(world.mara, "hello all");
    REQUIRE(world.until([&] { return world.got("messages").size() == 1; }));
    auto const message = world.got("messages").front();
    CHECK(message.at("group_id") == world.group);
    CHECK(message.at("from") == world.mara.at("phone"));

    auto const sent = world.send_there("text", {{"body", "Hello to both"}});
    REQUIRE(sent.status == 200);
    CHECK(Json::parse(sent.body).at("messages").at(0).at("group_id") == world.group);
    REQUIRE(world.until([&] { return world.statuses_of(test::id_of(sent)) == "sent delivered delivered"; }));
    for (auto const& status : world.got("statuses")) {
        CHECK(status.at("recipient_type") == "group");
        CHECK(status.at("recipient_id") == world.group);
        CHECK(status.contains("recipient_participant_id") == (status.at("status") != "sent"));
    }
    for (auto const* who : {&world.mara, &world.tom, &world.mara})
        world.control("POST", "/sim/groups/" + world.group + "/open", Json{{"customer", who->at("id")}});
    CHECK(world.until([&] { return world.statuses_of(test::id_of(sent)) == "sent delivered delivered read read"; }));
}

TEST_CASE("groups: a participant who is offline gets it later, once")
{
    GroupWorld world;
    world.control("POST", "/sim/customers/" + world.tom.at("id").get<std::string>(), Json{{"online", false}});
    world.writes(world.mara, "hello all");
    auto const sent = world.send_there("text", {{"body", "Hello to both"}});
    REQUIRE(world.until([&] { return world.statuses_of(test::id_of(sent)) == "sent delivered"; }));
    world.control("POST", "/sim/customers/" + world.tom.at("id").get<std::string>(), Json{{"online", true}});
    CHECK(world.until([&] { return world.statuses_of(test::id_of(sent)) == "sent delivered delivered"; }));
}

TEST_CASE("groups: what a send there may be")
{
    struct Case {
        std::string label;
        std::string type;
        Json content;
        int code;
    };
    auto const c = GENERATE(values<Case>({
        {"a text", "text", Json{{"body", "x"}}, 0},
        {"a file", "document", Json{{"link", "https://x.example/a.pdf"}}, 0},
        {"a template", "template", Json{{"name", "answer_ready"}, {"language", {{"code", "en"}}}}, 0},
        {"no reaction", "reaction", Json{{"message_id", "wamid.A"}, {"emoji", "👍"}}, 131051},
        {"no buttons", "interactive", Json{{"type", "button"}, {"body", {{"text", "x"}}}}, 131051},
        {"no place", "location", Json{{"latitude", 1}, {"longitude", 2}}, 131051},
    }));
    INFO(c.label);
    GroupWorld world;
    CHECK(code_of(world.send_there(c.type, c.content)) == c.code);
}

TEST_CASE("groups: nobody writes to one that is not there, suspended or gone; its window is its own")
{
    GroupWorld world;
    auto const closed = world.send_there("text", {{"body", "Anybody?"}});
    REQUIRE(closed.status == 200);
    CHECK(world.until([&] { return world.statuses_of(test::id_of(closed)) == "failed"; }));
    world.writes(world.tom, "hello");
    CHECK(world.send_there("text", {{"body", "Hello"}}).status == 200);
    world.change(Json{{"suspended", true}});
    CHECK(code_of(world.send_there("text", {{"body", "Hello"}})) == 131020);
    world.change(Json{{"suspended", false}});
    CHECK(world.send_there("text", {{"body", "Hello"}}).status == 200);
    world.change(Json{{"deleted", true}});
    CHECK(code_of(world.send_there("text", {{"body", "Hello"}})) == 131020);
    world.group = "nowhere";
    CHECK(code_of(world.send_there("text", {{"body", "Hello"}})) == 131020);
}

TEST_CASE("groups: what becomes of them is told by their own fields, and stays after a restart")
{
    GroupWorld world;
    world.change(Json{{"subject", "Project 2"}, {"remove", Json::array({world.tom.at("id")})}, {"suspended", true}});
    CHECK(world.until([&] { return world.told().size() == 4; }));
    auto told = world.told();
    std::sort(told.begin(), told.end());
    CHECK(told == std::vector<std::string>{"group_create", "group_participants_remove", "group_settings_update", "group_suspend"});
    world.restart();
    auto const kept = world.control("GET", "/sim/groups/" + world.group);
    CHECK(kept.at("subject") == "Project 2");
    CHECK(kept.at("participants") == Json::array({world.mara.at("id")}));
    CHECK(kept.at("suspended") == true);
}

TEST_CASE("groups: no read marks, and a reaction there names the group")
{
    GroupWorld world;
    auto const said = world.writes(world.mara, "hello all");
    CHECK(code_of(world.send(Json{{"status", "read"}, {"message_id", said.at("id")}})) == 131009);
    world.control("POST", "/sim/customers/" + world.tom.at("id").get<std::string>() + "/reactions",
                  Json{{"message_id", said.at("id")}, {"emoji", "👍"}});
    REQUIRE(world.until([&] { return world.got("messages").size() == 2; }));
    for (auto const& message : world.got("messages"))
        CHECK(message.at("group_id") == world.group);
}
