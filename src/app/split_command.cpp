#include "answers.hpp"
#include "command.hpp"
#include "control_client.hpp"
#include "targets.hpp"

#include <fmt/format.h>

#include <memory>
#include <vector>

namespace deskbridge::app {
namespace {

using nlohmann::ordered_json;

struct SplitArguments {
    std::string ticket;
    std::vector<std::int64_t> messages;
};

int split(Globals const& globals, SplitArguments const& arguments)
{
    ControlClient client{globals};
    ordered_json const body{{"messages", arguments.messages}};
    auto const fresh = client.post(ticket_target(arguments.ticket, "/split"), body);
    if (!fresh)
        return client.exit_status();
    if (for_programs(globals))
        print_line(*fresh);
    else
        fmt::print("in ticket #{} now\n", number(*fresh, "number"));
    return exit_ok;
}

} // namespace

void add_split_command(CLI::App& ticket, Globals& globals)
{
    auto const arguments = std::make_shared<SplitArguments>();
    auto* sub = add_command<SplitArguments>(ticket, globals,
                                            {"split", "make some of its messages a ticket of their own",
                                             "Example:\n  deskbridge ticket split 1042 81 82      # messages 81 and 82 of ticket #1042"},
                                            arguments, split);
    add_ticket(*sub, arguments->ticket);
    sub->add_option("message", arguments->messages, "numbers of its messages (ticket show tells them)")
        ->required()
        ->check(number_of("a message", "deskbridge ticket show"))
        ->type_name("MESSAGE");
}

} // namespace deskbridge::app
