#include "answers.hpp"
#include "command.hpp"
#include "control_client.hpp"
#include "targets.hpp"
#include "terminal.hpp"
#include "ticket_view.hpp"
#include "writing.hpp"

#include <fmt/format.h>

#include <memory>
#include <optional>

namespace deskbridge::app {
namespace {

using nlohmann::ordered_json;

/// What any ticket command may have been given.
struct TicketArguments {
    std::string ticket;
    std::string other;    ///< assignee, status, or the other ticket
    std::optional<std::string> text; ///< -m
    std::string status;
    std::string assignee;
    std::string sort;
    Limit limit;
    bool why{false};
    bool nobody{false};
    bool peek{false};     ///< stays unseen
    bool chat{false};     ///< the whole chat, not the ticket alone
    std::int64_t message{0}; ///< the one that is answered, or moved
};
using Shared = std::shared_ptr<TicketArguments>;

int list(Globals const& globals, TicketArguments const& arguments)
{
    ControlClient client{globals};
    bool const programs = for_programs(globals);
    std::vector<std::vector<std::string>> rows;
    auto const take = [&](ordered_json const& page) {
        for (auto const& ticket : page.at("data"))
            programs ? print_line(ticket) : rows.push_back(ticket_row(ticket));
    };
    auto const first = target_of("/v1/tickets", {{"status", arguments.status}, {"assignee", arguments.assignee}, {"sort", arguments.sort}});
    auto const more = for_each_page(client, first, arguments.limit, take);
    if (!more)
        return client.exit_status();
    if (programs)
        return exit_ok;
    if (rows.empty())
        fmt::print("no tickets\n");
    else
        print_table(ticket_row_head(), rows);
    if (*more)
        fmt::print(stderr, "more tickets: --limit N or --all\n");
    return exit_ok;
}

int show(Globals const& globals, TicketArguments const& arguments)
{
    ControlClient client{globals};
    auto const ticket = client.get(target_of(ticket_target(arguments.ticket), {{"timeline", arguments.chat ? "chat" : ""}}));
    if (!ticket)
        return client.exit_status();
    if (for_programs(globals))
        print_line(*ticket);
    else
        print_ticket(*ticket, arguments.why);
    // A person has read it, so colleagues and the customer may know; a program has not.
    if (!for_programs(globals) && !arguments.peek && ticket->value("unseen", false) &&
        !client.post(ticket_target(arguments.ticket, "/seen"), ordered_json::object()))
        return client.exit_status();
    return exit_ok;
}

int watch(Globals const& globals, TicketArguments const& arguments)
{
    ControlClient client{globals};
    std::string target = "/v1/events";
    if (!arguments.ticket.empty()) {
        auto const ticket = client.get(ticket_target(arguments.ticket));
        if (!ticket)
            return client.exit_status();
        target += fmt::format("?tickets={}", ticket->at("number").get<std::int64_t>());
    }
    if (!for_programs(globals))
        fmt::print(stderr, "what happens from now on, with times in UTC; Ctrl-C ends it\n");
    return client.follow(target, [&](ordered_json const& event) {
        if (for_programs(globals)) {
            print_line(event);
            std::fflush(stdout);
        } else {
            print_event(event);
        }
        return true;
    });
}

using Run = std::function<int(Globals const&, TicketArguments const&)>;

CLI::App* about_ticket(CLI::App& group, Globals& globals, Naming const& naming, Shared const& arguments, Run run)
{
    auto* sub = add_command<TicketArguments>(group, globals, naming, arguments, std::move(run));
    add_ticket(*sub, arguments->ticket);
    return sub;
}

void add_looking(CLI::App& group, Globals& globals, Shared const& arguments)
{
    auto* ls = add_command<TicketArguments>(group, globals,
                                            {"ls", "list tickets, the most recently active first",
                                             "A * after the status: something new that nobody has seen.\n\nExamples:\n"
                                             "  deskbridge ticket ls --status live --assignee none\n"
                                             "  deskbridge ticket ls --status live --sort window   # those to be answered before it is too late\n"
                                             "  deskbridge ticket ls --all --json | jq -r .reference"},
                                            arguments, list);
    constexpr auto statuses = "new, open, pending, on_hold, solved, closed or live; several with commas";
    ls->add_option("--status", arguments->status, statuses)->check(named(statuses));
    constexpr auto assignees = "me, none, or an agent's name";
    ls->add_option("--assignee", arguments->assignee, assignees)->check(named(assignees));
    ls->add_option("--sort", arguments->sort,
                   "activity (as without it), or window: only those whose reply window is open, the one that closes first at the top")
        ->check(CLI::IsMember({"activity", "window"}));
    add_limit(*ls, arguments->limit);
    auto* shown = about_ticket(group, globals,
                               {"show", "one ticket with its timeline",
                                "Examples:\n  deskbridge ticket show 1042\n  deskbridge ticket show 4821-9376 --why\n"
                                "  deskbridge ticket show 1042 --chat    # with the chat's other tickets, and what was written before them"},
                               arguments, show);
    shown->add_flag("--chat", arguments->chat, "the whole chat, whichever ticket its messages are in");
    shown->add_flag("--why", arguments->why, "also why each message was placed here");
    shown->add_flag("--peek", arguments->peek, "leave it unseen: no read mark for the customer, and the * stays");
    auto* watched = add_command<TicketArguments>(group, globals,
                                                 {"watch", "follow what happens, live",
                                                  "Ctrl-C ends it.\n\nExamples:\n  deskbridge ticket watch\n  deskbridge ticket watch 1042"},
                                                 arguments, watch);
    watched->add_option("ticket", arguments->ticket, "only this one")->type_name("TICKET");
}

int assign(Globals const& globals, TicketArguments const& arguments)
{
    if (arguments.other.empty() && !arguments.nobody)
        throw WrongUsage("assign to whom?\nfix:   name an agent (deskbridge agent ls), or --nobody");
    ordered_json const body{{"assignee", arguments.nobody ? ordered_json{} : ordered_json(arguments.other)}};
    return change(globals, ticket_target(arguments.ticket, "/assign"), body,
                  arguments.nobody ? "assigned to nobody" : "assigned to " + arguments.other);
}

int set_status(Globals const& globals, TicketArguments const& arguments, std::string const& status)
{
    ordered_json body{{"status", status}};
    if (arguments.text)
        body["summary"] = text_of(arguments.text);
    return change(globals, ticket_target(arguments.ticket, "/status"), body, "now " + status);
}

void add_changing(CLI::App& group, Globals& globals, Shared const& arguments)
{
    auto* given = about_ticket(group, globals,
                               {"assign", "give it to an agent",
                                "Examples:\n  deskbridge ticket assign 1042 \"Ana Prado\"\n  deskbridge ticket assign 1042 --nobody"},
                               arguments, assign);
    auto* agent = given->add_option("agent", arguments->other, "name or id (agent ls tells them)")->type_name("AGENT");
    given->add_flag("--nobody", arguments->nobody, "take it from whoever has it")->excludes(agent);
    about_ticket(group, globals, {"take", "give it to yourself", "Example:\n  deskbridge ticket take 1042"}, arguments,
                 [](auto const& g, auto const& a) { return change(g, ticket_target(a.ticket, "/assign"), {{"assignee", "me"}}, "yours"); });
    auto* status = about_ticket(group, globals, {"status", "change the status", "Example:\n  deskbridge ticket status 1042 pending"}, arguments,
                                [](auto const& g, auto const& a) { return set_status(g, a, a.other); });
    status->add_option("status", arguments->other, "open, pending, on_hold, solved or closed")->required()->type_name("STATUS");
    auto* solve = about_ticket(group, globals,
                               {"solve", "solve it; the customer is told how",
                                "Example:\n  deskbridge ticket solve 1042 -m \"Delivered on Friday\""},
                               arguments, [](auto const& g, auto const& a) { return set_status(g, a, "solved"); });
    add_text(*solve, arguments->text, "summary for the customer; - is standard input");
    about_ticket(group, globals, {"reopen", "open a solved ticket again", "Example:\n  deskbridge ticket reopen 1042"}, arguments,
                 [](auto const& g, auto const& a) { return set_status(g, a, "open"); });
}

void add_placing(CLI::App& group, Globals& globals, Shared const& arguments)
{
    auto const a_message = [&](CLI::App* sub) {
        sub->add_option("message", arguments->message, "number of the message (ticket show tells it)")
            ->required()
            ->check(number_of("a message", "deskbridge ticket show"))
            ->type_name("MESSAGE");
    };
    auto* merge = about_ticket(group, globals, {"merge", "make it part of another ticket", "Example:\n  deskbridge ticket merge 1043 1042"}, arguments,
                               [](auto const& g, auto const& a) {
                                   return change(g, ticket_target(a.ticket, "/merge"), {{"into", a.other}}, "merged into " + a.other);
                               });
    merge->add_option("into", arguments->other, "the ticket that stays")->required()->type_name("TICKET");
    auto* move = add_command<TicketArguments>(group, globals,
                                              {"move", "put a message into another ticket of its conversation",
                                               "Example:\n  deskbridge ticket move 81 1042        # message 81 into ticket #1042"},
                                              arguments, [](auto const& g, auto const& a) {
                                                  return change(g, message_target(a.message, "/move"), {{"to", a.ticket}}, "moved to " + a.ticket);
                                              });
    a_message(move);
    add_ticket(*move, arguments->ticket);
    auto* undo = add_command<TicketArguments>(group, globals,
                                              {"undo", "put a message back to where it was before its last move, merge, split or pick; a merge is undone whole",
                                               "Example:\n  deskbridge ticket undo 81              # message 81"},
                                              arguments, [](auto const& g, auto const& a) {
                                                  return change(g, message_target(a.message, "/undo"), ordered_json::object(), "put back");
                                              });
    a_message(undo);
}

} // namespace

void add_ticket_commands(CLI::App& app, Globals& globals)
{
    auto* ticket = add_group(app, "ticket", "look at tickets and work on them");
    auto const arguments = std::make_shared<TicketArguments>();
    add_looking(*ticket, globals, arguments);
    add_writing_commands(*ticket, globals);
    add_changing(*ticket, globals, arguments);
    add_placing(*ticket, globals, arguments);
    add_split_command(*ticket, globals);
    add_ticket_template_command(*ticket, globals);
    add_attachment_commands(*ticket, globals);
}

} // namespace deskbridge::app
