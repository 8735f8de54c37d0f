#include "answers.hpp"
#include "command.hpp"
#include "control_client.hpp"
#include "targets.hpp"
#include "template_view.hpp"
#include "terminal.hpp"

#include "deskbridge/channel/url.hpp"

#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <thread>

namespace deskbridge::app {
namespace {

using nlohmann::ordered_json;
using namespace std::chrono_literals;

constexpr auto sync_patience = 120s;
constexpr auto between_looks = 300ms;

struct TemplateArguments {
    std::string account;
    std::string name;
    std::string language;
    std::string status;
    Limit limit;
    bool no_wait{false};
};
using SharedArguments = std::shared_ptr<TemplateArguments>;

std::string path_of(std::string const& account, std::string_view rest = {})
{
    return fmt::format("/v1/accounts/{}/templates{}", channel::escape_url(account), rest);
}

std::string places_of(ordered_json const& one)
{
    std::string words;
    for (auto const& place : one.at("places"))
        words += fmt::format("{}{}{}", words.empty() ? "" : ", ", safe(text(place, "key")), yes(place, "required") ? "" : " (optional)");
    return or_dash(words);
}

std::vector<std::string> template_row(ordered_json const& one)
{
    return {safe(text(one, "name")), safe(text(one, "language")), safe(text(one, "status")), safe(text(one, "category")),
            or_dash(safe(text(one, "quality"))), places_of(one)};
}

/// How old the list is, and what is wrong with it.
void tell_list(ordered_json const& list)
{
    auto const synced = text(list, "synced_at");
    if (synced.empty())
        fmt::print(stderr, "the provider has not told its list yet\n");
    else
        fmt::print(stderr, "as the provider told it on {}\n", moment_in_words(synced));
    if (auto const problem = text(list, "problem"); !problem.empty())
        fmt::print(stderr, "! {}\n", safe(problem));
}

int list_templates(Globals const& globals, TemplateArguments const& arguments)
{
    ControlClient client{globals};
    bool const programs = for_programs(globals);
    std::vector<std::vector<std::string>> rows;
    ordered_json stands;
    auto const take = [&](ordered_json const& page) {
        stands = page.at("list");
        for (auto const& one : page.at("data"))
            programs ? print_line(one) : rows.push_back(template_row(one));
    };
    auto const more = for_each_page(client, target_of(path_of(arguments.account), {{"status", arguments.status}}), arguments.limit, take);
    if (!more)
        return client.exit_status();
    if (programs)
        return exit_ok;
    if (rows.empty())
        fmt::print("no templates\n");
    else
        print_table({"NAME", "LANGUAGE", "STATUS", "CATEGORY", "QUALITY", "VALUES"}, rows);
    tell_list(stands);
    if (*more)
        fmt::print(stderr, "more templates: --limit N or --all\n");
    return exit_ok;
}

void print_template(ordered_json const& one)
{
    fmt::print("{}  {}  {}  {}  quality {}\n", safe(text(one, "name")), safe(text(one, "language")), safe(text(one, "status")),
               safe(text(one, "category")), or_dash(safe(text(one, "quality"))));
    if (auto const problem = text(one, "problem"); !problem.empty())
        fmt::print("! {}\n", safe(problem));
    fmt::print("values: {}\n", places_of(one));
    for (auto const& line : component_lines(one.value("components", ordered_json{})))
        print_paragraph(line);
}

int show_template(Globals const& globals, TemplateArguments const& arguments)
{
    ControlClient client{globals};
    auto const found = client.get(path_of(arguments.account, "/" + channel::escape_url(arguments.name)));
    if (!found)
        return client.exit_status();
    std::size_t shown = 0;
    for (auto const& one : found->at("data")) {
        if (!arguments.language.empty() && text(one, "language") != arguments.language)
            continue;
        if (for_programs(globals)) {
            print_line(one);
        } else {
            if (shown > 0)
                fmt::print("\n");
            print_template(one);
        }
        ++shown;
    }
    if (shown > 0)
        return exit_ok;
    fmt::print(stderr, "error: the template {} does not exist in \"{}\"\nfix:   deskbridge template show {} {} tells its languages\n",
               safe(arguments.name), safe(arguments.language), safe(arguments.account), safe(arguments.name));
    return exit_not_found;
}

/// How the list stands once it was asked for after `before`; nullopt: an error was printed, or time is up.
std::optional<ordered_json> await_list(ControlClient& client, std::string const& account, ordered_json const& before)
{
    auto const until = std::chrono::steady_clock::now() + sync_patience;
    while (std::chrono::steady_clock::now() < until) {
        auto const page = client.get(target_of(path_of(account), {{"limit", "1"}}));
        if (!page)
            return std::nullopt;
        if (auto const& now = page->at("list"); now.at("tried_at") != before.at("tried_at"))
            return now;
        std::this_thread::sleep_for(between_looks);
    }
    fmt::print(stderr, "error: the provider's list has not come yet; it is still being asked for\n"
                       "fix:   look later: deskbridge template ls {}\n", safe(account));
    return std::nullopt;
}

int sync(Globals const& globals, TemplateArguments const& arguments)
{
    ControlClient client{globals};
    auto const before = client.post(fmt::format("/v1/accounts/{}/sync-templates", channel::escape_url(arguments.account)), ordered_json::object());
    if (!before)
        return client.exit_status();
    auto const after = arguments.no_wait ? before : await_list(client, arguments.account, *before);
    if (!after)
        return client.exit_status() == exit_ok ? static_cast<int>(exit_temporary) : client.exit_status();
    auto const problem = arguments.no_wait ? std::string{} : text(*after, "problem");
    if (for_programs(globals))
        print_line(*after);
    else if (problem.empty())
        fmt::print("{}\n", arguments.no_wait ? "the provider is being asked" : "the list is as the provider has it");
    if (problem.empty())
        return exit_ok;
    fmt::print(stderr, "error: {}\nfix:   it is tried again by itself; deskbridge template sync {} tries at once\n", safe(problem),
               safe(arguments.account));
    return exit_temporary;
}

void add_account(CLI::App& sub, SharedArguments const& arguments)
{
    sub.add_option("account", arguments->account, "name or id (account ls tells them)")->required()->type_name("ACCOUNT");
}

} // namespace

void add_template_commands(CLI::App& app, Globals& globals)
{
    auto* group = add_group(app, "template", "messages that the provider approves beforehand");
    auto const arguments = std::make_shared<TemplateArguments>();
    auto* ls = add_command<TemplateArguments>(*group, globals,
                                              {"ls", "the account's templates, and what each wants to be told",
                                               "Sending one: deskbridge ticket template\n\nExamples:\n  deskbridge template ls support\n"
                                               "  deskbridge template ls support --status paused,rejected --json | jq -r .name"},
                                              arguments, list_templates);
    add_account(*ls, arguments);
    ls->add_option("--status", arguments->status, "approved, paused, rejected, pending, disabled, deleted, …; several with commas "
                                                  "(default: all but deleted)")
        ->type_name("STATUS");
    add_limit(*ls, arguments->limit);
    auto* shown = add_command<TemplateArguments>(*group, globals,
                                                 {"show", "one template in all its languages: words, values, what is wrong with it",
                                                  "Example:\n  deskbridge template show support ticket_update --language de"},
                                                 arguments, show_template);
    add_account(*shown, arguments);
    shown->add_option("name", arguments->name, "name of the template")->required()->type_name("NAME");
    shown->add_option("--language", arguments->language, "only this one, as the provider spells it")->type_name("LANGUAGE");
    auto* synced = add_command<TemplateArguments>(*group, globals,
                                                  {"sync", "ask the provider for the list now",
                                                   "It is asked at every start and once a day, and tells changes by itself.\n\nExample:\n"
                                                   "  deskbridge template sync support"},
                                                  arguments, sync);
    add_account(*synced, arguments);
    synced->add_flag("--no-wait", arguments->no_wait, "do not wait for what comes of it");
}

} // namespace deskbridge::app
