#include "answers.hpp"
#include "command.hpp"
#include "contact_view.hpp"
#include "control_client.hpp"
#include "terminal.hpp"

#include <fmt/format.h>

#include <memory>

namespace deskbridge::app {
namespace {

struct ContactArguments {
    std::int64_t contact{0};
};

int show_contact(Globals const& globals, ContactArguments const& arguments)
{
    ControlClient client{globals};
    auto const contact = client.get(fmt::format("/v1/contacts/{}", arguments.contact));
    if (!contact)
        return client.exit_status();
    if (for_programs(globals)) {
        print_line(*contact);
        return exit_ok;
    }
    if (auto const name = text(*contact, "name"); !name.empty())
        fmt::print("{}  (times in UTC)\n", safe(name));
    print_contact(*contact);
    return exit_ok;
}

} // namespace

void add_contact_commands(CLI::App& app, Globals& globals)
{
    auto* contact = add_group(app, "contact", "whoever writes");
    auto const arguments = std::make_shared<ContactArguments>();
    auto* shown = add_command<ContactArguments>(*contact, globals,
                                                {"show", "their addresses, when each was theirs, and which records were merged into it",
                                                 "Example:\n  deskbridge contact show 12"},
                                                arguments, show_contact);
    shown->add_option("contact", arguments->contact, "number of the contact (ticket show tells it)")
        ->required()
        ->check(number_of("a contact", "deskbridge ticket show"))
        ->type_name("CONTACT");
}

} // namespace deskbridge::app
