#include "command_line.hpp"

#include "command.hpp"
#include "usage.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <iostream>
#include <memory>

namespace deskbridge::app {
namespace {

constexpr auto examples = R"(Examples:
  deskbridge config check deskbridge.toml --secrets
  deskbridge serve --config /etc/deskbridge/deskbridge.toml
  deskbridge ticket ls --status open
  deskbridge ticket reply 1042 -m "It is on its way"

Exit status: 0 ok, 1 failure, 2 usage or configuration, 3 not allowed, 4 not found, 5 conflict, 6 try again later,
7 partly done, 8 outcome unknown. The daemon (serve): 0 stopped by a signal, 70 the disk failed it, else as above.)";

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
        return explain_usage(app, e, argc, argv);
    }
    return -1;
}

} // namespace

std::string_view program_version() noexcept
{
    return DESKBRIDGE_VERSION;
}

void add_commands(CLI::App& app, Globals& globals)
{
    app.fallthrough();
    app.require_subcommand(1);
    app.formatter(std::make_shared<HelpPage>());
    app.set_version_flag("--version", std::string{program_version()});
    app.add_option("--config", globals.config,
                   "configuration file (default: DESKBRIDGE_CONFIG, ./deskbridge.toml, /etc/deskbridge/deskbridge.toml)")
        ->type_name("FILE");
    app.add_option("--socket", globals.socket, "control socket of the daemon (default: from the configuration)")->type_name("PATH");
    app.add_flag("--json", globals.json, "one JSON object per line, as in a pipe, also on a terminal");
    app.add_flag("--no-color", globals.no_color, "no colour (also: NO_COLOR)");
    add_serve_command(app, globals);
    add_config_commands(app, globals);
    add_account_commands(app, globals);
    add_agent_commands(app, globals);
    add_db_commands(app, globals);
    add_ticket_commands(app, globals);
    add_outbox_commands(app, globals);
    add_shelf_commands(app, globals);
    add_replay_command(app, globals);
    add_simulate_command(app, globals);
    app.footer(examples); // last: what is added takes over the footer that is there
}

int run_command_line(int argc, char** argv)
{
    CLI::App app{"Deskbridge turns chat into tickets: one daemon, one database file.", "deskbridge"};
    Globals globals;
    add_commands(app, globals);
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
