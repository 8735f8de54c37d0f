#include "answers.hpp"
#include "command_line.hpp"
#include "control_client.hpp"
#include "terminal.hpp"

#include <fmt/format.h>

#include <memory>

#include <pwd.h>

namespace deskbridge::app {
namespace {

using nlohmann::ordered_json;

int add_agent(Globals const& globals, std::string const& name, std::string const& user, std::string const& role)
{
    ControlClient client{globals};
    ordered_json body{{"name", name}, {"role", role}};
    if (!user.empty())
        body["unix_user"] = user;
    auto const agent = client.post("/v1/agents", body);
    if (!agent)
        return client.exit_status();
    if (for_programs(globals))
        print_line(*agent);
    else
        fmt::print("added {} {}{}\n", role, safe(name), user.empty() ? "" : fmt::format(" (Unix user {})", safe(user)));
    if (!user.empty() && ::getpwnam(user.c_str()) == nullptr)
        fmt::print(stderr, "warning: there is no Unix user {} on this machine: nobody can act as this agent yet\n", safe(user));
    return exit_ok;
}

int list_agents(Globals const& globals)
{
    ControlClient client{globals};
    auto const agents = client.get("/v1/agents");
    if (!agents)
        return client.exit_status();
    std::vector<std::vector<std::string>> rows;
    for (auto const& agent : agents->at("data")) {
        if (for_programs(globals)) {
            print_line(agent);
            continue;
        }
        auto const user = agent.at("unix_user").is_string() ? agent.at("unix_user").get<std::string>() : "-";
        rows.push_back({std::to_string(agent.at("id").get<std::int64_t>()), safe(agent.at("name").get<std::string>()), safe(user),
                        agent.at("role").get<std::string>()});
    }
    if (!for_programs(globals))
        print_table({"ID", "NAME", "UNIX USER", "ROLE"}, rows);
    return exit_ok;
}

} // namespace

void add_agent_commands(CLI::App& app, Globals& globals)
{
    auto* agent = app.add_subcommand("agent", "who answers customers");
    agent->require_subcommand(1);

    auto* add = agent->add_subcommand("add", "add an agent (administrators; root is one)");
    add->footer("Example:\n  deskbridge agent add \"Ana Prado\" --user ana");
    auto name = std::make_shared<std::string>();
    auto user = std::make_shared<std::string>();
    auto role = std::make_shared<std::string>("agent");
    add->add_option("name", *name, "as customers and colleagues see it")->required()->type_name("NAME");
    add->add_option("--user", *user, "the Unix user who is this agent on the command line")->type_name("UNIXNAME");
    add->add_option("--role", *role, "agent or administrator")->check(CLI::IsMember({"agent", "administrator"}))->capture_default_str();
    add->callback([&globals, name, user, role] {
        globals.run = [&globals, name, user, role] { return add_agent(globals, *name, *user, *role); };
    });

    auto* list = agent->add_subcommand("ls", "list the agents");
    list->callback([&globals] { globals.run = [&globals] { return list_agents(globals); }; });
}

} // namespace deskbridge::app
