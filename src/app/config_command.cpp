#include "answers.hpp"
#include "command.hpp"
#include "config.hpp"
#include "terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>

namespace deskbridge::app {
namespace {

using nlohmann::ordered_json;

struct CheckArguments {
    std::string file;
    bool secrets{false};
};

ordered_json shape(Problem const& problem)
{
    return {{"severity", problem.severity == Severity::error ? "error" : "warning"}, {"line", problem.line}, {"key", problem.key},
            {"found", shown_find(problem)}, {"expected", problem.expected}};
}

void print_verdict(std::filesystem::path const& file, std::optional<Config> const& config, Problems const& problems)
{
    ordered_json verdict{{"file", file.string()}, {"good", config.has_value()}, {"problems", ordered_json::array()}};
    for (auto const& problem : problems)
        verdict["problems"].push_back(shape(problem));
    print_line(verdict);
}

int check(Globals const& globals, CheckArguments const& arguments)
{
    auto const file = find_config(arguments.file.empty() ? globals.config : arguments.file);
    Problems problems;
    auto const config = load_config(file, problems, arguments.secrets ? Secrets::resolve : Secrets::leave);
    print(problems);
    if (for_programs(globals))
        print_verdict(file, config, problems);
    else if (config)
        fmt::print("{}: ok, {}{}\n", safe(file.string()), counted(std::ssize(config->accounts), "account", "accounts"),
                   arguments.secrets ? ", secrets readable" : "");
    if (config)
        return exit_ok;
    auto const errors = std::count_if(problems.begin(), problems.end(), [](Problem const& p) { return p.severity == Severity::error; });
    fmt::print(stderr, "{} in {}\n", counted(errors, "error", "errors"), safe(file.string()));
    return exit_usage;
}

} // namespace

void add_config_commands(CLI::App& app, Globals& globals)
{
    auto* config = add_group(app, "config", "check the configuration");
    auto const arguments = std::make_shared<CheckArguments>();
    auto* command = add_command<CheckArguments>(*config, globals,
                                                {"check", "find every error of a configuration file",
                                                 "Run it as the user that runs the daemon. Exit status 0: the daemon would start with it (of what is only warned of, see to it first), 2: not.\n\n"
                                                 "Examples:\n  deskbridge config check deskbridge.toml\n"
                                                 "  deskbridge config check deskbridge.toml --secrets"},
                                                arguments, check);
    command->add_option("file", arguments->file, "the file (default: --config)")->type_name("FILE");
    command->add_flag("--secrets", arguments->secrets, "also read every secret");
}

} // namespace deskbridge::app
