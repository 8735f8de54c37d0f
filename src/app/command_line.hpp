#pragma once

#include <CLI/CLI.hpp>

#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace deskbridge::app {

/// Exit statuses of every command.
enum Exit : int {
    exit_ok = 0,
    exit_failure = 1,
    exit_usage = 2, ///< also a wrong configuration: the unit does not restart on it
    exit_forbidden = 3,
    exit_not_found = 4,
    exit_conflict = 5,
    exit_temporary = 6,
    exit_partly = 7,
    exit_unknown = 8, ///< the outcome is unknown
};

/// The command cannot even begin as it was given; ends it with exit_usage.
struct WrongUsage : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// What every command takes, before or after its name.
struct Globals {
    std::string config;        ///< --config FILE, else DESKBRIDGE_CONFIG, …
    std::string socket;        ///< --socket PATH, else from the configuration
    bool json{false};          ///< --json: one object per line, also on a terminal
    bool no_color{false};
    std::function<int()> run;  ///< set by the command that was chosen
};

void add_serve_command(CLI::App& app, Globals& globals);
void add_simulate_command(CLI::App& app, Globals& globals);
void add_config_commands(CLI::App& app, Globals& globals);
void add_account_commands(CLI::App& app, Globals& globals);
void add_contact_commands(CLI::App& app, Globals& globals);
void add_health_commands(CLI::App& account, Globals& globals);
void add_pausing_commands(CLI::App& group, Globals& globals); ///< of an account; below `account` and `outbox`
void add_agent_commands(CLI::App& app, Globals& globals);
void add_db_commands(CLI::App& app, Globals& globals);
void add_ticket_commands(CLI::App& app, Globals& globals);
void add_attachment_commands(CLI::App& ticket, Globals& globals);
void add_split_command(CLI::App& ticket, Globals& globals);
void add_template_commands(CLI::App& app, Globals& globals);
void add_ticket_template_command(CLI::App& ticket, Globals& globals);
void add_outbox_commands(CLI::App& app, Globals& globals);
void add_shelf_commands(CLI::App& app, Globals& globals);
void add_replay_command(CLI::App& app, Globals& globals);

[[nodiscard]] std::string_view program_version() noexcept;

/// The whole program: parses, runs, answers the exit status.
int run_command_line(int argc, char** argv);

} // namespace deskbridge::app
