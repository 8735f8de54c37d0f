#include "work.hpp"

#include "deskbridge/core/text.hpp"

#include <algorithm>

namespace deskbridge::desk {

namespace {

constexpr std::size_t max_name = 80; // characters
constexpr std::size_t max_unix_user = 32; // useradd's own limit

/// Names stand where ids and "me" stand too: they must not look like one.
std::string checked_name(std::string const& given)
{
    auto name = checked_text(given);
    auto const plain = ascii_digits(name);
    bool const digits = std::all_of(plain.begin(), plain.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (graphemes(name).size() > max_name || name.find('\n') != std::string::npos || name.find('\t') != std::string::npos)
        fail(Fault::malformed, "an agent's name is one line of at most 80 characters");
    if (digits || name == "me" || name == "none" || name.starts_with('-') || name.starts_with('#'))
        fail(Fault::malformed, "an agent cannot be called that: numbers, \"me\", \"none\" and what begins with - or # have a meaning "
                               "of their own");
    return name;
}

void check_unix_user(std::string const& user)
{
    auto const fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' || c == '$';
    };
    if (user.empty() || user.size() > max_unix_user || !std::all_of(user.begin(), user.end(), fits))
        fail(Fault::malformed, "this cannot be the name of a Unix user");
}

store::Agent found_agent(store::Reading& reading, AgentId id)
{
    auto agent = store::find_agent(reading, id);
    if (!agent)
        fail(Fault::not_found, "there is no such agent");
    return std::move(*agent);
}

} // namespace

std::vector<store::Agent> look(Look const& look, ListAgents const&)
{
    return store::load_agents(look.reading);
}

store::Agent act(Work& work, AddAgent const& request)
{
    auto wanted = request.agent;
    wanted.name = checked_name(wanted.name);
    if (wanted.unix_user)
        check_unix_user(*wanted.unix_user);
    return found_agent(work.tx, store::add_agent(work.tx, wanted, work.actor(), work.now));
}

store::Agent act(Work& work, ChangeAgent const& request)
{
    if (!request.change.role && !request.change.unix_user)
        fail(Fault::malformed, "nothing is to change: give a role or a Unix user");
    if (request.change.unix_user && !request.change.unix_user->empty())
        check_unix_user(*request.change.unix_user);
    store::change_agent(work.tx, found_agent(work.tx, request.agent), request.change, work.actor(), work.now);
    return found_agent(work.tx, request.agent);
}

store::Agent act(Work& work, EnableAgent const& request)
{
    auto const agent = found_agent(work.tx, request.agent);
    if (!store::enable_agent(work.tx, agent.id, work.actor(), work.now))
        fail(Fault::conflict, "this agent is not disabled");
    return found_agent(work.tx, agent.id);
}

store::Agent act(Work& work, DisableAgent const& request)
{
    auto const agent = found_agent(work.tx, request.agent);
    if (!store::disable_agent(work.tx, agent.id, work.actor(), work.now))
        fail(Fault::conflict, "this agent is disabled already");
    return found_agent(work.tx, agent.id);
}

} // namespace deskbridge::desk
