#include "answers.hpp"
#include "command.hpp"
#include "control_client.hpp"
#include "health_view.hpp"
#include "terminal.hpp"

#include <fmt/format.h>

namespace deskbridge::app {
namespace {

using nlohmann::ordered_json;

/// What keeps it from sending or receiving.
std::string standing_of(ordered_json const& account)
{
    if (!yes(account, "configured"))
        return "not in the configuration any more";
    auto const paused = account.find("paused");
    auto const health = text(account, "health");
    if (paused == account.end() || !paused->is_object())
        return health == "ok" ? "sends; no trouble known" : fmt::format("sends; {}: deskbridge account health {}", health, safe(text(account, "name")));
    return fmt::format("sends nothing since {}: {}", moment_in_words(text(*paused, "at")), safe(text(*paused, "reason")));
}

int list(Globals const& globals)
{
    ControlClient client{globals};
    auto const accounts = client.get("/v1/accounts");
    if (!accounts)
        return client.exit_status();
    std::vector<std::vector<std::string>> rows;
    for (auto const& account : accounts->at("data")) {
        if (for_programs(globals))
            print_line(account);
        else
            rows.push_back({text(account, "id"), safe(text(account, "name")), text(account, "channel"), or_dash(safe(text(account, "number"))),
                            or_dash(costs_in_words(account.at("costs"))), standing_of(account)});
    }
    if (!for_programs(globals))
        print_table({"ID", "NAME", "CHANNEL", "NUMBER", "THIS MONTH", "STANDS"}, rows);
    return exit_ok;
}

} // namespace

void add_account_commands(CLI::App& app, Globals& globals)
{
    auto* account = add_group(app, "account", "business numbers and bots");
    add_command(*account, globals,
                {"ls", "list the accounts, whether they send, and how they are",
                 "THIS MONTH: messages of the calendar month (UTC) by what they cost, as far as the provider has told.\n\n"
                 "Example:\n  deskbridge account ls"},
                [&globals] { return list(globals); });
    add_health_commands(*account, globals);
    add_pausing_commands(*account, globals);
}

} // namespace deskbridge::app
