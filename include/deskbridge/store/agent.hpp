#pragma once

#include "deskbridge/core/ticket.hpp"
#include "deskbridge/core/ids.hpp"
#include "deskbridge/store/store.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deskbridge::store {

enum class AgentRole { agent, administrator };
[[nodiscard]] std::string_view render_agent_role(AgentRole role) noexcept;
[[nodiscard]] std::optional<AgentRole> parse_agent_role(std::string_view word) noexcept;

struct NewAgent {
    std::string name;
    std::optional<std::string> unix_user; ///< who may act as this agent on the control socket
    AgentRole role{AgentRole::agent};
};

struct Agent {
    AgentId id{};
    std::string name;
    std::optional<std::string> unix_user;
    AgentRole role{AgentRole::agent};
    Timestamp created_at{};
    std::optional<Timestamp> disabled_at;
};

/// Writes agent.added. Errors: throws Rollback{conflict} if the name or the Unix user is taken (disabled agents keep theirs).
AgentId add_agent(Tx& tx, NewAgent const& agent, Actor by, Timestamp now);
[[nodiscard]] std::optional<Agent> find_agent(Reading& reading, AgentId id);
[[nodiscard]] std::optional<Agent> find_agent_by_name(Reading& reading, std::string_view name);
[[nodiscard]] std::optional<Agent> find_agent_by_unix_user(Reading& reading, std::string_view unix_user);
[[nodiscard]] std::vector<Agent> load_agents(Reading& reading); ///< by name, the disabled ones too
/// False if there is no such agent or it is disabled already. Writes agent.disabled.
bool disable_agent(Tx& tx, AgentId id, Actor by, Timestamp now);
/// False if there is no such agent or it is not disabled. Writes agent.enabled.
bool enable_agent(Tx& tx, AgentId id, Actor by, Timestamp now);

/// What of an agent is to be another; nullopt stays.
struct AgentChange {
    std::optional<AgentRole> role;
    std::optional<std::string> unix_user; ///< empty: none any more
};
/// Writes agent.changed if anything is other than before. Errors: throws Rollback{conflict} if the Unix user is another agent's.
void change_agent(Tx& tx, Agent const& agent, AgentChange const& change, Actor by, Timestamp now);

} // namespace deskbridge::store
