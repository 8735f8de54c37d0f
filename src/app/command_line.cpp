#include "command_line.hpp"

#include "suggest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <iostream>
#include <vector>

namespace deskbridge::app {
namespace {

constexpr auto examples = R"(Examples:
  deskbridge config check deskbridge.toml --secrets
  deskbridge serve --config /etc/deskbridge/deskbridge.toml
  deskbridge ticket ls --status open
  deskbridge ticket reply 1042 -m "It is on its way"

Exit status: 0 ok, 1 failure, 2 usage or configuration, 3 not allowed, 4 not found, 5 conflict, 6 try again later,
7 partly done, 8 outcome unknown.)";

/// Was a subcommand mistyped, and which one was meant? The words are followed down the tree of commands.
std::string meant(CLI::App& app, int argc, char** argv)
{
    CLI::App* at = &app;
    for (int i = 1; i < argc; ++i) {
        std::string_view const word{argv[i]};
        if (word == "--config" || word == "--socket")
            ++i; // its value
        if (word.starts_with('-'))
            continue;
        auto const subs = at->get_subcommands([](CLI::App*) { return true; });
        auto const next = std::find_if(subs.begin(), subs.end(), [&](CLI::App* sub) { return sub->get_name() == word; });
        if (next != subs.end()) {
            at = *next;
            continue;
        }
        std::vector<std::string> known;
        for (auto const* sub : subs)
            known.push_back(sub->get_name());
        auto const found = suggest(word, known);
        return found.empty() ? std::string{} : fmt::format("\"{}\" is no command; did you mean \"{}\"?", word, found);
    }
    return {};
}

/// Did everything reach standard output? A full disk must not look like success.
int flushed(int status)
{
    std::cout.flush();
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0 && std::cout.good())
        return status;
    fmt::print(stderr, "error: standard output could not be written\n");
    return status == exit_ok ? exit_failure : status;
}

int parse(CLI::App& app, int argc, char** argv)
{
    try {
        app.parse(argc, argv);
    } catch (CLI::CallForHelp const& help) {
        app.exit(help);
        return exit_ok;
    } catch (CLI::CallForAllHelp const& help) {
        app.exit(help);
        return exit_ok;
    } catch (CLI::CallForVersion const& version) {
        app.exit(version);
        return exit_ok;
    } catch (CLI::ParseError const& e) {
        auto const guess = meant(app, argc, argv);
        fmt::print(stderr, "error: {}\n", guess.empty() ? e.what() : guess);
        fmt::print(stderr, "fix:   {} --help\n", app.get_name());
        return exit_usage;
    }
    return -1;
}

} // namespace

std::string_view program_version() noexcept
{
    return DESKBRIDGE_VERSION;
}

int run_command_line(int argc, char** argv)
{
    CLI::App app{"Deskbridge turns chat into tickets: one daemon, one database file.", "deskbridge"};
    Globals globals;
    app.fallthrough();
    app.require_subcommand(1);
    app.footer(examples);
    app.set_version_flag("--version", std::string{program_version()});
    app.add_option("--config", globals.config, "configuration file (also: DESKBRIDGE_CONFIG)")->type_name("FILE");
    app.add_option("--socket", globals.socket, "control socket of the daemon (default: from the configuration)")->type_name("PATH");
    app.add_flag("--json", globals.json, "one JSON object per line, also on a terminal");
    app.add_flag("--no-color", globals.no_color, "no colour (also: NO_COLOR)");
    add_serve_command(app, globals);
    add_config_commands(app, globals);
    add_agent_commands(app, globals);
    add_db_commands(app, globals);
    add_ticket_commands(app, globals);
    add_outbox_commands(app, globals);
    add_shelf_commands(app, globals);
    add_replay_command(app, globals);
    add_simulate_command(app, globals);
    if (int const status = parse(app, argc, argv); status >= 0)
        return flushed(status);
    try {
        return flushed(globals.run());
    } catch (WrongUsage const& e) {
        fmt::print(stderr, "error: {}\n", e.what());
        return exit_usage;
    } catch (std::exception const& e) {
        fmt::print(stderr, "error: {}\n", e.what());
        return exit_failure;
    }
}

} // namespace deskbridge::app
