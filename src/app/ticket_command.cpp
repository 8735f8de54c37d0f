#include "answers.hpp"
#include "command_line.hpp"
#include "control_client.hpp"
#include "terminal.hpp"
#include "ticket_view.hpp"

#include "deskbridge/core/text.hpp"

#include <fmt/format.h>

#include <iostream>
#include <iterator>
#include <memory>

namespace deskbridge::app {
namespace {

using nlohmann::ordered_json;

/// What any ticket command may have been given.
struct TicketArguments {
    std::string ticket;
    std::string other;    ///< assignee, status, or the ticket to merge into
    std::string message;  ///< -m
    std::string status;
    std::string assignee;
    int limit{50};
    bool all{false};
    bool why{false};
    bool nobody{false};
    bool peek{false};     ///< stays unseen
    std::int64_t quote{0};
};
using Shared = std::shared_ptr<TicketArguments>;

/// "#1042" -> "1042"; references keep their form.
std::string path_of(std::string const& ticket, std::string const& rest = {})
{
    auto const bare = ticket.starts_with('#') ? ticket.substr(1) : ticket;
    return fmt::format("/v1/tickets/{}{}", url_escape(bare), rest);
}

int list(Globals const& globals, TicketArguments const& arguments)
{
    ControlClient client{globals};
    std::vector<std::vector<std::string>> rows;
    std::string after;
    int left = arguments.all ? 1'000'000'000 : arguments.limit;
    bool more = true;
    while (left > 0 && more) {
        auto target = fmt::format("/v1/tickets?limit={}", std::min(left, 200));
        for (auto const& [key, value] : {std::pair{"status", arguments.status}, std::pair{"assignee", arguments.assignee}, std::pair{"after", after}})
            if (!value.empty())
                target += fmt::format("&{}={}", key, url_escape(value));
        auto const page = client.get(target);
        if (!page)
            return client.exit_status();
        for (auto const& ticket : page->at("data")) {
            --left;
            if (for_programs(globals))
                print_line(ticket);
            else
                rows.push_back(ticket_row(ticket));
        }
        more = page->at("page").at("has_more").get<bool>();
        if (more)
            after = page->at("page").at("next").get<std::string>();
    }
    if (for_programs(globals))
        return exit_ok;
    if (rows.empty())
        fmt::print("no tickets\n");
    else
        print_table(ticket_row_head(), rows);
    if (more)
        fmt::print(stderr, "more tickets: --limit N or --all\n");
    return exit_ok;
}

int show(Globals const& globals, TicketArguments const& arguments)
{
    ControlClient client{globals};
    auto const ticket = client.get(path_of(arguments.ticket));
    if (!ticket)
        return client.exit_status();
    if (for_programs(globals))
        print_line(*ticket);
    else
        print_ticket(*ticket, arguments.why);
    // A person has read it, so colleagues and the customer may know; a program has not.
    if (!for_programs(globals) && !arguments.peek && ticket->value("unseen", false) &&
        !client.post(path_of(arguments.ticket, "/seen"), ordered_json::object()))
        return client.exit_status();
    return exit_ok;
}

/// Posts, and tells in one line what came of it.
int change(Globals const& globals, std::string const& target, ordered_json const& body, std::string const& done)
{
    ControlClient client{globals};
    auto const answer = client.post(target, body);
    if (!answer)
        return client.exit_status();
    if (for_programs(globals))
        print_line(*answer);
    else
        fmt::print("{}\n", done);
    if (auto const silent = answer->find("not_told"); silent != answer->end() && silent->is_object())
        fmt::print(stderr, "the customer was not told: {}\n", silent->value("detail", ""));
    return exit_ok;
}

/// What cannot be sent as it is must not be sent changed.
void check_is_text(std::string_view bytes, char const* where)
{
    if (auto const nul = bytes.find('\0'); nul != std::string_view::npos)
        throw WrongUsage(fmt::format("{}: byte {} is NUL: this is no text", where, nul + 1));
    if (auto const bad = first_malformed(bytes))
        throw WrongUsage(fmt::format("{}: byte {} (0x{:02X}) is not UTF-8\nfix:   convert it, for example: iconv -f LATIN1 -t UTF-8",
                                     where, *bad + 1, static_cast<unsigned char>(bytes[*bad])));
    if (is_blank(bytes))
        throw WrongUsage(fmt::format("{}: there is nothing to read in it", where));
}

/// The text of -m, or standard input when it is "-" or absent. Throws: WrongUsage (it is no text).
std::string message_of(TicketArguments const& arguments)
{
    if (!arguments.message.empty() && arguments.message != "-") {
        check_is_text(arguments.message, "the text of -m");
        return arguments.message;
    }
    std::string all{std::istreambuf_iterator<char>{std::cin}, {}};
    while (!all.empty() && all.back() == '\n')
        all.pop_back();
    check_is_text(all, "standard input");
    return all;
}

int watch(Globals const& globals, TicketArguments const& arguments)
{
    ControlClient client{globals};
    std::string target = "/v1/events";
    if (!arguments.ticket.empty()) {
        auto const ticket = client.get(path_of(arguments.ticket));
        if (!ticket)
            return client.exit_status();
        target += fmt::format("?tickets={}", ticket->at("number").get<std::int64_t>());
    }
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

CLI::App* command(CLI::App& group, Globals& globals, char const* name, char const* meaning, Shared const& arguments,
                  std::function<int(Globals const&, TicketArguments const&)> run)
{
    auto* sub = group.add_subcommand(name, meaning);
    sub->callback([&globals, arguments, run = std::move(run)] {
        globals.run = [&globals, arguments, run] { return run(globals, *arguments); };
    });
    return sub;
}

CLI::App* ticket_command(CLI::App& group, Globals& globals, char const* name, char const* meaning, Shared const& arguments,
                         std::function<int(Globals const&, TicketArguments const&)> run)
{
    auto* sub = command(group, globals, name, meaning, arguments, std::move(run));
    sub->add_option("ticket", arguments->ticket, "number (1042 or #1042) or reference (4821-9376)")->required()->type_name("TICKET");
    return sub;
}

void add_looking(CLI::App& group, Globals& globals, Shared const& arguments)
{
    auto* ls = command(group, globals, "ls", "list tickets, the most recently active first", arguments, list);
    ls->add_option("--status", arguments->status, "new, open, pending, on_hold, solved, closed or live; several with commas");
    ls->add_option("--assignee", arguments->assignee, "me, none, or an agent's name");
    ls->add_option("--limit", arguments->limit, "how many")->check(CLI::Range(1, 1'000'000))->capture_default_str();
    ls->add_flag("--all", arguments->all, "all of them");
    ls->footer("A * after the status: something new that nobody has seen.\n\nExamples:\n  deskbridge ticket ls --status live --assignee none\n"
               "  deskbridge ticket ls --all --json | jq -r .reference");
    auto* shown = ticket_command(group, globals, "show", "one ticket with its timeline", arguments, show);
    shown->add_flag("--why", arguments->why, "also why each message was placed here");
    shown->add_flag("--peek", arguments->peek, "leave it unseen: no read mark for the customer, and the * stays");
    auto* watched = command(group, globals, "watch", "follow what happens, live", arguments, watch);
    watched->add_option("ticket", arguments->ticket, "only this one")->type_name("TICKET");
}

void add_writing(CLI::App& group, Globals& globals, Shared const& arguments)
{
    auto* reply = ticket_command(group, globals, "reply", "answer the customer", arguments, [](auto const& g, auto const& a) {
        ordered_json body{{"text", message_of(a)}};
        if (a.quote > 0)
            body["quote"] = a.quote;
        return change(g, path_of(a.ticket, "/messages"), body, "queued; `ticket show` tells when it is delivered");
    });
    reply->add_option("-m,--message", arguments->message, "the text (default: standard input)")->type_name("TEXT");
    reply->add_option("--quote", arguments->quote, "id of the message that it answers (`ticket show` tells it)")
        ->check(CLI::Range(std::int64_t{1}, INT64_MAX).description("whole number above 0"))
        ->type_name("ID");
    reply->footer("Examples:\n  deskbridge ticket reply 1042 -m \"It is on its way\"\n  deskbridge ticket reply 4821-9376 < answer.txt");
    auto* note = ticket_command(group, globals, "note", "a note that only agents see", arguments, [](auto const& g, auto const& a) {
        return change(g, path_of(a.ticket, "/notes"), {{"text", message_of(a)}}, "noted");
    });
    note->add_option("-m,--message", arguments->message, "the text (default: standard input)")->type_name("TEXT");
}

void add_changing(CLI::App& group, Globals& globals, Shared const& arguments)
{
    auto* assign = ticket_command(group, globals, "assign", "give it to an agent", arguments, [](auto const& g, auto const& a) {
        if (a.other.empty() && !a.nobody) {
            fmt::print(stderr, "error: assign to whom?\nfix:   name an agent, or --nobody (deskbridge agent ls)\n");
            return static_cast<int>(exit_usage);
        }
        ordered_json const body{{"assignee", a.nobody ? ordered_json{} : ordered_json(a.other)}};
        return change(g, path_of(a.ticket, "/assign"), body, a.nobody ? "assigned to nobody" : "assigned to " + a.other);
    });
    auto* agent = assign->add_option("agent", arguments->other, "name or id")->type_name("AGENT");
    assign->add_flag("--nobody", arguments->nobody, "take it from whoever has it")->excludes(agent);
    ticket_command(group, globals, "take", "give it to yourself", arguments, [](auto const& g, auto const& a) {
        return change(g, path_of(a.ticket, "/assign"), {{"assignee", "me"}}, "yours");
    });
    auto* status = ticket_command(group, globals, "status", "change the status", arguments, [](auto const& g, auto const& a) {
        return change(g, path_of(a.ticket, "/status"), {{"status", a.other}}, "now " + a.other);
    });
    status->add_option("status", arguments->other, "open, pending, on_hold, solved or closed")->required()->type_name("STATUS");
    auto* solve = ticket_command(group, globals, "solve", "solve it; the customer is told how", arguments, [](auto const& g, auto const& a) {
        ordered_json body{{"status", "solved"}};
        if (!a.message.empty())
            body["summary"] = message_of(a);
        return change(g, path_of(a.ticket, "/status"), body, "solved");
    });
    solve->add_option("-m,--message", arguments->message, "summary for the customer")->type_name("TEXT");
    ticket_command(group, globals, "reopen", "open a solved ticket again", arguments, [](auto const& g, auto const& a) {
        return change(g, path_of(a.ticket, "/status"), {{"status", "open"}}, "reopened");
    });
    auto* merge = ticket_command(group, globals, "merge", "make it part of another ticket", arguments, [](auto const& g, auto const& a) {
        auto const into = a.other.starts_with('#') ? a.other.substr(1) : a.other;
        return change(g, path_of(a.ticket, "/merge"), {{"into", into}}, "merged into " + a.other);
    });
    merge->add_option("into", arguments->other, "the ticket that stays")->required()->type_name("TICKET");
}

} // namespace

void add_ticket_commands(CLI::App& app, Globals& globals)
{
    auto* ticket = app.add_subcommand("ticket", "look at tickets and work on them");
    ticket->require_subcommand(1);
    auto const arguments = std::make_shared<TicketArguments>();
    add_looking(*ticket, globals, arguments);
    add_writing(*ticket, globals, arguments);
    add_changing(*ticket, globals, arguments);
    add_attachment_commands(*ticket, globals);
}

} // namespace deskbridge::app
