#include "deskbridge/store/agent.hpp"

#include "deskbridge/store/event_log.hpp"

namespace deskbridge::store {

namespace {

constexpr auto insert_agent = "INSERT INTO agent (name, unix_user, role, created_at_ms) VALUES (?1, ?2, ?3, ?4)";
constexpr auto select_agent = R"(
    SELECT agent_id, name, unix_user, role, created_at_ms, disabled_at_ms FROM agent WHERE agent_id = ?1)";
constexpr auto select_by_name = R"(
    SELECT agent_id, name, unix_user, role, created_at_ms, disabled_at_ms FROM agent WHERE name = ?1)";
constexpr auto select_by_unix_user = R"(
    SELECT agent_id, name, unix_user, role, created_at_ms, disabled_at_ms FROM agent WHERE unix_user = ?1)";
constexpr auto select_agents = R"(
    SELECT agent_id, name, unix_user, role, created_at_ms, disabled_at_ms FROM agent ORDER BY name)";
constexpr auto update_agent = "UPDATE agent SET role = ?2, unix_user = ?3 WHERE agent_id = ?1";
constexpr auto enable = "UPDATE agent SET disabled_at_ms = NULL WHERE agent_id = ?1 AND disabled_at_ms IS NOT NULL";
constexpr auto disable = "UPDATE agent SET disabled_at_ms = ?2 WHERE agent_id = ?1 AND disabled_at_ms IS NULL";

Agent agent_row(Statement const& q)
{
    return {q.id<AgentId>(0), q.text(1), q.maybe_text(2), parse_agent_role(q.text(3)).value_or(AgentRole::agent), q.time(4),
            q.maybe_time(5)};
}

std::optional<Agent> first(Statement q)
{
    if (!q.step())
        return std::nullopt;
    return agent_row(q);
}

/// Who has it, and how whoever asked comes to what they wanted.
std::string held_by(Agent const& agent)
{
    return agent.name + (agent.disabled_at ? ", who is disabled; deskbridge agent enable \"" : "; deskbridge agent change \"") + agent.name +
           (agent.disabled_at ? "\" lets them in again" : "\" gives them another Unix user or role");
}

void check_unix_user_is_free(Reading& reading, std::optional<std::string> const& user)
{
    if (auto const other = user ? find_agent_by_unix_user(reading, *user) : std::nullopt)
        throw Rollback{{Fault::conflict, "that Unix user is an agent already: " + held_by(*other)}};
}

} // namespace

std::string_view render_agent_role(AgentRole role) noexcept
{
    return role == AgentRole::administrator ? "administrator" : "agent";
}

std::optional<AgentRole> parse_agent_role(std::string_view word) noexcept
{
    if (word == "agent")
        return AgentRole::agent;
    if (word == "administrator")
        return AgentRole::administrator;
    return std::nullopt;
}

AgentId add_agent(Tx& tx, NewAgent const& agent, Actor by, Timestamp now)
{
    if (auto const other = find_agent_by_name(tx, agent.name))
        throw Rollback{{Fault::conflict, "there is an agent of that name already: " + held_by(*other)}};
    check_unix_user_is_free(tx, agent.unix_user);
    auto q = tx.prepare(insert_agent);
    q.bind(1, agent.name);
    q.bind(2, agent.unix_user);
    q.bind(3, render_agent_role(agent.role));
    q.bind(4, now);
    q.run();
    AgentId const id{tx.last_insert_id()};
    append_event(tx, {.type = "agent.added", .at = now, .actor = by, .data = {{"agent", id.value}, {"role", render_agent_role(agent.role)}}});
    return id;
}

std::optional<Agent> find_agent(Reading& reading, AgentId id)
{
    auto q = reading.prepare(select_agent);
    q.bind(1, id);
    return first(std::move(q));
}

std::optional<Agent> find_agent_by_name(Reading& reading, std::string_view name)
{
    auto q = reading.prepare(select_by_name);
    q.bind(1, name);
    return first(std::move(q));
}

std::optional<Agent> find_agent_by_unix_user(Reading& reading, std::string_view unix_user)
{
    auto q = reading.prepare(select_by_unix_user);
    q.bind(1, unix_user);
    return first(std::move(q));
}

std::vector<Agent> load_agents(Reading& reading)
{
    auto q = reading.prepare(select_agents);
    std::vector<Agent> agents;
    while (q.step())
        agents.push_back(agent_row(q));
    return agents;
}

bool disable_agent(Tx& tx, AgentId id, Actor by, Timestamp now)
{
    auto q = tx.prepare(disable);
    q.bind(1, id);
    q.bind(2, now);
    if (q.run() == 0)
        return false;
    append_event(tx, {.type = "agent.disabled", .at = now, .actor = by, .data = {{"agent", id.value}}});
    return true;
}

bool enable_agent(Tx& tx, AgentId id, Actor by, Timestamp now)
{
    auto q = tx.prepare(enable);
    q.bind(1, id);
    if (q.run() == 0)
        return false;
    append_event(tx, {.type = "agent.enabled", .at = now, .actor = by, .data = {{"agent", id.value}}});
    return true;
}

void change_agent(Tx& tx, Agent const& agent, AgentChange const& change, Actor by, Timestamp now)
{
    auto const role = change.role.value_or(agent.role);
    auto user = agent.unix_user;
    if (change.unix_user)
        user = change.unix_user->empty() ? std::nullopt : change.unix_user;
    if (role == agent.role && user == agent.unix_user)
        return;
    if (user != agent.unix_user)
        check_unix_user_is_free(tx, user);
    auto q = tx.prepare(update_agent);
    q.bind(1, agent.id);
    q.bind(2, render_agent_role(role));
    q.bind(3, user);
    q.run();
    append_event(tx, {.type = "agent.changed", .at = now, .actor = by, .data = {{"agent", agent.id.value}, {"role", render_agent_role(role)}, {"unix_user_changed", user != agent.unix_user}}});
}

} // namespace deskbridge::store
