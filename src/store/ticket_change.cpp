#include "deskbridge/store/event_log.hpp"
#include "deskbridge/store/ticket.hpp"
#include "deskbridge/store/timer.hpp"

#include <algorithm>

namespace deskbridge::store {
namespace {

void write_fields(Ticket& ticket, LifecycleEffect const& effect, ChangeBy const& by)
{
    ticket.status = effect.status;
    if (effect.last_step) {
        ticket.last_step = render_step(*effect.last_step);
        ticket.last_step_at = by.now;
    }
    if (effect.sets_solved_at)
        ticket.solved_at = std::max(by.now, ticket.opened_at); // our clock may have been set back
    if (effect.clears_solved_at) {
        ticket.solved_at.reset();
        ticket.solved_notice_at.reset();
    }
    if (effect.raises_reopen_count)
        ++ticket.reopen_count;
    if (effect.unseen)
        ticket.unseen = true;
    if (effect.seen)
        ticket.unseen = false;
    if (effect.starts_unanswered)
        ticket.unanswered_agent_at = by.now;
    if (effect.clears_unanswered)
        ticket.unanswered_agent_at.reset();
}

void move_interval(Tx& tx, Ticket& ticket, LifecycleEffect const& effect, ChangeBy const& by)
{
    using Interval = LifecycleEffect::Interval;
    if (effect.interval == Interval::close)
        close_interval(tx, ticket.id, ticket.solved_at.value_or(by.now));
    if (effect.interval == Interval::resume)
        open_interval(tx, ticket.id, ticket.opened_at); // the same one, without its end
    if (effect.interval != Interval::open)
        return;
    ticket.opened_at = by.opened_at.value_or(by.now);
    ticket.acknowledged_at.reset(); // once per opening
    open_interval(tx, ticket.id, ticket.opened_at);
}

void tell(Tx& tx, Ticket const& ticket, TicketStatus before, LifecycleEffect const& effect, ChangeBy const& by)
{
    NewEvent event{.type = "ticket.status_changed",
                   .at = by.now,
                   .actor = by.actor,
                   .conversation = ticket.conversation,
                   .ticket = ticket.id,
                   .data = {{"from", render_status(before)}, {"to", render_status(ticket.status)}}};
    if (before != ticket.status)
        append_event(tx, event);
    if (effect.interval != LifecycleEffect::Interval::open)
        return;
    event.type = "ticket.reopened";
    event.data = {{"count", ticket.reopen_count}};
    append_event(tx, event);
}

} // namespace

void carry_out(Tx& tx, Ticket& ticket, LifecycleEffect const& effect, ChangeBy const& by)
{
    if (!effect.changes)
        return;
    auto const before = ticket.status;
    write_fields(ticket, effect, by);
    move_interval(tx, ticket, effect, by);
    save_ticket(tx, ticket);
    ++ticket.version;
    if (effect.drops_acknowledgement)
        drop_timer(tx, ticket.id);
    tell(tx, ticket, before, effect, by);
}

void ask_again(Tx& tx, TicketId id)
{
    auto ticket = find_ticket(tx, id);
    if (!ticket || !is_live(ticket->status) || ticket->unanswered_agent_at)
        return;
    {
        auto q = tx.prepare(
            "SELECT received_at_ms FROM message asked WHERE ticket_id = ?1 AND direction = 'out' "
            "AND actor_kind IN ('agent', 'phone_app') AND NOT EXISTS (SELECT 1 FROM message said WHERE said.ticket_id = ?1 "
            "AND said.message_id > asked.message_id AND said.direction = 'in' AND said.matter = 1 "
            "AND said.command IN ('', 'agent')) ORDER BY message_id DESC LIMIT 1");
        q.bind(1, id);
        if (!q.step())
            return;
        ticket->unanswered_agent_at = q.time(0);
    }
    save_ticket(tx, *ticket);
}

LifecycleFacts lifecycle_facts(Ticket const& ticket)
{
    LifecycleFacts facts;
    facts.status = ticket.status;
    facts.last_step = parse_step(ticket.last_step).value_or(LastStep::received);
    facts.assigned = static_cast<bool>(ticket.assignee);
    return facts;
}

} // namespace deskbridge::store
