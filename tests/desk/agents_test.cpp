#include "scene.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using store::AgentRole;
using test::Scene;

TEST_CASE("rule: what an agent and an administrator may")
{
    struct Case {
        AgentRole role;
        desk::Rule rule;
        bool may;
    };
    auto const c = GENERATE(values<Case>({
        {AgentRole::agent, desk::Rule::any_agent, true},
        {AgentRole::agent, desk::Rule::administrator, false},
        {AgentRole::administrator, desk::Rule::any_agent, true},
        {AgentRole::administrator, desk::Rule::administrator, true},
    }));
    CHECK(desk::may(c.role, c.rule) == c.may);
}

TEST_CASE("agents: only administrators add and disable them, and nothing happens otherwise")
{
    Scene scene;
    auto const before = scene.now_in_log();
    auto const refused = scene.perform_as(scene.ben, desk::AddAgent{{"Cleo", "cleo", AgentRole::agent}});
    REQUIRE(refused.has_error());
    CHECK(refused.error().fault == Fault::forbidden);
    REQUIRE(scene.perform_as(scene.ben, desk::DisableAgent{scene.ana.agent}).has_error());
    CHECK(scene.events(before).empty());

    auto const added = scene.perform(desk::AddAgent{{" Cleo ", "cleo", AgentRole::agent}});
    REQUIRE(added.has_value());
    CHECK(added->name == "Cleo");
    auto const all = scene.perform_as(scene.ben, desk::ListAgents{});
    REQUIRE(all.has_value());
    CHECK(all->size() == 3);
    REQUIRE(scene.perform(desk::DisableAgent{added->id}).has_value());
    auto const again = scene.perform(desk::DisableAgent{added->id});
    REQUIRE(again.has_error());
    CHECK(again.error().fault == Fault::conflict);
    CHECK(scene.events(before) == "agent.added agent.disabled");
}

TEST_CASE("agents: who was disabled comes in again, and who was added without a Unix user gets one")
{
    Scene scene;
    auto const before = scene.now_in_log();
    auto const ben = scene.ben.agent;
    CHECK(scene.perform(desk::EnableAgent{ben}).has_error()); // not disabled
    REQUIRE(scene.perform(desk::DisableAgent{ben}).has_value());
    auto const taken = scene.perform(desk::AddAgent{{"Somebody", "ben", AgentRole::agent}});
    REQUIRE(taken.has_error());
    CHECK_THAT(taken.error().detail, Catch::Contains("deskbridge agent enable \"Ben\""));
    REQUIRE(scene.perform(desk::EnableAgent{ben}).has_value());
    CHECK(scene.identify("ben", false).has_value());

    auto const cleo = scene.perform(desk::AddAgent{{"Cleo", {}, AgentRole::agent}});
    REQUIRE(cleo.has_value());
    CHECK(scene.identify("cleo", false).has_error());
    CHECK(scene.perform(desk::ChangeAgent{cleo->id, {}}).has_error()); // into what?
    CHECK(scene.perform(desk::ChangeAgent{cleo->id, {{}, "with space"}}).has_error());
    auto const held = scene.perform(desk::ChangeAgent{cleo->id, {{}, "ben"}});
    REQUIRE(held.has_error());
    CHECK_THAT(held.error().detail, Catch::Contains("Ben"));
    auto const changed = scene.perform(desk::ChangeAgent{cleo->id, {AgentRole::administrator, "cleo"}});
    REQUIRE(changed.has_value());
    CHECK(changed->role == AgentRole::administrator);
    CHECK(scene.identify("cleo", false)->role == AgentRole::administrator);
    REQUIRE(scene.perform(desk::ChangeAgent{cleo->id, {AgentRole::administrator, {}}}).has_value()); // as it is: no event
    REQUIRE(scene.perform(desk::ChangeAgent{cleo->id, {{}, ""}}).has_value());
    CHECK(scene.identify("cleo", false).has_error());
    CHECK(scene.events(before) == "agent.disabled agent.enabled agent.added agent.changed agent.changed");
    CHECK(scene.perform_as(scene.ben, desk::EnableAgent{ben}).has_error());
}

