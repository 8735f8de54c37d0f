#include "answers.hpp"
#include "command.hpp"
#include "control_client.hpp"
#include "targets.hpp"
#include "writing.hpp"

#include <fmt/format.h>

#include <memory>
#include <vector>

namespace deskbridge::app {
namespace {

using nlohmann::ordered_json;

struct SendArguments {
    std::string ticket;
    std::string name;
    std::string language;
    std::vector<std::string> parameters;
    std::string header_file;
};

int send(Globals const& globals, SendArguments const& arguments)
{
    ordered_json body{{"name", arguments.name}, {"values", values_of(arguments.parameters)}};
    if (!arguments.language.empty())
        body["language"] = arguments.language;
    ControlClient client{globals};
    if (!warn_if_paused(globals, client, arguments.ticket))
        return client.exit_status();
    if (!arguments.header_file.empty()) {
        auto const brought = bring(client, arguments.header_file);
        if (!brought)
            return client.exit_status();
        body["header_attachment"] = *brought;
    }
    auto const sent = client.post(ticket_target(arguments.ticket, "/templates"), body);
    if (!sent)
        return client.exit_status();
    if (for_programs(globals))
        print_line(*sent);
    else
        fmt::print("queued; `ticket show` tells when it is delivered\n");
    return exit_ok;
}

} // namespace

void add_ticket_template_command(CLI::App& ticket, Globals& globals)
{
    auto const arguments = std::make_shared<SendArguments>();
    auto* sub = add_command<SendArguments>(
        ticket, globals,
        {"template", "send the customer a template, also when the reply window is closed",
         "deskbridge template ls ACCOUNT tells which there are, and which values each wants: 1, 2, … or names for its words, header, "
         "button.1, …\n\n"
         "Examples:\n  deskbridge ticket template 1042 reply_waiting --language de --param \"1=Frau Lind\"\n"
         "  deskbridge ticket template 1042 ticket_update --language en --param ticket_no=4821-9376 --param state=solved\n"
         "  deskbridge ticket template 1042 invoice --header-file invoice.pdf\n"
         "  deskbridge ticket template 1042 invoice --param header=https://shop.example/r.pdf --param header.filename=invoice.pdf"},
        arguments, send);
    add_ticket(*sub, arguments->ticket);
    sub->add_option("name", arguments->name, "name of the template")->required()->type_name("NAME");
    sub->add_option("--language", arguments->language, "as the provider spells it (default: the only one that there is)")->type_name("LANGUAGE");
    sub->add_option("--param", arguments->parameters, "a value, as KEY=VALUE; once for each")
        ->allow_extra_args(false)
        ->type_name("KEY=VALUE");
    sub->add_option("--header-file", arguments->header_file, "the header's picture, video or document, in place of --param header=LINK")
        ->type_name("FILE");
}

} // namespace deskbridge::app
