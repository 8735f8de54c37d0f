#include "command_line.hpp"

#include "command.hpp"
#include "terminal.hpp"
#include "usage.hpp"

#include <cstdio>
#include <exception>
#include <iostream>
#include <memory>
#include <string>

#include <fcntl.h>
#include <unistd.h>

namespace deskbridge::app {
namespace {

constexpr auto examples = R"(Examples:
  deskbridge config check deskbridge.toml --secrets
  deskbridge serve --config /etc/deskbridge/deskbridge.toml
  deskbridge ticket ls --status open
  deskbridge ticket reply 1042 -m "It is on its way"

Exit status: 0 ok, 1 failure, 2 usage or configuration, 3 not allowed, 4 not found, 5 conflict, 6 try again later,
7 partly done, 8 outcome unknown. The daemon (serve): 0 stopped by a signal, 70 the disk failed it, else as above.)";

/// A closed stream's number would go to the first file or socket, and what is printed would be written into that.
void keep_streams_open() noexcept
{
    for (int const stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (::fcntl(stream, F_GETFD) < 0)
            (void)::open("/dev/null", O_RDWR);
}

/// Also where standard error cannot be written, which is no reason to abort. What was given is repeated, but steers no terminal.
int failed(int status, std::string const& why) noexcept
{
    (void)std::fputs(("error: " + safe(why, false) + "\n").c_str(), stderr);
    return status;
}

/// What a command did is done, also when nobody could be told: whoever repeats it would do it twice.
int untold(int status) noexcept
{
    return failed(status, status == exit_partly ? "standard output could not be written; what was to be done is done"
                                                : "standard output could not be written");
}

/// Did everything reach standard output? A full disk must not look like success.
int flushed(int status, int otherwise)
{
    std::cout.flush();
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0 && std::cout.good())
        return status;
    return untold(status == exit_ok ? otherwise : status);
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
    add_contact_commands(app, globals);
    add_agent_commands(app, globals);
    add_db_commands(app, globals);
    add_ticket_commands(app, globals);
    add_outbox_commands(app, globals);
    add_shelf_commands(app, globals);
    add_template_commands(app, globals);
    add_replay_command(app, globals);
    add_simulate_command(app, globals);
    app.footer(examples); // last: what is added takes over the footer that is there
}

int run_command_line(int argc, char** argv)
{
    keep_streams_open();
    CLI::App app{"Deskbridge turns chat into tickets: one daemon, one database file.", "deskbridge"};
    Globals globals;
    add_commands(app, globals);
    if (int const status = parse(app, argc, argv); status >= 0)
        return flushed(status, exit_failure);
    try {
        return flushed(globals.run(), exit_partly);
    } catch (WrongUsage const& e) {
        return failed(exit_usage, e.what());
    } catch (std::exception const& e) {
        return std::ferror(stdout) != 0 ? untold(exit_partly) : failed(exit_failure, e.what());
    }
}

} // namespace deskbridge::app
