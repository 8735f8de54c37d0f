#include "answers.hpp"
#include "command_line.hpp"
#include "control_client.hpp"
#include "outbox_view.hpp"
#include "terminal.hpp"

#include <fmt/format.h>

#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

namespace deskbridge::app {
namespace {

using nlohmann::ordered_json;

struct OutboxArguments {
    std::string state;
    std::string account;
    std::string reason;
    int limit{50};
    bool all{false};
    std::vector<std::int64_t> messages;
    bool sent{false};
    bool not_sent{false};
    bool resend{false};
    bool confirm_duplicate{false};
};
using Shared = std::shared_ptr<OutboxArguments>;
using Run = std::function<int(Globals const&, OutboxArguments const&)>;

std::string list_target(OutboxArguments const& arguments, int limit, std::string const& after)
{
    auto target = fmt::format("/v1/outbox?limit={}", std::min(limit, 200));
    for (auto const& [key, value] : {std::pair{"state", arguments.state}, std::pair{"account", arguments.account}, std::pair{"after", after}})
        if (!value.empty())
            target += fmt::format("&{}={}", key, url_escape(value));
    return target;
}

int list(Globals const& globals, OutboxArguments const& arguments)
{
    ControlClient client{globals};
    bool const programs = for_programs(globals);
    std::vector<std::vector<std::string>> rows;
    std::string after;
    int left = arguments.all ? 1'000'000'000 : arguments.limit;
    for (bool first = true, more = true; left > 0 && more; first = false) {
        auto const page = client.get(list_target(arguments, left, after));
        if (!page)
            return client.exit_status();
        if (first && !programs)
            print_outbox_summary(*page);
        for (auto const& intent : page->at("data")) {
            --left;
            if (programs)
                print_line(intent);
            else
                rows.push_back(outbox_row(intent));
        }
        after = text(page->at("page"), "next");
        more = !after.empty();
    }
    if (!programs && !rows.empty())
        print_table(outbox_row_head(), rows);
    if (!programs && !after.empty())
        fmt::print(stderr, "more messages: --limit N or --all\n");
    return exit_ok;
}

std::string path_of(std::int64_t message, char const* rest)
{
    return fmt::format("/v1/messages/{}/{}", message, rest);
}

int show(Globals const& globals, OutboxArguments const& arguments)
{
    ControlClient client{globals};
    Tried tried;
    for (auto const message : arguments.messages) {
        auto const detail = client.get(fmt::format("/v1/outbox/{}", message));
        if (!detail) {
            tried.failed(client.exit_status());
            continue;
        }
        tried.done();
        if (for_programs(globals))
            print_line(*detail);
        else
            print_outbox_detail(*detail);
    }
    return tried.exit_status();
}

/// What became of one message: how it stands now, or the exit status that says why nothing was done.
using Asked = std::variant<int, ordered_json>;

Asked answered(ControlClient const& client, std::optional<ordered_json> item)
{
    return item ? Asked{std::move(*item)} : Asked{client.exit_status()};
}

/// The same about every message that was named.
int about_each(Globals const& globals, OutboxArguments const& arguments, std::function<Asked(ControlClient&, std::int64_t)> const& ask)
{
    ControlClient client{globals};
    Tried tried;
    for (auto const message : arguments.messages) {
        auto const asked = ask(client, message);
        if (auto const* status = std::get_if<int>(&asked)) {
            tried.failed(*status);
            continue;
        }
        tried.done();
        auto const& item = std::get<ordered_json>(asked);
        if (for_programs(globals))
            print_line(item);
        else
            fmt::print("message {} is {} now\n", message, text(item, "delivery"));
    }
    return tried.exit_status();
}

int act(Globals const& globals, OutboxArguments const& arguments, char const* verb, ordered_json const& body)
{
    return about_each(globals, arguments, [&](ControlClient& client, std::int64_t message) {
        return answered(client, client.post(path_of(message, verb), body));
    });
}

/// Of what may have arrived a second one is sent only if somebody says so.
Asked send_again(ControlClient& client, std::int64_t message, bool confirm_duplicate)
{
    auto const detail = client.get(fmt::format("/v1/outbox/{}", message));
    if (!detail)
        return client.exit_status();
    auto const delivery = text(*detail, "delivery");
    if (delivery != "unknown" && delivery != "held")
        return answered(client, client.post(path_of(message, "retry"), ordered_json::object()));
    if (confirm_duplicate)
        return answered(client, client.post(path_of(message, "resolve"), {{"verdict", "resend"}}));
    fmt::print(stderr, "error: whether message {0} arrived is unknown: sent again, the customer may have it twice\n"
                       "fix:   say what is true: deskbridge outbox resolve {0} --sent (or --not-sent), or retry {0} "
                       "--confirm-duplicate\n", message);
    return exit_unknown;
}

int retry(Globals const& globals, OutboxArguments const& arguments)
{
    return about_each(globals, arguments, [&](ControlClient& client, std::int64_t message) {
        return send_again(client, message, arguments.confirm_duplicate);
    });
}

int resolve(Globals const& globals, OutboxArguments const& arguments)
{
    if (!arguments.sent && !arguments.not_sent && !arguments.resend)
        throw WrongUsage("what is true?\nfix:   --sent (the customer has it), --not-sent (leave it), or --resend (it was not sent: send it now)");
    auto const* verdict = arguments.sent ? "sent" : arguments.not_sent ? "not_sent" : "resend";
    return act(globals, arguments, "resolve", {{"verdict", verdict}});
}

int change_account(Globals const& globals, OutboxArguments const& arguments, char const* verb, ordered_json const& body)
{
    ControlClient client{globals};
    auto const account = client.post(fmt::format("/v1/accounts/{}/{}", url_escape(arguments.account), verb), body);
    if (!account)
        return client.exit_status();
    auto const name = safe(text(*account, "name"));
    if (for_programs(globals))
        print_line(*account);
    else if (account->at("paused").is_null())
        fmt::print("{} sends again\n", name);
    else
        fmt::print("{0} sends nothing until: deskbridge outbox resume {0}\n", name);
    return exit_ok;
}

CLI::App* command(CLI::App& group, Globals& globals, std::pair<char const*, char const*> what, Shared const& arguments, Run run)
{
    auto* sub = group.add_subcommand(what.first, what.second);
    sub->callback([&globals, arguments, run = std::move(run)] {
        globals.run = [&globals, arguments, run] { return run(globals, *arguments); };
    });
    return sub;
}

CLI::App* about_messages(CLI::App* sub, Shared const& arguments)
{
    sub->add_option("message", arguments->messages, "number of the message; several are possible")
        ->required()
        ->check(CLI::Range(std::int64_t{1}, INT64_MAX).description("whole number above 0"))
        ->type_name("MESSAGE");
    return sub;
}

void add_looking(CLI::App& group, Globals& globals, Shared const& arguments)
{
    auto* ls = command(group, globals, {"ls", "what is to be sent, newest first"}, arguments, list);
    ls->add_option("--state", arguments->state,
                   "open (the default), dead, failed, all, held, unknown, kept, retry_wait, queued, claimed, accepted, sent, delivered, read, "
                   "played, refused, expired, cancelled; several with commas");
    ls->add_option("--account", arguments->account, "only this account's")->type_name("ACCOUNT");
    ls->add_option("--limit", arguments->limit, "how many")->check(CLI::Range(1, 1'000'000))->capture_default_str();
    ls->add_flag("--all", arguments->all, "as many as there are");
    ls->footer("dead: refused, expired, and what the provider accepted and failed later. accepted: whatever receipts came for it.\n\nExamples:\n  deskbridge outbox ls --state unknown,held\n"
               "  deskbridge outbox ls --state dead --all --json | jq -r .message");
    about_messages(command(group, globals, {"show", "one message: every attempt, every receipt, what it waits for, who did what"}, arguments, show),
                   arguments);
}

void add_acting(CLI::App& group, Globals& globals, Shared const& arguments)
{
    auto* again = about_messages(command(group, globals, {"retry", "send again what was refused, expired, failed or kept"}, arguments, retry),
                                 arguments);
    again->add_flag("--confirm-duplicate", arguments->confirm_duplicate, "also what may have arrived");
    auto* settled = about_messages(command(group, globals, {"resolve", "say whether a message of which it is unknown was sent"}, arguments, resolve),
                                   arguments);
    auto* sent = settled->add_flag("--sent", arguments->sent, "the customer has it");
    auto* not_sent = settled->add_flag("--not-sent", arguments->not_sent, "it was not sent, and stays so")->excludes(sent);
    settled->add_flag("--resend", arguments->resend, "it was not sent: send it now")->excludes(sent)->excludes(not_sent);
    about_messages(command(group, globals, {"cancel", "take back what has not left yet"}, arguments,
                           [](auto const& g, auto const& a) { return act(g, a, "cancel", ordered_json::object()); }),
                   arguments);
    about_messages(command(group, globals, {"keep", "let a kept text go out when the customer writes again"}, arguments,
                           [](auto const& g, auto const& a) { return act(g, a, "keep", ordered_json::object()); }),
                   arguments);
}

void add_pausing(CLI::App& group, Globals& globals, Shared const& arguments)
{
    auto* paused = command(group, globals, {"pause", "an account sends nothing until it is resumed (administrators)"}, arguments,
                           [](auto const& g, auto const& a) { return change_account(g, a, "pause", {{"reason", a.reason}}); });
    paused->add_option("account", arguments->account, "name or id")->required()->type_name("ACCOUNT");
    paused->add_option("--reason", arguments->reason, "why, for your colleagues")->required()->type_name("TEXT");
    paused->footer("What is on its way ends; webhooks are taken all the same. A restart keeps the pause.\n\nExample:\n"
                   "  deskbridge outbox pause support --reason \"provider incident 4711\"");
    auto* resumed = command(group, globals, {"resume", "an account sends again (administrators)"}, arguments,
                            [](auto const& g, auto const& a) { return change_account(g, a, "resume", ordered_json::object()); });
    resumed->add_option("account", arguments->account, "name or id")->required()->type_name("ACCOUNT");
}

} // namespace

void add_outbox_commands(CLI::App& app, Globals& globals)
{
    auto* outbox = app.add_subcommand("outbox", "messages on their way to customers");
    outbox->require_subcommand(1);
    auto const arguments = std::make_shared<OutboxArguments>();
    add_looking(*outbox, globals, arguments);
    add_acting(*outbox, globals, arguments);
    add_pausing(*outbox, globals, arguments);
}

} // namespace deskbridge::app
