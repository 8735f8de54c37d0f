#include "machine.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace deskbridge;
using nlohmann::json;
using test::Machine;

namespace {

std::string word(MessageId message)
{
    return std::to_string(message.value);
}

} // namespace

TEST_CASE("operations: an operator at the command line looks at the outbox and acts on it")
{
    Machine machine;
    auto const list = machine.told({"outbox", "ls"});
    REQUIRE(list.size() == 2);
    CHECK(list[0].at("message") == machine.waiting.value);
    CHECK(list[1].at("delivery") == "unknown");
    CHECK(machine.told({"outbox", "ls", "--state", "dead"}).at(0).at("message") == machine.refused.value);
    CHECK(machine.told({"outbox", "ls", "--state", "all", "--account", "support", "--limit", "3"}).size() == 3);
    CHECK(machine.run({"outbox", "ls", "--state", "lost"}).status == app::exit_usage);

    auto const shown = machine.told({"outbox", "show", word(machine.waiting)}).at(0);
    CHECK_THAT(shown.at("parts").at(0).at("stands").get<std::string>(), Catch::Contains("account support is paused since"));
    CHECK(machine.run({"outbox", "show", "9999"}).status == app::exit_not_found);

    auto const late = machine.run({"outbox", "cancel", word(machine.accepted)});
    CHECK(late.status == app::exit_conflict);
    CHECK_THAT(late.said, Catch::Contains("message " + word(machine.accepted) + " was accepted at ") && Catch::Contains("; nothing to cancel"));

    auto const twice = machine.run({"outbox", "retry", word(machine.doubtful)});
    CHECK(twice.status == app::exit_unknown);
    CHECK_THAT(twice.said, Catch::Contains("outbox resolve") && Catch::Contains("--confirm-duplicate"));
    CHECK(machine.told({"outbox", "resolve", word(machine.doubtful), "--sent"}).at(0).at("delivery") == "accepted");
    CHECK(machine.told({"outbox", "retry", word(machine.refused)}).at(0).at("delivery") == "queued");
    auto const both = machine.run({"outbox", "cancel", word(machine.waiting), word(machine.accepted)});
    CHECK(both.status == app::exit_partly);
    CHECK(machine.told({"outbox", "show", word(machine.waiting)}).at(0).at("delivery") == "cancelled");
}

TEST_CASE("operations: whom nobody knows is not found")
{
    Machine machine;
    for (auto const& words : {std::vector<std::string>{"agent", "change", "nosuch", "--role", "agent"}, {"agent", "disable", "nosuch"}}) {
        auto const ran = machine.run(words);
        CHECK(ran.status == app::exit_not_found);
        CHECK_THAT(ran.said, Catch::StartsWith("error: no agent is called \"nosuch\"\nfix:   deskbridge agent ls"));
    }
}

TEST_CASE("operations: contacts are listed, searched for and looked at at the command line")
{
    Machine machine;
    auto const all = machine.told({"contact", "ls"});
    REQUIRE(all.size() == 1);
    CHECK(all[0].at("name") == "Maria");
    CHECK(machine.told({"contact", "ls", "--search", "MAR"}).size() == 1);
    CHECK(machine.told({"contact", "ls", "--search", "nobody", "--all"}).empty());
    CHECK(machine.told({"contact", "show", all[0].at("id").dump()}).at(0).at("marketing").empty());
    CHECK(machine.run({"contact", "show", "9999"}).status == app::exit_not_found);
    CHECK(machine.run({"contact", "ls", "--serach", "x"}).status == app::exit_usage);
}

TEST_CASE("operations: a pause outlives the daemon, and ends when somebody says so")
{
    Machine machine;
    auto const again = machine.run({"outbox", "pause", "support", "--reason", "more"});
    CHECK(again.status == app::exit_conflict);
    CHECK_THAT(again.said, Catch::Contains("is paused already since") && Catch::Contains("incident 4711"));
    CHECK(machine.stop() == 0);
    machine.start();
    CHECK(machine.run({"outbox", "pause", "support", "--reason", "more"}).status == app::exit_conflict);
    CHECK(machine.told({"outbox", "resume", "support"}).at(0).at("paused").is_null());
    CHECK(machine.run({"outbox", "resume", "support"}).status == app::exit_conflict);
    CHECK(machine.run({"outbox", "resume", "sales"}).status == app::exit_not_found);
}