TEST_CASE("agents: names that mean something else, and users that cannot be")
{
    struct Case {
        std::string name;
        std::optional<std::string> user;
        Fault fault;
    };
    auto const c = GENERATE(values<Case>({
        {"", std::nullopt, Fault::malformed},
        {"  ", std::nullopt, Fault::malformed},
        {"me", std::nullopt, Fault::malformed},
        {"none", std::nullopt, Fault::malformed},
        {"1042", std::nullopt, Fault::malformed},
        {"two\nlines", std::nullopt, Fault::malformed},
        {std::string(400, 'x'), std::nullopt, Fault::malformed},
        {"Dora", "", Fault::malformed},
        {"Dora", "with space", Fault::malformed},
        {"Ben", std::nullopt, Fault::conflict},
        {"Dora", "ben", Fault::conflict},
    }));
    INFO(c.name);
    Scene scene;
    auto const added = scene.perform(desk::AddAgent{{c.name, c.user, AgentRole::agent}});
    REQUIRE(added.has_error());
    CHECK(added.error().fault == c.fault);
}

TEST_CASE("agents: who asks on the control socket")
{
    Scene scene;
    auto const ben = scene.identify("ben", false);
    REQUIRE(ben.has_value());
    CHECK(ben->agent == scene.ben.agent);
    CHECK(ben->role == AgentRole::agent);

    auto const root = scene.identify("root", true);
    REQUIRE(root.has_value());
    CHECK_FALSE(root->agent);
    CHECK(root->role == AgentRole::administrator);

    auto const stranger = scene.identify("eve", false);
    REQUIRE(stranger.has_error());
    CHECK(stranger.error().fault == Fault::forbidden);
    CHECK_THAT(stranger.error().detail, Catch::Contains("deskbridge agent add NAME --user eve"));

    REQUIRE(scene.perform(desk::DisableAgent{scene.ben.agent}).has_value());
    CHECK(scene.identify("ben", false).has_error());
}

TEST_CASE("agents: names that can be told from everything else")
{
    struct Case {
        std::string label;
        std::string name;
        bool fine;
    };
    auto const c = GENERATE(values<Case>({
        {"a name", "Cleo", true},
        {"eighty characters of four bytes and more", [] {
             std::string name;
             for (int i = 0; i < 80; ++i)
                 name += "👩\u200d🔧";
             return name;
         }(), true},
        {"eighty-one characters", std::string(81, 'x'), false},
        {"a number", "12", false},
        {"a number in other digits", "٤٨", false},
        {"looks like an option", "-1", false},
        {"looks like a ticket", "#7", false},
        {"a dash inside", "Ana-Maria", true},
        {"digits and letters", "Agent 7", true},
        {"me", "me", false},
        {"invisible", "\u200b\u2060", false},
        {"two lines", "a\nb", false},
    }));
    INFO(c.label);
    Scene scene;
    auto const added = scene.perform(desk::AddAgent{{c.name, {}, AgentRole::agent}});
    CHECK(added.has_value() == c.fine);
    if (!added)
        CHECK(added.error().fault == Fault::malformed);
}

TEST_CASE("agents: root is nobody's colleague and has a name all the same")
{
    Scene scene;
    auto const root = scene.identify("root", true);
    REQUIRE(root.has_value());
    auto const id = scene.open_ticket("parcel");
    auto const said = scene.perform_as(*root, desk::Reply{test::hash(id), "on its way", {}, ""});
    REQUIRE(said.has_value());
    CHECK(said->author == "administrator");
}

TEST_CASE("tickets: who looks for what is not there is told what that was")
{
    Scene scene;
    auto const missing = scene.perform(desk::ShowTicket{"4821-9376", {}, 10});
    REQUIRE(missing.has_error());
    CHECK(missing.error().fault == Fault::not_found);
    CHECK_THAT(missing.error().detail, Catch::Contains("\"4821-9376\""));
    auto const id = scene.open_ticket("parcel");
    auto const nobody = scene.perform(desk::Assign{test::hash(id), "Nobody Here"});
    REQUIRE(nobody.has_error());
    CHECK_THAT(nobody.error().detail, Catch::Contains("\"Nobody Here\""));
}

TEST_CASE("texts: what nobody can see is no text")
{
    Scene scene;
    auto const id = scene.open_ticket("parcel");
    for (auto const* const text : {"", " \n ", "\u200b", "\u2060\ufeff \u2800"}) {
        CHECK(scene.perform(desk::Reply{test::hash(id), text, {}, ""}).has_error());
        CHECK(scene.perform(desk::Note{test::hash(id), text, ""}).has_error());
    }
    CHECK(scene.outbox().empty());
}
