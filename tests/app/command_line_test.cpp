#include "command_line.hpp"

#include "forked.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using test::Given;
using test::run;

TEST_CASE("command line: what is wrong is said, and how it ends")
{
    struct Case {
        std::string label;
        Given given;
        int status;
        std::string said;
    };
    auto const c = GENERATE(values<Case>({
        {"a mistyped command", {{"tikcet", "ls"}}, app::exit_usage, "did you mean \"ticket\"?"},
        {"a mistyped subcommand", {{"ticket", "sovle", "7"}}, app::exit_usage, "did you mean \"solve\"?"},
        {"behind an option with a value", {{"--config", "ticket", "agent", "ad", "Ana"}}, app::exit_usage, "did you mean \"add\"?"},
        {"no configuration", {{"ticket", "ls", "--config", "/nowhere.toml"}}, app::exit_usage, "/nowhere.toml"},
        {"the same of serve", {{"serve", "--config", "/nowhere.toml"}}, app::exit_usage, "/nowhere.toml"},
        {"nobody listens", {{"ticket", "ls", "--socket", "/nowhere.sock"}}, app::exit_temporary, "/nowhere.sock"},
        {"nobody to follow", {{"ticket", "watch", "--socket", "/nowhere.sock"}}, app::exit_temporary, "/nowhere.sock"},
        {"a full disk", {{"--help"}, "", "/dev/full"}, app::exit_failure, "standard output"},
        {"quoting nothing", {{"ticket", "reply", "1", "-m", "x", "--quote", "0"}}, app::exit_usage, "--quote"},
        {"Latin-1", {{"ticket", "reply", "1", "--socket", "/nowhere.sock"}, "caf\xe9\n"}, app::exit_usage, "byte 4 (0xE9)"},
        {"Latin-1 in an argument", {{"ticket", "note", "1", "-m", "caf\xe9", "--socket", "/nowhere.sock"}}, app::exit_usage, "byte 4"},
        {"NUL", {{"ticket", "note", "1", "--socket", "/nowhere.sock"}, std::string{"a\0b", 3}}, app::exit_usage, "byte 2 is NUL"},
        {"nothing to read", {{"ticket", "reply", "1", "--socket", "/nowhere.sock"}, "\u200b \n"}, app::exit_usage, "nothing to read"},
        {"nothing is true", {{"outbox", "resolve", "7", "--socket", "/nowhere.sock"}}, app::exit_usage, "--not-sent"},
        {"two things are true", {{"outbox", "resolve", "7", "--sent", "--resend", "--socket", "/nowhere.sock"}}, app::exit_usage, "excludes"},
        {"no message", {{"outbox", "cancel", "--socket", "/nowhere.sock"}}, app::exit_usage, "message"},
        {"a pause without a reason", {{"outbox", "pause", "support", "--socket", "/nowhere.sock"}}, app::exit_usage, "--reason"},
        {"replay nothing", {{"replay", "--socket", "/nowhere.sock"}}, app::exit_usage, "replay what?"},
        {"no time", {{"replay", "--since", "tuesday", "--socket", "/nowhere.sock"}}, app::exit_usage, "\"tuesday\" is no moment"},
        {"a time", {{"replay", "--since", "2026-11-21 14:03", "--socket", "/nowhere.sock"}}, app::exit_temporary, "/nowhere.sock"},
        {"how long ago", {{"replay", "--since", "3d", "--socket", "/nowhere.sock"}}, app::exit_temporary, "/nowhere.sock"},
        {"nothing of the shelf", {{"shelf", "replay", "--socket", "/nowhere.sock"}}, app::exit_usage, "replay what?"},
        {"dropped for no reason", {{"shelf", "drop", "1", "--socket", "/nowhere.sock"}}, app::exit_usage, "--reason"},
        {"a good text", {{"ticket", "reply", "1", "--socket", "/nowhere.sock"}, "caf\u00e9\n"}, app::exit_temporary, "/nowhere.sock"},
    }));
    INFO(c.label);
    auto const ran = run(c.given);
    CHECK(ran.status == c.status);
    CHECK_THAT(ran.said, Catch::Contains(c.said));
    CHECK_THAT(ran.said, Catch::StartsWith("error: "));
}
