#include "command_line.hpp"
#include "config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace deskbridge::app {
namespace {

int check(std::filesystem::path const& file, bool secrets)
{
    Problems problems;
    auto const config = load_config(file, problems, secrets ? Secrets::resolve : Secrets::leave);
    print(problems);
    if (!config) {
        auto const errors = std::count_if(problems.begin(), problems.end(), [](Problem const& p) { return p.severity == Severity::error; });
        fmt::print(stderr, "{} {} in {}\n", errors, errors == 1 ? "error" : "errors", file.string());
        return exit_usage;
    }
    fmt::print("{}: ok, {} {}{}\n", file.string(), config->accounts.size(), config->accounts.size() == 1 ? "account" : "accounts",
               secrets ? ", secrets readable" : "");
    return exit_ok;
}

} // namespace

void add_config_commands(CLI::App& app, Globals& globals)
{
    auto* config = app.add_subcommand("config", "check the configuration");
    config->require_subcommand(1);
    auto* command = config->add_subcommand("check", "find every error of a configuration file");
    command->footer("Examples:\n  deskbridge config check deskbridge.toml\n  deskbridge config check deskbridge.toml --secrets");
    auto file = std::make_shared<std::string>();
    auto secrets = std::make_shared<bool>(false);
    command->add_option("file", *file, "the file (default: --config)")->type_name("FILE");
    command->add_flag("--secrets", *secrets, "also read every secret");
    command->callback([&globals, file, secrets] {
        globals.run = [&globals, file, secrets] { return check(find_config(file->empty() ? globals.config : *file), *secrets); };
    });
}

} // namespace deskbridge::app
