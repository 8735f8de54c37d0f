#include "work.hpp"

namespace deskbridge::desk {

namespace {

void tell_assigned(Work& work, Subject const& subject, AgentId from)
{
    auto event = event_of(work, subject, "ticket.assigned");
    event.data.add("from", from.value);
    event.data.add("to", subject.ticket.assignee.value);
    store::append_event(work.tx, event);
}

} // namespace

TicketCard act(Work& work, Assign const& request)
{
    auto subject = open_subject(work, request.ticket);
    std::optional<store::Agent> agent;
    if (request.assignee)
        agent = named_agent(work.tx, work.caller, *request.assignee);
    auto const from = subject.ticket.assignee;
    auto facts = store::lifecycle_facts(subject.ticket);
    facts.same_agent = agent && agent->id == from;
    subject.ticket.assignee = agent ? agent->id : AgentId{};
    auto const what = agent ? TicketChange::taken_over : TicketChange::released;
    if (change_with(work, subject, what, facts, agent ? agent->name : std::string{}))
        tell_assigned(work, subject, from);
    return changed_card(work, subject.ticket.id);
}

} // namespace deskbridge::desk
