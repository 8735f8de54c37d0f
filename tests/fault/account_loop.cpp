#include "arguments.hpp"
#include "command_line.hpp"
#include "daemon.hpp"
#include "phone.hpp"
#include "tally.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <ctime>
#include <fstream>
#include <thread>

using namespace fault;
using nlohmann::json;

namespace {

constexpr auto usage = R"(account_loop --deskbridge PROGRAM

The health of an account through both halves of the program as processes: what the provider tells by webhooks and when it is asked,
what the command line says of it, a message through the whole way, and a token that is refused.
)";

constexpr auto number = "4915112345678";

/// The command line of the program, with the daemon's configuration.
struct Desk {
    CommandLine commands;

    [[nodiscard]] CommandLine::Answer ask(std::string const& command) const { return commands.run(command); }
    [[nodiscard]] json health() const { return json::parse(commands.run("account health support --json").words, nullptr, false); }
    /// "red/error" of an aspect; "" if nothing is known of it.
    [[nodiscard]] std::string state_of(std::string const& aspect) const
    {
        auto const all = health();
        if (!all.is_object() || !all.contains("aspects"))
            return {};
        for (auto const& one : all.at("aspects"))
            if (one.value("aspect", "") == aspect)
                return one.value("state", "") + "/" + one.value("severity", "");
        return {};
    }
    [[nodiscard]] bool becomes(std::string const& aspect, std::string const& state) const
    {
        return wait_for([&] { return state_of(aspect) == state; });
    }
};

void expect_says(Desk const& desk, std::string const& command, int status, std::string const& words)
{
    auto const answer = desk.ask(command);
    expect(answer.status == status && answer.words.find(words) != std::string::npos,
           fmt::format("{}: exit status {} instead of {}, or not \"{}\": {}", command, answer.status, status, words, answer.words));
}

void check_start(Desk const& desk)
{
    expect(desk.becomes("number", "connected/ok"), "the provider is not asked at the start: " + desk.health().dump());
    expect(desk.becomes("subscription", "subscribed/ok"), "the webhooks are not asked about");
    expect_says(desk, "account ls --json", 0, R"("health":"ok")");
    expect_says(desk, "account verify support", 0, R"("aspect":"token")");
    expect_says(desk, "account test support", 0, R"("aspect":"hook")");
    expect(desk.state_of("hook") == "answers/ok", "our own hook does not answer: " + desk.health().dump());
    expect_says(desk, "account health nobody", 4, "nobody");
}

void check_webhooks(Phone const& phone, Desk const& desk)
{
    phone.changes_account({{"quality", "RED"}});
    expect(wait_for([&] { return desk.state_of("quality").ends_with("/error"); }), "a bad quality is not told");
    auto const restrict_until = [&](std::time_t end) {
        phone.changes_account({{"restriction", {{"type", "RESTRICTED_BIZ_INITIATED_MESSAGING"}, {"expiration", end}}}});
    };
    restrict_until(std::time(nullptr) + 3600);
    expect(desk.becomes("standing", "restricted/error"), "a restriction is not told");
    expect_says(desk, "account ls --json", 0, R"("health":"error")");
    expect_says(desk, "account verify support", 1, "no customer may be written to first");
    auto const restricted_until = std::time(nullptr) + 3;
    restrict_until(restricted_until);
    phone.changes_account({{"ban", "REINSTATE"}, {"quality", "GREEN"}});
    expect(desk.becomes("standing", "reinstated/ok"), "the end of a ban is not told");
    std::this_thread::sleep_until(std::chrono::system_clock::from_time_t(restricted_until + 1)); // it outlasts the ban: nothing else ends it
    expect_says(desk, "account verify support", 0, R"("state":"green")");
    phone.changes_account({{"security", "PIN_CHANGED"}, {"alert", {{"type", "BILLING"}}}, {"name_status", "DECLINED"}});
    expect(desk.becomes("security", "pin_changed/warning"), "a changed PIN is not told");
    expect(desk.becomes("alert", "active/warning"), "an alert is not told");
    expect(desk.becomes("name", "declined/warning"), "a declined name is not told");
}

/// What no webhook tells.
void check_asking(Phone const& phone, Desk const& desk)
{
    phone.changes_account({{"subscribed", false}});
    expect_says(desk, "account verify support", 1, "nothing comes in");
    phone.changes_account({{"subscribed", true}, {"unticked", {"messages"}}});
    expect_says(desk, "account verify support", 1, "does not subscribe to messages");
    phone.changes_account({{"unticked", {"security"}}});
    expect_says(desk, "account verify support", 0, "fields_missing");
    phone.changes_account({{"unticked", json::array()}, {"app_url", "https://elsewhere.example/hook"}});
    expect_says(desk, "account verify support", 0, "https://elsewhere.example/hook");
    phone.changes_account({{"app_url", ""}});
    phone.changes_account({{"subscribed", true}, {"expires_at", std::time(nullptr) + 86400}});
    expect_says(desk, "account verify support", 0, "ends_soon");
    phone.changes_account({{"can_send", "BLOCKED"}, {"why", "No payment method"}, {"expires_at", 0}});
    expect_says(desk, "account verify support", 1, "No payment method");
    phone.changes_account({{"can_send", "AVAILABLE"}, {"why", ""}});
}

void check_message(Phone const& phone, Desk const& desk)
{
    auto const test = fmt::format("account test support --to +{} -m 'Is this the way?'", number);
    expect_says(desk, test, 2, "has written to support");
    phone.says("My parcel has not arrived");
    expect(wait_for([&] { return desk.ask("ticket show 1 --peek").status == 0; }), "no ticket");
    auto const sent = desk.ask(test);
    expect(sent.status == 0, "account test --to: " + sent.words);
    expect(phone.shows("Is this the way?"), "the customer does not see it");
    auto const ticket = desk.ask("ticket show 1 --peek --json").words;
    expect(ticket.find("Is this the way?") == std::string::npos, "it stands in the ticket");
    expect(desk.health().at("last_inbound_at").is_string(), "the customer's message is not counted");
}

void check_token(Phone const& phone, Desk const& desk)
{
    phone.refuses("token", -1); // every call from now on
    expect_says(desk, "account verify support", 1, "refused");
    expect(desk.state_of("token") == "refused/error", "a refused token is not told");
}

void run(Arguments const& arguments)
{
    std::string const program = std::filesystem::absolute(arguments.text("--deskbridge"));
    ScratchFolder const folder;
    int const provider = free_port();
    Daemon daemon{program, folder.path(), provider};
    std::ofstream{daemon.configuration(), std::ios::app} << "waba_id = \"880011223344556\"\n";
    Phone phone{program, folder.path(), provider, daemon.port(), {.number = number}};
    daemon.start();
    Desk const desk{{program, daemon.configuration()}};
    expect(desk.commands.add_tester(), "no agent");
    check_start(desk);
    check_webhooks(phone, desk);
    check_asking(phone, desk);
    check_message(phone, desk);
    check_token(phone, desk);
    auto const log = daemon.log();
    expect(log.find("event=account_unwell") != std::string::npos, "what is not well is not in the log");
    expect(log.find(Daemon::token) == std::string::npos, "the token is in the log");
    expect(log.find(Daemon::app_secret) == std::string::npos, "the app's secret is in the log");
    expect(log.find(number) == std::string::npos, "a customer's number is in the log");
}

} // namespace

int main(int argc, char** argv)
{
    try {
        run(Arguments{argc, argv, usage});
    } catch (std::exception const& error) { // so that the processes it started end with it
        expect(false, error.what());
    }
    return conclude();
}
