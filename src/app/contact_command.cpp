#include "answers.hpp"
#include "command.hpp"
#include "contact_view.hpp"
#include "control_client.hpp"
#include "targets.hpp"
#include "terminal.hpp"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

namespace deskbridge::app {
namespace {

struct ContactArguments {
    std::int64_t contact{0};
    std::string search;
    Limit limit;
};

int list_contacts(Globals const& globals, ContactArguments const& arguments)
{
    ControlClient client{globals};
    bool const programs = for_programs(globals);
    std::vector<std::vector<std::string>> rows;
    auto const take = [&](nlohmann::ordered_json const& page) {
        for (auto const& contact : page.at("data"))
            programs ? print_line(contact) : rows.push_back(contact_row(contact));
    };
    auto const more = for_each_page(client, target_of("/v1/contacts", {{"search", arguments.search}}), arguments.limit, take);
    if (!more)
        return client.exit_status();
    if (programs)
        return exit_ok;
    if (rows.empty())
        fmt::print("no contacts\n");
    else
        print_table(contact_row_head(), rows);
    if (*more)
        fmt::print(stderr, "more contacts: --limit N or --all\n");
    return exit_ok;
}

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
    auto* ls = add_command<ContactArguments>(*contact, globals,
                                             {"ls", "list whoever writes, the one who wrote last first",
                                              "A search finds parts of names, user names and addresses, those that were theirs included; numbers as people type them.\n\n"
                                              "Examples:\n  deskbridge contact ls\n  deskbridge contact ls --search mara\n"
                                              "  deskbridge contact ls --search \"+49 151 234\"\n"
                                              "  deskbridge contact ls --all --json | jq -r .id"},
                                             arguments, list_contacts);
    ls->add_option("--search", arguments->search, "part of a name, a user name or an address")->type_name("TEXT");
    add_limit(*ls, arguments->limit);
    auto* shown = add_command<ContactArguments>(*contact, globals,
                                                {"show", "their addresses, when each was theirs, which records were merged into it, and whether they want marketing",
                                                 "Example:\n  deskbridge contact show 12"},
                                                arguments, show_contact);
    shown->add_option("contact", arguments->contact, "number of the contact (contact ls and ticket show tell it)")
        ->required()
        ->check(number_of("a contact", "deskbridge contact ls"))
        ->type_name("CONTACT");
}

} // namespace deskbridge::app
