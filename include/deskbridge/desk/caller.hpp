#pragma once

#include "deskbridge/core/ticket.hpp"
#include "deskbridge/store/agent.hpp"

#include <string>

namespace deskbridge::desk {

/// Who may do something. Every use case names one; `Desk::perform` asks it before anything else.
enum class Rule {
    any_agent,
    administrator,
};

/// Who asks: an agent, or on the control socket root and the daemon's own user, who are administrators and no agents (`agent` 0).
struct Caller {
    AgentId agent{};
    std::string name{};
    store::AgentRole role{store::AgentRole::agent};

    [[nodiscard]] Actor actor() const noexcept { return {ActorKind::agent, agent.value}; }
};

[[nodiscard]] constexpr bool may(store::AgentRole role, Rule rule) noexcept
{
    return rule == Rule::any_agent || role == store::AgentRole::administrator;
}

} // namespace deskbridge::desk
