#include "command.hpp"

#include "forked.hpp"
#include "support/scratch_folder.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <array>
#include <filesystem>
#include <sstream>

#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

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
        {"no such command", {{"foo"}}, app::exit_usage, "\"foo\" is no command\nfix:   deskbridge --help\n"},
        {"no such command of a group", {{"ticket", "frobnicate"}}, app::exit_usage,
         "\"frobnicate\" is no command of deskbridge ticket\nfix:   deskbridge ticket --help\n"},
        {"no command", {{}}, app::exit_usage, "deskbridge what? serve, config, "},
        {"no command of a group", {{"db"}}, app::exit_usage, "deskbridge db what? backup, check, restore\nfix:   deskbridge db --help\n"},
        {"a mistyped option", {{"ticket", "ls", "--statsu", "open"}}, app::exit_usage,
         "--statsu is no option of deskbridge ticket ls; did you mean \"--status\"?\nfix:   deskbridge ticket ls --help\n"},
        {"a text without its option", {{"ticket", "reply", "1", "hello"}}, app::exit_usage, "hello; the text goes behind -m\n"},
        {"an option too few", {{"ticket", "attachment", "save", "7"}}, app::exit_usage, "\nfix:   deskbridge ticket attachment save --help\n"},
        {"a file that is there", {{"ticket", "attachment", "save", "7", "1", "/etc/passwd", "--socket", "/nowhere.sock"}}, app::exit_conflict,
         "/etc/passwd is there already\nfix:   name another file, or use --force\n"},
        {"no number", {{"outbox", "show", "abc"}}, app::exit_usage, "\"abc\" is no number of a message; deskbridge outbox ls tells it"},
        {"too large a number", {{"shelf", "show", "99999999999999999999"}}, app::exit_usage, "is no number of an entry; deskbridge shelf ls"},
        {"a part of no number", {{"outbox", "show", "81+x"}}, app::exit_usage, "\"81+x\" is no number of a message"},
        {"a part of a message, as outbox ls tells it", {{"outbox", "show", "81+1", "--socket", "/nowhere.sock"}}, app::exit_temporary, "/nowhere.sock"},
        {"a long path of a socket", {{"ticket", "ls", "--socket", "/" + std::string(200, 's')}}, app::exit_usage, "path is too long"},
        {"no text", {{"ticket", "note", "1", "-m", "", "--socket", "/nowhere.sock"}}, app::exit_usage, "the text of -m: there is nothing to read"},
        {"an empty summary", {{"ticket", "solve", "1", "-m", "", "--socket", "/nowhere.sock"}}, app::exit_usage, "the text of -m: "},
        {"a ticket without a name", {{"ticket", "show", "", "--socket", "/nowhere.sock"}}, app::exit_usage, "which one?"},
        {"a backup without a name", {{"db", "backup", "", "--socket", "/nowhere.sock"}}, app::exit_usage, "to which file?"},
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
        {"an empty span", {{"replay", "--since", "2h", "--until", "3h", "--socket", "/nowhere.sock"}}, app::exit_usage, "is not before --until "},
        {"a span without length", {{"replay", "--since", "2026-11-21", "--until", "2026-11-21 00:00", "--socket", "/nowhere.sock"}},
         app::exit_usage, "is not before --until "},
        {"no status", {{"ticket", "ls", "--status", "", "--socket", "/nowhere.sock"}}, app::exit_usage,
         "\"\" names nothing; expected new, open, pending, on_hold, solved, closed or live"},
        {"a comma alone", {{"ticket", "ls", "--status", ",", "--socket", "/nowhere.sock"}}, app::exit_usage, "\",\" names nothing"},
        {"no assignee", {{"ticket", "ls", "--assignee", "", "--socket", "/nowhere.sock"}}, app::exit_usage, "expected me, none, or an agent's name"},
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

TEST_CASE("command line: what was given is repeated, and steers no terminal")
{
    auto const words = GENERATE(values<std::vector<std::string>>({
        {"ticket", "ls", "--socket", "/no\x1b[2Jwhere\u009b2J.sock"},
        {"ticket", "ls", "--socket", "/\x1b]0;" + std::string(200, 's')},
        {"ticket", "ls", "--config", "/no\x1b[2Jwhere.toml"},
        {"ticket", "\x1b[2Jls"},
        {"ticket", "ls", "--\x1b[2J"},
        {"ticket", "attachment", "save", "7", "1", "/proc/\x1b[2J/x", "--socket", "/no\x1b[2Jwhere.sock"},
        {"ticket", "reply", "1", "-m", "x", "--file", "/\x1b[2J", "--socket", "/nowhere.sock"},
        {"config", "check", "/no\x1b[2Jwhere.toml"},
        {"db", "check", "/no\x1b[2Jwhere.db"},
        {"outbox", "show", "\x1b[2J"},
    }));
    INFO(words.back());
    auto const ran = run({words});
    CHECK(ran.status != app::exit_ok);
    CHECK_THAT(ran.said, Catch::StartsWith("error: ") && !Catch::Contains("\x1b") && !Catch::Contains("\u009b"));
    CHECK(ran.told.find('\x1b') == std::string::npos);
}

