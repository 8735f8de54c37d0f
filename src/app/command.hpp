#pragma once

#include "command_line.hpp"

#include <functional>
#include <memory>
#include <string>
#include <utility>

/// How commands are declared: each with a line that says what it does, and examples below its help.
namespace deskbridge::app {

struct Naming {
    char const* name;
    char const* meaning;
    std::string footer; ///< below the help: what else is to be known, then "Example:" or "Examples:"
};

/// A command that commands of its own follow.
CLI::App* add_group(CLI::App& above, char const* name, char const* meaning);

/// A command that does something.
CLI::App* add_command(CLI::App& group, Globals& globals, Naming const& naming, std::function<int()> run);

/// The same, for a group whose commands put what they were given into one place.
template <class Arguments>
CLI::App* add_command(CLI::App& group, Globals& globals, Naming const& naming, std::shared_ptr<Arguments> const& arguments,
                      std::function<int(Globals const&, Arguments const&)> run)
{
    return add_command(group, globals, naming, [&globals, arguments, run = std::move(run)] { return run(globals, *arguments); });
}

/// TICKET, as every command takes it.
CLI::Option* add_ticket(CLI::App& command, std::string& ticket);

/// --limit and --all of a list.
struct Limit {
    int entries{50};
    bool all{false};
};
void add_limit(CLI::App& command, Limit& limit);

/// For numbers of things: refuses what is none, and says where `thing` has its number.
[[nodiscard]] CLI::Validator number_of(std::string thing, std::string told_by);

/// For words that stand for a choice: nothing is refused, with what is expected; left out, it would mean all.
[[nodiscard]] CLI::Validator named(std::string expected);

/// The number of a message, also as lists tell it of a part: "81+1" is 81.
[[nodiscard]] CLI::Validator number_of_message();

/// Every command, below `app`.
void add_commands(CLI::App& app, Globals& globals);

/// "deskbridge ticket reply"
[[nodiscard]] std::string full_name(CLI::App const& command);

} // namespace deskbridge::app