TEST_CASE("operations: the shelf is looked at, tried, replayed and cleared at the command line")
{
    Machine machine;
    CHECK(machine.told({"shelf", "ls"}).size() == 2);
    CHECK(machine.told({"shelf", "show", "1"}).at(0).at("detail") == "not understood then");
    CHECK_THAT(machine.told({"shelf", "show", "1", "--body"}).at(0).at("body").get<std::string>(), Catch::Contains("hello"));

    auto const dry = machine.told({"shelf", "replay", "1", "--dry-run"}).at(0);
    CHECK(dry.at("applied") == 1);
    CHECK(machine.told({"shelf", "ls"}).size() == 2);
    CHECK(machine.told({"ticket", "ls"}).size() == 1);

    auto const all = machine.run({"shelf", "replay", "--all"});
    CHECK(all.status == app::exit_partly); // nobody can read the other one
    CHECK(machine.lines(all.told).size() == 2);
    CHECK_THAT(all.said, Catch::Contains("2 bodies: 1 event took effect"));
    CHECK(machine.told({"ticket", "ls"}).size() == 2);
    CHECK(machine.told({"shelf", "drop", "2", "--reason", "a test"}).at(0).at("resolution") == "dropped");
    CHECK(machine.told({"shelf", "ls"}).empty());
    CHECK(machine.told({"shelf", "ls", "--resolved"}).size() == 2);
    CHECK(machine.run({"shelf", "replay", "1"}).status == app::exit_conflict);
}

TEST_CASE("operations: bodies are replayed by account, time and number, and nothing happens twice")
{
    Machine machine;
    auto const dry = machine.run({"replay", "--account", "support", "--since", "1h", "--dry-run"});
    CHECK(dry.status == app::exit_partly);
    CHECK_THAT(dry.said, Catch::Contains("each tried by itself and undone: 1 event would take effect"));
    CHECK(machine.told({"ticket", "ls"}).size() == 1);
    CHECK(machine.told({"replay", "--journal", "1"}).at(0).at("applied") == 1);
    auto const again = machine.told({"replay", "--journal", "1"}).at(0);
    CHECK(again.at("known") == 1);
    CHECK(again.at("changes").empty());
    CHECK(machine.told({"ticket", "ls"}).size() == 2);
    CHECK(machine.told({"replay", "--all", "--until", "1h"}).empty());
    CHECK(machine.run({"replay", "--journal", "99"}).status == app::exit_not_found);
}

TEST_CASE("operations: accounts are listed, messages moved and put back, agents sent away, backups named wrongly")
{
    Machine machine;
    CHECK(machine.told({"account", "ls"}).at(0).at("paused").at("reason") == "incident 4711");
    CHECK(machine.told({"ticket", "show", "#1"}).at(0).at("number") == 1);
    auto const there = machine.run({"ticket", "move", word(machine.accepted), "#1"});
    CHECK(there.status == app::exit_conflict);
    CHECK(there.said == "error: the message is there already\n");
    CHECK(machine.run({"ticket", "undo", word(machine.accepted)}).status == app::exit_conflict);
    auto const apart = machine.told({"ticket", "split", "#1", word(machine.accepted), word(machine.refused)}).at(0);
    CHECK(apart.at("number") != 1);
    CHECK(machine.told({"ticket", "undo", word(machine.accepted)}).at(0).at("placements").back().at("rule") == "undo");
    CHECK(machine.run({"ticket", "split", "#1"}).status == app::exit_usage);
    CHECK(machine.told({"agent", "add", "Ana Prado"}).at(0).at("disabled_at").is_null());
    CHECK_FALSE(machine.told({"agent", "disable", "Ana Prado"}).at(0).at("disabled_at").is_null());
    CHECK_THAT(machine.run({"agent", "disable", "Rui"}).said, Catch::Contains("fix:   deskbridge agent ls"));

    auto const backup = machine.run({"db", "backup", (machine.folder.path() / "none" / "monday.db").string()});
    CHECK(backup.status == app::exit_usage);
    CHECK_THAT(backup.said, Catch::Contains("the daemon sees no directory") && Catch::Contains("\nfix:   name a file in a folder"));
    CHECK_THAT(machine.run({"outbox", "pause", "support", "--reason", ""}).said, Catch::StartsWith("error: ") && !Catch::Contains("/reason"));
    // What was done and could not be told is not to be done again.
    auto const ran = test::run({{"ticket", "note", "1", "-m", "called", "--socket", machine.socket}, "", "/dev/full"});
    CHECK(ran.status == app::exit_partly);
    CHECK_THAT(ran.said, Catch::Contains("what was to be done is done"));
    CHECK(machine.told({"ticket", "show", "1"}).at(0).at("timeline").back().at("text") == "called");
}