TEST_CASE("command line: what answers and is not Deskbridge is no success")
{
    test::ScratchFolder const folder;
    auto const path = (folder.path() / "s").string();
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof(address.sun_path) - 1);
    int const listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    REQUIRE(::bind(listener, reinterpret_cast<sockaddr const*>(&address), sizeof(address)) == 0);
    REQUIRE(::listen(listener, 1) == 0);
    auto const other = ::fork();
    if (other == 0) {
        constexpr std::string_view hello = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
        int const client = ::accept(listener, nullptr, nullptr);
        std::array<char, 4096> asked{};
        bool const heard = ::read(client, asked.data(), asked.size()) > 0;
        ::_exit(heard && ::write(client, hello.data(), hello.size()) == static_cast<ssize_t>(hello.size()) ? 0 : 1);
    }
    auto const ran = run({{"ticket", "reply", "1", "-m", "x", "--socket", path}});
    ::waitpid(other, nullptr, 0);
    ::close(listener);
    CHECK(ran.status == app::exit_failure);
    CHECK(ran.told.empty());
    CHECK_THAT(ran.said, Catch::Contains("what answers at " + path + " is not Deskbridge"));
}

namespace {

/// Every command that does something, below `app`.
void leaves_of(CLI::App& app, std::vector<CLI::App*>& leaves)
{
    auto const below = app.get_subcommands([](CLI::App*) { return true; });
    if (below.empty())
        leaves.push_back(&app);
    for (auto* command : below)
        leaves_of(*command, leaves);
}

/// The examples of a help page that begin with "deskbridge", without what a shell does with them.
std::vector<std::string> examples_of(std::string const& page)
{
    std::vector<std::string> examples;
    std::istringstream lines{page};
    for (std::string line; std::getline(lines, line);) {
        while (line.ends_with('\\')) {
            line.pop_back();
            std::string rest;
            std::getline(lines, rest);
            line += rest;
        }
        if (line.starts_with("  deskbridge "))
            examples.push_back(line.substr(2, line.find_first_of("|<#") - 2));
    }
    return examples;
}

} // namespace

TEST_CASE("command line: every command's help has an example of its own that can be typed as it stands")
{
    app::Globals globals;
    CLI::App app{"", "deskbridge"};
    app::add_commands(app, globals);
    std::vector<CLI::App*> leaves;
    leaves_of(app, leaves);
    CHECK(leaves.size() > 30);
    for (auto* leaf : leaves) {
        auto const name = app::full_name(*leaf);
        INFO(name);
        auto const examples = examples_of(leaf->get_footer());
        CHECK_FALSE(examples.empty());
        for (auto const& example : examples) {
            INFO(example);
            CHECK(example.starts_with(name));
            CHECK_NOTHROW(app.parse(example.substr(std::string{"deskbridge"}.size())));
        }
    }
}

TEST_CASE("command line: help")
{
    struct Case {
        std::string label;
        std::vector<std::string> words;
        std::string told;
    };
    auto const c = GENERATE(values<Case>({
        {"of everything: examples", {"--help"}, "deskbridge ticket reply 1042 -m"},
        {"of everything: exit statuses", {"--help"}, "8 outcome unknown"},
        {"of the daemon: its exit statuses", {"serve", "--help"}, "70 the disk or the file system failed the database"},
        {"of a command: the options of all", {"ticket", "reply", "--help"}, "--socket PATH"},
        {"of a group: its commands", {"outbox", "--help"}, "resolve"},
    }));
    INFO(c.label);
    auto const ran = run({c.words});
    CHECK(ran.status == app::exit_ok);
    CHECK_THAT(ran.told, Catch::Contains(c.told));
    bool const whole = c.words.front() == "--help";
    CHECK((ran.told.find("Exit status: 0 ok") != std::string::npos) == whole);
}

TEST_CASE("config check: what the unit makes at its first start is no mistake before it, and a pipe gets one object")
{
    test::ScratchFolder const folder;
    std::filesystem::permissions(folder.path(), std::filesystem::perms{0755});
    auto const config = folder.write("d.toml", R"([server]
listen = "127.0.0.1:0"
public_url = "https://desk.example.org"
socket = "/run/deskbridge-test/control.sock"
[store]
path = "/var/lib/deskbridge-test/deskbridge.db"
[[account]]
name = "support"
channel = "whatsapp"
phone_number_id = "700100200300400"
app_secret = { file = "secret" }
access_token = { file = "secret" }
verify_token = { file = "secret" }
)");
    std::filesystem::permissions(config, std::filesystem::perms{0644});
    Given given{{"config", "check", config.string()}};
    given.as_nobody = true;
    auto const ran = run(given);
    INFO(ran.said);
    CHECK(ran.status == app::exit_ok);
    CHECK_THAT(ran.said, Catch::Contains("the systemd unit makes it at the start (StateDirectory=)") && !Catch::Contains("may not write"));
    auto const told = nlohmann::json::parse(ran.told);
    CHECK(told.at("good") == true);
    CHECK(told.at("problems").size() == 2);
}
