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
