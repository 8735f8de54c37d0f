#include "answers.hpp"
#include "command.hpp"
#include "control_client.hpp"
#include "health_view.hpp"
#include "targets.hpp"
#include "terminal.hpp"

#include "deskbridge/channel/url.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <memory>
#include <thread>

namespace deskbridge::app {
namespace {

using nlohmann::ordered_json;
using namespace std::chrono_literals;

constexpr auto check_patience = 150s;
constexpr auto receipt_patience = 90s;
constexpr auto between_looks = 300ms;

struct HealthArguments {
    std::string account;
    std::string to;
    std::string message{"A test of the way to you and back."};
    std::string name;
    std::string language;
    std::vector<std::string> parameters;
};
using SharedArguments = std::shared_ptr<HealthArguments>;

std::string path_of(std::string const& account, std::string_view rest)
{
    return fmt::format("/v1/accounts/{}{}", channel::escape_url(account), rest);
}

int health(Globals const& globals, HealthArguments const& arguments)
{
    ControlClient client{globals};
    auto const found = client.get(path_of(arguments.account, "/health"));
    if (!found)
        return client.exit_status();
    if (for_programs(globals))
        print_line(*found);
    else
        print_health(*found);
    return exit_ok;
}

/// How the account is once the provider was asked after `before`; nullopt: an error was printed, or time is up.
std::optional<ordered_json> await_check(ControlClient& client, std::string const& account, ordered_json const& before)
{
    auto const until = std::chrono::steady_clock::now() + check_patience;
    while (std::chrono::steady_clock::now() < until) {
        auto now = client.get(path_of(account, "/health"));
        if (!now)
            return std::nullopt;
        if (now->at("check").at("tried_at") != before.at("check").at("tried_at"))
            return now;
        std::this_thread::sleep_for(between_looks);
    }
    fmt::print(stderr, "error: the provider has not answered yet; it is still being asked\n"
                       "fix:   look later: deskbridge account health {}\n", safe(account));
    return std::nullopt;
}

/// Asks the provider, and tells what came of it. Answers the exit status.
int check(Globals const& globals, ControlClient& client, HealthArguments const& arguments, bool hook)
{
    auto const before = client.post(path_of(arguments.account, "/verify"), {{"hook", hook}});
    if (!before)
        return client.exit_status();
    auto const after = await_check(client, arguments.account, *before);
    if (!after)
        return client.exit_status() == exit_ok ? static_cast<int>(exit_temporary) : client.exit_status();
    if (for_programs(globals))
        print_line(*after);
    else
        print_findings(*after);
    if (auto const problem = text(after->at("check"), "problem"); !problem.empty()) {
        fmt::print(stderr, "error: {}\nfix:   it is tried again by itself; deskbridge account verify {} tries at once\n", safe(problem),
                   safe(arguments.account));
        return exit_temporary;
    }
    bool const hook_fails = hook && !hook_is_well(*after); // only a hint elsewhere; here it is what was asked
    return worst_of(*after) == "error" || hook_fails ? exit_failure : exit_ok;
}

int verify(Globals const& globals, HealthArguments const& arguments)
{
    ControlClient client{globals};
    return check(globals, client, arguments, false);
}

/// How it ended, of what `outbox show` says; nullopt: it has not yet.
std::optional<int> ending_of(std::string const& delivery)
{
    for (auto const* well : {"delivered", "read", "played"})
        if (delivery == well)
            return exit_ok;
    for (auto const* badly : {"refused", "failed", "expired", "cancelled"})
        if (delivery == badly)
            return exit_failure;
    return delivery == "unknown" || delivery == "held" ? std::optional<int>{exit_unknown} : std::nullopt;
}

/// Follows a message until it has arrived or never will.
int await_delivery(Globals const& globals, ControlClient& client, std::int64_t message)
{
    auto const until = std::chrono::steady_clock::now() + receipt_patience;
    std::string delivery;
    while (std::chrono::steady_clock::now() < until) {
        auto const detail = client.get(fmt::format("/v1/outbox/{}", message));
        if (!detail)
            return client.exit_status();
        delivery = text(*detail, "delivery");
        if (auto const ending = ending_of(delivery)) {
            for_programs(globals) ? print_line(detail->at("message")) : fmt::print("message {} is {}\n", message, delivery);
            if (*ending != exit_ok)
                fmt::print(stderr, "error: message {0} is {1}\nfix:   deskbridge outbox show {0} tells why\n", message, delivery);
            return *ending;
        }
        std::this_thread::sleep_for(between_looks);
    }
    fmt::print(stderr, "error: message {0} is {1}, and nothing more has come\n"
                       "fix:   is the phone on? deskbridge outbox show {0} tells more\n", message, delivery);
    return exit_temporary;
}

int send(Globals const& globals, ControlClient& client, HealthArguments const& arguments)
{
    ordered_json body{{"to", arguments.to}};
    if (arguments.name.empty())
        body["text"] = arguments.message;
    else
        body.update({{"template", arguments.name}, {"values", values_of(arguments.parameters)}});
    if (!arguments.language.empty())
        body["language"] = arguments.language;
    auto const sent = client.post(path_of(arguments.account, "/test"), body);
    return sent ? await_delivery(globals, client, number(*sent, "id")) : client.exit_status();
}

int test(Globals const& globals, HealthArguments const& arguments)
{
    ControlClient client{globals};
    auto const checked = check(globals, client, arguments, true);
    if (arguments.to.empty() || (checked != exit_ok && checked != exit_failure))
        return checked;
    auto const sent = send(globals, client, arguments); // whatever is wrong: what the provider makes of a message says most
    return sent == exit_ok ? checked : sent;
}

CLI::App* about_account(CLI::App* sub, SharedArguments const& arguments)
{
    sub->add_option("account", arguments->account, "name or id (account ls tells them)")->required()->type_name("ACCOUNT");
    return sub;
}

void add_test(CLI::App& group, Globals& globals, SharedArguments const& arguments)
{
    auto* sub = about_account(
        add_command<HealthArguments>(group, globals,
                                     {"test", "try the whole way: credentials, webhooks, our hook from outside, and a message",
                                      "The message goes through the outbox like any other, to somebody who has written to the account "
                                      "before, and is in no ticket. Exit status 8: whether it arrived is unknown.\n\n"
                                      "Examples:\n  deskbridge account test support\n"
                                      "  deskbridge account test support --to \"+49 151 23456789\"\n"
                                      "  deskbridge account test support --to 4915123456789 --template reply_waiting --language en "
                                      "--param 1=Mara"},
                                     arguments, test),
        arguments);
    auto* to = sub->add_option("--to", arguments->to, "also send a message to this number")->type_name("NUMBER");
    sub->add_option("-m,--message", arguments->message, "its text")->needs(to)->type_name("TEXT");
    auto* named = sub->add_option("--template", arguments->name, "a template instead, also when the reply window is closed");
    named->needs(to)->type_name("NAME");
    sub->add_option("--language", arguments->language, "of the template")->needs(named)->type_name("LANGUAGE");
    sub->add_option("--param", arguments->parameters, "a value of the template, as KEY=VALUE; once for each")
        ->needs(named)
        ->allow_extra_args(false)
        ->type_name("KEY=VALUE");
}

} // namespace

void add_health_commands(CLI::App& account, Globals& globals)
{
    auto const arguments = std::make_shared<HealthArguments>();
    about_account(add_command<HealthArguments>(account, globals,
                                               {"health", "how the account is at its provider, since when, and why",
                                                "What webhooks told, what the provider answered when it was asked last, and what is seen "
                                                "from here.\n\n"
                                                "Example:\n  deskbridge account health support"},
                                               arguments, health),
                  arguments);
    about_account(add_command<HealthArguments>(account, globals,
                                               {"verify", "ask the provider now: number, token, webhooks",
                                                "It is asked at every start and once a day. Exit status 1: something is wrong.\n\n"
                                                "Example:\n  deskbridge account verify support"},
                                               arguments, verify),
                  arguments);
    add_test(account, globals, arguments);
}

} // namespace deskbridge::app
