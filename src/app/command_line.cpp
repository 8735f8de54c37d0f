#include "command_line.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <iostream>

namespace deskbridge::app {
namespace {

constexpr auto examples = R"(Examples:
  deskbridge config check deskbridge.toml --secrets
  deskbridge serve --config /etc/deskbridge/deskbridge.toml
  deskbridge ticket ls --status open
  deskbridge ticket reply 1042 -m "It is on its way"

Exit status: 0 ok, 1 failure, 2 usage or configuration, 3 not allowed, 4 not found, 5 conflict, 6 try again later,
7 partly done, 8 outcome unknown.)";

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
        fmt::print(stderr, "error: {}\n", e.what());
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
    add_ticket_commands(app, globals);
    add_simulate_command(app, globals);
    if (int const status = parse(app, argc, argv); status >= 0)
        return status;
    try {
        return globals.run();
    } catch (std::exception const& e) {
        fmt::print(stderr, "error: {}\n", e.what());
        return exit_failure;
    }
}

} // namespace deskbridge::app
