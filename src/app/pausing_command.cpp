#include "answers.hpp"
#include "command.hpp"
#include "control_client.hpp"
#include "terminal.hpp"

#include "deskbridge/channel/url.hpp"

#include <fmt/format.h>

#include <memory>

namespace deskbridge::app {
namespace {

using nlohmann::ordered_json;

struct PauseArguments {
    std::string account;
    std::string reason;
};

int change_account(Globals const& globals, PauseArguments const& arguments, char const* verb, ordered_json const& body)
{
    ControlClient client{globals};
    auto const account = client.post(fmt::format("/v1/accounts/{}/{}", channel::escape_url(arguments.account), verb), body);
    if (!account)
        return client.exit_status();
    auto const name = safe(text(*account, "name"));
    if (for_programs(globals))
        print_line(*account);
    else if (account->at("paused").is_null())
        fmt::print("{} sends again\n", name);
    else
        fmt::print("{0} sends nothing until: deskbridge account resume {0}\n", name);
    return exit_ok;
}

} // namespace

void add_pausing_commands(CLI::App& group, Globals& globals)
{
    auto const arguments = std::make_shared<PauseArguments>();
    auto const called = "deskbridge " + group.get_name();
    auto* paused = add_command<PauseArguments>(
        group, globals,
        {"pause", "an account sends nothing until it is resumed (administrators)",
         "What is on its way ends; webhooks are taken all the same. A restart keeps the pause.\n\n"
         "Example:\n  " + called + " pause support --reason \"provider incident 4711\""},
        arguments, [](auto const& g, auto const& a) { return change_account(g, a, "pause", {{"reason", a.reason}}); });
    paused->add_option("account", arguments->account, "name or id")->required()->type_name("ACCOUNT");
    paused->add_option("--reason", arguments->reason, "why, for your colleagues")->required()->type_name("TEXT");
    auto* resumed = add_command<PauseArguments>(
        group, globals, {"resume", "an account sends again (administrators)", "Example:\n  " + called + " resume support"}, arguments,
        [](auto const& g, auto const& a) { return change_account(g, a, "resume", ordered_json::object()); });
    resumed->add_option("account", arguments->account, "name or id")->required()->type_name("ACCOUNT");
}

} // namespace deskbridge::app
