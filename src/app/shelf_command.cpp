#include "answers.hpp"
#include "command.hpp"
#include "control_client.hpp"
#include "replay_view.hpp"
#include "targets.hpp"
#include "terminal.hpp"

#include <fmt/format.h>

#include <memory>
#include <vector>

namespace deskbridge::app {
namespace {

using nlohmann::ordered_json;

struct ShelfArguments {
    std::vector<std::int64_t> entries;
    std::string reason;
    std::string account;
    Limit limit;
    bool resolved{false};
    bool body{false};
    bool dry_run{false};
};
using Shared = std::shared_ptr<ShelfArguments>;

/// Every entry that is asked for. True: there are more; nullopt: an error was printed.
std::optional<bool> for_each_entry(ControlClient& client, ShelfArguments const& arguments, std::function<void(ordered_json const&)> const& take)
{
    auto const first = target_of("/v1/shelf", {{"state", arguments.resolved ? "all" : "open"},
                                               {"reason", arguments.reason},
                                               {"account", arguments.account}});
    return for_each_page(client, first, arguments.limit, [&](ordered_json const& page) {
        for (auto const& entry : page.at("data"))
            take(entry);
    });
}

std::vector<std::string> row_of(ordered_json const& entry)
{
    auto const done = text(entry, "resolution");
    return {text(entry, "id"),
            done.empty() ? "open" : done,
            text(entry, "reason"),
            fit(or_dash(safe(text(entry, "account"))), 16),
            fit(safe(text(entry, "hook")), 16),
            age_of(text(entry, "shelved_at")),
            or_dash(text(entry, "bytes")),
            safe(text(entry, "detail"))};
}

int list(Globals const& globals, ShelfArguments const& arguments)
{
    ControlClient client{globals};
    bool const programs = for_programs(globals);
    std::vector<std::vector<std::string>> rows;
    auto const more =
        for_each_entry(client, arguments, [&](ordered_json const& entry) { programs ? print_line(entry) : rows.push_back(row_of(entry)); });
    if (!more)
        return client.exit_status();
    if (programs)
        return exit_ok;
    if (rows.empty())
        fmt::print("nothing lies on the shelf{}\n", arguments.reason.empty() && arguments.account.empty() ? "" : " like that");
    else
        print_table({"ENTRY", "STATE", "REASON", "ACCOUNT", "HOOK", "AGE", "BYTES", "DETAIL"}, rows);
    if (*more)
        fmt::print(stderr, "more entries: --limit N or --all\n");
    return exit_ok;
}

void print_entry(ordered_json const& entry)
{
    auto const done = text(entry, "resolution");
    fmt::print("shelf entry {}  {}\n", text(entry, "id"), done.empty() ? "open" : done + " " + moment_in_words(text(entry, "resolved_at")));
    auto const bytes = text(entry, "bytes");
    for (auto const& [label, value] :
         {std::pair{"reason", text(entry, "reason")}, std::pair{"detail", text(entry, "detail")},
          std::pair{"account", or_dash(text(entry, "account"))}, std::pair{"hook", text(entry, "hook")},
          std::pair{"event", text(entry, "event_key").empty() ? "the whole body" : text(entry, "event_key")},
          std::pair{"received", moment_in_words(text(entry, "received_at"))}, std::pair{"shelved", moment_in_words(text(entry, "shelved_at"))},
          std::pair{"body", fmt::format("journal {}, {}", text(entry, "journal"), bytes.empty() ? "not kept any more" : bytes + " bytes")}})
        fmt::print("    {:<9} {}\n", label, safe(value));
    if (done.empty() && !bytes.empty())
        fmt::print("! after a fix or a change of configuration: deskbridge shelf replay {0} (--dry-run tells what it would do);\n"
                   "  if nothing is to come of it: deskbridge shelf drop {0} --reason TEXT\n", text(entry, "id"));
}

int show(Globals const& globals, ShelfArguments const& arguments)
{
    ControlClient client{globals};
    auto const path = fmt::format("/v1/shelf/{}", arguments.entries.front());
    auto const answer = client.get(arguments.body ? path + "/body" : path);
    if (!answer)
        return client.exit_status();
    if (for_programs(globals))
        print_line(*answer);
    else if (!arguments.body)
        print_entry(*answer);
    else
        fmt::print("{}\n", answer->at("body").is_null() ? "base64: " + text(*answer, "body_base64") : safe(text(*answer, "body"), false));
    return exit_ok;
}

/// Chosen by number, or all open ones as they lie there now.
bool chosen(ControlClient& client, ShelfArguments const& arguments, std::vector<std::int64_t>& entries)
{
    entries = arguments.entries;
    return !entries.empty() ||
           for_each_entry(client, arguments, [&](ordered_json const& entry) { entries.push_back(number(entry, "id")); });
}

/// The first of several entries of one body takes the others along.
bool done_meanwhile(ControlClient& client, std::int64_t entry)
{
    auto const now = client.get(fmt::format("/v1/shelf/{}", entry));
    return now && !text(*now, "resolution").empty();
}

int replay(Globals const& globals, ShelfArguments const& arguments)
{
    if (arguments.entries.empty() == !arguments.limit.all)
        throw WrongUsage("replay what?\nfix:   name entries (deskbridge shelf ls), or --all");
    ControlClient client{globals};
    std::vector<std::int64_t> entries;
    if (!chosen(client, arguments, entries))
        return client.exit_status();
    Tried tried;
    ReplaySum sum;
    for (auto const entry : entries) {
        if (arguments.limit.all && done_meanwhile(client, entry))
            continue;
        auto const answer = client.post(fmt::format("/v1/shelf/{}/replay", entry), {{"dry_run", arguments.dry_run}});
        if (!answer) {
            tried.failed(client.exit_status());
            if (client.exit_status() == exit_temporary || client.exit_status() == exit_forbidden)
                break;
            continue;
        }
        sum.add(*answer);
        number(*answer, "shelved") > 0 ? tried.failed(exit_failure) : tried.done();
        if (for_programs(globals))
            print_line(*answer);
        else
            print_replayed(*answer);
    }
    if (sum.bodies > 0 || tried.exit_status() == exit_ok)
        print_sum(sum, arguments.dry_run);
    return tried.exit_status();
}

int drop(Globals const& globals, ShelfArguments const& arguments)
{
    ControlClient client{globals};
    Tried tried;
    for (auto const entry : arguments.entries) {
        auto const answer = client.post(fmt::format("/v1/shelf/{}/drop", entry), {{"reason", arguments.reason}});
        if (!answer) {
            tried.failed(client.exit_status());
            continue;
        }
        tried.done();
        if (for_programs(globals))
            print_line(*answer);
        else
            fmt::print("shelf entry {} is dropped\n", entry);
    }
    return tried.exit_status();
}

CLI::Option* entries_of(CLI::App* sub, Shared const& arguments)
{
    return sub->add_option("entry", arguments->entries, "number of the entry (shelf ls tells it)")
        ->check(number_of("an entry", "deskbridge shelf ls"))
        ->type_name("ENTRY");
}

void choose_by(CLI::App* sub, Shared const& arguments)
{
    sub->add_option("--reason", arguments->reason, "unreadable, unknown_account, effect_failed or foreign_object")->type_name("REASON");
    sub->add_option("--account", arguments->account, "only this account's")->type_name("ACCOUNT");
}

void add_looking(CLI::App& group, Globals& globals, Shared const& arguments)
{
    auto* ls = add_command<ShelfArguments>(group, globals,
                                           {"ls", "what lies there, newest first", "Example:\n  deskbridge shelf ls --reason unknown_account"},
                                           arguments, list);
    choose_by(ls, arguments);
    ls->add_flag("--resolved", arguments->resolved, "behind the open ones also those that are done with");
    add_limit(*ls, arguments->limit);
    auto* shown = add_command<ShelfArguments>(
        group, globals, {"show", "one entry", "Examples:\n  deskbridge shelf show 3\n  deskbridge shelf show 3 --body"}, arguments, show);
    entries_of(shown, arguments)->required()->expected(1);
    shown->add_flag("--body", arguments->body, "the webhook's body as it came: a customer's words (administrators)");
}

void add_deciding(CLI::App& group, Globals& globals, Shared const& arguments)
{
    auto* again = add_command<ShelfArguments>(group, globals,
                                              {"replay", "read bodies again, after a fix or a change of configuration (administrators)",
                                               "A body is read as a whole; what took effect already does nothing.\n\nExample:\n"
                                               "  deskbridge shelf replay --all --reason unknown_account --dry-run"},
                                              arguments, replay);
    auto* named = entries_of(again, arguments);
    again->add_flag("--all", arguments->limit.all, "all open ones")->excludes(named);
    choose_by(again, arguments);
    again->add_flag("--dry-run", arguments->dry_run, "do it, tell what it did, and undo it");
    auto* dropped = add_command<ShelfArguments>(group, globals,
                                                {"drop", "nothing is to come of it (administrators)",
                                                 "Example:\n  deskbridge shelf drop 3 --reason \"a test of the provider's\""},
                                                arguments, drop);
    entries_of(dropped, arguments)->required();
    dropped->add_option("--reason", arguments->reason, "why, for your colleagues")->required()->type_name("TEXT");
}

} // namespace

void add_shelf_commands(CLI::App& app, Globals& globals)
{
    auto* shelf = add_group(app, "shelf", "webhooks that were signed and could not take effect");
    auto const arguments = std::make_shared<ShelfArguments>();
    add_looking(*shelf, globals, arguments);
    add_deciding(*shelf, globals, arguments);
}

} // namespace deskbridge::app
