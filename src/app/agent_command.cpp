#include "answers.hpp"
#include "command.hpp"
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
        rows.push_back({text(agent, "id"), safe(text(agent, "name")), or_dash(safe(text(agent, "unix_user"))), text(agent, "role"),
                        text(agent, "disabled_at").empty() ? "" : "disabled " + moment_in_words(text(agent, "disabled_at"))});
    }
    if (!for_programs(globals))
        print_table({"ID", "NAME", "UNIX USER", "ROLE", ""}, rows);
    return exit_ok;
}

/// The id of the agent that `word` names, by id, name or Unix user. Anything but exit_ok: an error was printed.
int find_agent(ControlClient& client, std::string const& word, std::int64_t& id)
{
    auto const agents = client.get("/v1/agents");
    if (!agents)
        return client.exit_status();
    for (auto const& agent : agents->at("data"))
        if (text(agent, "id") == word || text(agent, "name") == word || text(agent, "unix_user") == word) {
            id = number(agent, "id");
            return exit_ok;
        }
    fmt::print(stderr, "error: no agent is called \"{}\"\nfix:   deskbridge agent ls tells their names and ids\n", safe(word));
    return exit_not_found;
}

/// POSTs to the agent that `word` names; `done` follows the name.
int act(Globals const& globals, std::string const& word, char const* verb, ordered_json const& body, char const* done)
{
    ControlClient client{globals};
    std::int64_t id = 0;
    if (int const status = find_agent(client, word, id); status != exit_ok)
        return status;
    auto const agent = client.post(fmt::format("/v1/agents/{}{}", id, verb), body);
    if (!agent)
        return client.exit_status();
    if (for_programs(globals))
        print_line(*agent);
    else
        fmt::print("{} {}\n", safe(text(*agent, "name")), done);
    return exit_ok;
}

void add_change(CLI::App& agent, Globals& globals)
{
    auto name = std::make_shared<std::string>();
    auto user = std::make_shared<std::string>();
    auto new_role = std::make_shared<std::string>();
    auto no_user = std::make_shared<bool>(false);
    auto* change = add_command(agent, globals,
                               {"change", "give an agent another Unix user or role (administrators)",
                                "Examples:\n  deskbridge agent change \"Ana Prado\" --user ana\n"
                                "  deskbridge agent change \"Rui Lima\" --role agent --no-user"},
                               [&globals, name, user, new_role, no_user] {
                                   auto body = ordered_json::object();
                                   if (!user->empty())
                                       body["unix_user"] = *user;
                                   if (*no_user)
                                       body["unix_user"] = nullptr;
                                   if (!new_role->empty())
                                       body["role"] = *new_role;
                                   return act(globals, *name, "", body, "is changed");
                               });
    change->add_option("agent", *name, "name, id or Unix user")->required()->type_name("AGENT");
    auto* as_user = change->add_option("--user", *user, "the Unix user who is this agent from now on")->type_name("UNIXNAME");
    change->add_flag("--no-user", *no_user, "nobody is this agent on the command line")->excludes(as_user);
    change->add_option("--role", *new_role, "agent or administrator")->check(CLI::IsMember({"agent", "administrator"}));
}

} // namespace

void add_agent_commands(CLI::App& app, Globals& globals)
{
    auto* agent = add_group(app, "agent", "who answers customers");
    auto name = std::make_shared<std::string>();
    auto user = std::make_shared<std::string>();
    auto role = std::make_shared<std::string>("agent");
    auto* add = add_command(*agent, globals,
                            {"add", "add an agent (administrators; root is one)",
                             "Examples:\n  deskbridge agent add \"Ana Prado\" --user ana\n"
                             "  deskbridge agent add \"Rui Lima\" --user rui --role administrator"},
                            [&globals, name, user, role] { return add_agent(globals, *name, *user, *role); });
    add->add_option("name", *name, "as customers and colleagues see it")->required()->type_name("NAME");
    add->add_option("--user", *user, "the Unix user who is this agent on the command line")->type_name("UNIXNAME");
    add->add_option("--role", *role, "agent or administrator")->check(CLI::IsMember({"agent", "administrator"}))->capture_default_str();
    add_command(*agent, globals, {"ls", "list the agents", "Example:\n  deskbridge agent ls"}, [&globals] { return list_agents(globals); });
    add_change(*agent, globals);
    auto* enable = add_command(*agent, globals,
                               {"enable", "an agent who was disabled may come in again (administrators)",
                                "Example:\n  deskbridge agent enable \"Ana Prado\""},
                               [&globals, name] { return act(globals, *name, "/enable", ordered_json::object(), "may come in again"); });
    enable->add_option("agent", *name, "name, id or Unix user")->required()->type_name("AGENT");
    auto* disable = add_command(*agent, globals,
                                {"disable", "an agent may not come in any more (administrators)",
                                 "The name stays taken, and tickets stay assigned: deskbridge ticket ls --assignee NAME\n\n"
                                 "Example:\n  deskbridge agent disable \"Ana Prado\""},
                                [&globals, name] { return act(globals, *name, "/disable", ordered_json::object(), "may not come in any more"); });
    disable->add_option("agent", *name, "name, id or Unix user")->required()->type_name("AGENT");
}

} // namespace deskbridge::app
