#include "usage.hpp"

#include "command.hpp"
#include "suggest.hpp"
#include "terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <optional>
#include <string_view>
#include <vector>

namespace deskbridge::app {
namespace {

std::vector<CLI::App*> commands_below(CLI::App& app)
{
    return app.get_subcommands([](CLI::App*) { return true; });
}

std::vector<std::string> names_of(std::vector<CLI::App*> const& commands)
{
    std::vector<std::string> names;
    for (auto const* command : commands)
        names.push_back(command->get_name());
    return names;
}

/// How far the words lead down the tree of commands.
struct Reached {
    CLI::App* command;
    std::optional<std::string> unknown{}; ///< the word at which it ended
};

Reached follow(CLI::App& app, int argc, char** argv)
{
    CLI::App* at = &app;
    for (int i = 1; i < argc; ++i) {
        std::string const word{argv[i]};
        if (word == "--config" || word == "--socket")
            ++i; // its value
        if (word.starts_with('-'))
            continue;
        auto const below = commands_below(*at);
        if (below.empty())
            break;
        auto const next = std::find_if(below.begin(), below.end(), [&](CLI::App* command) { return command->get_name() == word; });
        if (next == below.end())
            return {at, word};
        at = *next;
    }
    return {at};
}

std::string did_you_mean(std::string_view word, std::vector<std::string> const& known)
{
    auto const found = suggest(word, known);
    return found.empty() ? std::string{} : fmt::format("; did you mean \"{}\"?", found);
}

/// The first of the words that looks like an option and is none of `command`'s.
std::optional<std::string> unknown_option(CLI::App& app, CLI::App& command, int argc, char** argv)
{
    auto const known = [&](std::string const& name) { return command.get_option_no_throw(name) || app.get_option_no_throw(name); };
    for (int i = 1; i < argc; ++i) {
        std::string const word{argv[i]};
        auto const name = word.substr(0, word.find('='));
        if (word.starts_with("--") && word.size() > 2 && !known(name))
            return name;
    }
    return std::nullopt;
}

std::vector<std::string> options_of(CLI::App& app, CLI::App& command)
{
    std::vector<std::string> names;
    for (auto const* of : {&command, &app})
        for (auto const* option : of->get_options())
            for (auto const& name : option->get_lnames())
                names.push_back("--" + name);
    return names;
}

std::string cause(CLI::App& app, Reached const& reached, CLI::ParseError const& error, std::pair<int, char**> words)
{
    auto& command = *reached.command;
    auto const below = names_of(commands_below(command));
    if (reached.unknown)
        return fmt::format("\"{}\" is no command{}{}", *reached.unknown, command.get_parent() ? " of " + full_name(command) : "",
                           did_you_mean(*reached.unknown, below));
    if (dynamic_cast<CLI::ExtrasError const*>(&error) != nullptr) { // its name may be the command's
        if (auto const option = unknown_option(app, command, words.first, words.second))
            return fmt::format("{} is no option of {}{}", *option, full_name(command), did_you_mean(*option, options_of(app, command)));
        if (command.get_option_no_throw("--message"))
            return std::string{error.what()} + "; the text goes behind -m";
    }
    if (!below.empty() && error.get_name() == "RequiredError")
        return fmt::format("{} what? {}", full_name(command), fmt::join(below, ", "));
    return error.what();
}

} // namespace

std::string HelpPage::make_footer(CLI::App const* app) const
{
    auto const footer = Formatter::make_footer(app);
    auto const* root = app;
    while (root->get_parent())
        root = root->get_parent();
    if (root == app)
        return footer;
    auto const everywhere = root->get_options([](CLI::Option const* option) {
        return option->nonpositional() && !option->check_name("--help") && !option->check_name("--version");
    });
    auto const options = make_group("Options of every command", false, everywhere).substr(1); // an empty line is above it already
    return options + (footer.empty() ? "" : "\n" + footer);
}

int explain_usage(CLI::App& app, CLI::ParseError const& error, int argc, char** argv)
{
    auto const reached = follow(app, argc, argv);
    fmt::print(stderr, "error: {}\n", safe(cause(app, reached, error, {argc, argv}), false));
    fmt::print(stderr, "fix:   {} --help\n", full_name(*reached.command));
    return exit_usage;
}

} // namespace deskbridge::app
