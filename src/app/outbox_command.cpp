#include "answers.hpp"
#include "command.hpp"
#include "control_client.hpp"
#include "outbox_view.hpp"
#include "targets.hpp"
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
    Limit limit;
    std::vector<std::int64_t> messages;
    bool sent{false};
    bool not_sent{false};
    bool resend{false};
    bool confirm_duplicate{false};
};
using Shared = std::shared_ptr<OutboxArguments>;

int list(Globals const& globals, OutboxArguments const& arguments)
{
    ControlClient client{globals};
    bool const programs = for_programs(globals);
    bool first = true;
    std::vector<std::vector<std::string>> rows;
    auto const take = [&](ordered_json const& page) {
        if (std::exchange(first, false) && !programs)
            print_outbox_summary(page);
        for (auto const& intent : page.at("data"))
            programs ? print_line(intent) : rows.push_back(outbox_row(intent));
    };
    auto const more =
        for_each_page(client, target_of("/v1/outbox", {{"state", arguments.state}, {"account", arguments.account}}), arguments.limit, take);
    if (!rows.empty())
        print_table(outbox_row_head(), rows);
    if (!more)
        return client.exit_status();
    if (!programs && *more)
        fmt::print(stderr, "more messages: --limit N or --all\n");
    return exit_ok;
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
        return answered(client, client.post(message_target(message, verb), body));
    });
}

/// Of what may have arrived a second one is sent only if somebody says so.
Asked send_again(ControlClient& client, std::int64_t message, bool confirm_duplicate)
{
    auto const detail = client.get(fmt::format("/v1/outbox/{}", message));
    if (!detail)
        return client.exit_status();
    auto const delivery = text(*detail, "delivery");
    bool const in_doubt = delivery == "unknown" || delivery == "held";
    bool const may_have_arrived = in_doubt || detail->value("may_have_arrived", false);
    if (may_have_arrived && !confirm_duplicate) {
        auto const way_out = in_doubt ? fmt::format("say what is true: deskbridge outbox resolve {} --sent (or --not-sent)", message)
                                      : fmt::format("look at the attempts: deskbridge outbox show {}", message);
        fmt::print(stderr, "error: {} of message {} may have arrived: sent again, the customer may have it twice\n"
                           "fix:   {}; or: deskbridge outbox retry {} --confirm-duplicate\n",
                   in_doubt ? "the latest attempt" : "an earlier attempt", message, way_out, message);
        return exit_unknown;
    }
    if (in_doubt)
        return answered(client, client.post(message_target(message, "/resolve"), {{"verdict", "resend"}}));
    return answered(client, client.post(message_target(message, "/retry"), {{"confirm_duplicate", confirm_duplicate}}));
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
    return act(globals, arguments, "/resolve", {{"verdict", verdict}});
}

CLI::App* about_messages(CLI::App* sub, Shared const& arguments)
{
    sub->add_option("message", arguments->messages, "number of the message (outbox ls and ticket show tell it); several are possible")
        ->required()
        ->transform(number_of_message())
        ->type_name("MESSAGE");
    return sub;
}

void add_looking(CLI::App& group, Globals& globals, Shared const& arguments)
{
    auto* ls = add_command<OutboxArguments>(group, globals,
                                            {"ls", "what is to be sent, newest first",
                                             "dead: refused, expired, and what the provider accepted and failed later. accepted: whatever receipts came for it.\n\nExamples:\n"
                                             "  deskbridge outbox ls --state unknown,held\n"
                                             "  deskbridge outbox ls --state dead --all --json | jq -r .message"},
                                            arguments, list);
    ls->add_option("--state", arguments->state,
                   "open (the default), dead, failed, all, held, unknown, kept, retry_wait, queued, claimed, accepted, sent, delivered, read, "
                   "played, refused, expired, cancelled; several with commas");
    ls->add_option("--account", arguments->account, "only this account's")->type_name("ACCOUNT");
    add_limit(*ls, arguments->limit);
    about_messages(add_command<OutboxArguments>(group, globals,
                                                {"show", "one message: every attempt, every receipt, what it waits for, who did what",
                                                 "Example:\n  deskbridge outbox show 81"},
                                                arguments, show),
                   arguments);
}

void add_acting(CLI::App& group, Globals& globals, Shared const& arguments)
{
    auto const about = [&](Naming const& naming, std::function<int(Globals const&, OutboxArguments const&)> run) {
        return about_messages(add_command<OutboxArguments>(group, globals, naming, arguments, std::move(run)), arguments);
    };
    auto* again = about({"retry", "send again what was refused, expired, failed or kept", "Example:\n  deskbridge outbox retry 81 84"}, retry);
    again->add_flag("--confirm-duplicate", arguments->confirm_duplicate, "also what may have arrived");
    auto* settled = about({"resolve", "say whether a message of which it is unknown was sent",
                           "Ask the customer, or look at the phone, before you say so.\n\nExamples:\n  deskbridge outbox resolve 81 --sent\n"
                           "  deskbridge outbox resolve 81 --resend"},
                          resolve);
    auto* sent = settled->add_flag("--sent", arguments->sent, "the customer has it");
    auto* lost = settled->add_flag("--not-sent", arguments->not_sent, "it was not sent, and stays so")->excludes(sent);
    settled->add_flag("--resend", arguments->resend, "it was not sent: send it now")->excludes(sent)->excludes(lost);
    about({"cancel", "take back what has not left yet", "Example:\n  deskbridge outbox cancel 81"},
          [](auto const& g, auto const& a) { return act(g, a, "/cancel", ordered_json::object()); });
    about({"keep", "let a kept text go out when the customer writes again", "Example:\n  deskbridge outbox keep 81"},
          [](auto const& g, auto const& a) { return act(g, a, "/keep", ordered_json::object()); });
}

} // namespace

void add_outbox_commands(CLI::App& app, Globals& globals)
{
    auto* outbox = add_group(app, "outbox", "messages on their way to customers");
    auto const arguments = std::make_shared<OutboxArguments>();
    add_looking(*outbox, globals, arguments);
    add_acting(*outbox, globals, arguments);
    add_pausing_commands(*outbox, globals);
}

} // namespace deskbridge::app
