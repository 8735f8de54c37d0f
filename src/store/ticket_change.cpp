#include "deskbridge/store/event_log.hpp"
#include "deskbridge/store/ticket.hpp"
#include "deskbridge/store/timer.hpp"

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
        ticket.solved_at = by.now;
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
        close_interval(tx, ticket.id, by.now);
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

LifecycleFacts lifecycle_facts(Ticket const& ticket)
{
    LifecycleFacts facts;
    facts.status = ticket.status;
    facts.last_step = parse_step(ticket.last_step).value_or(LastStep::received);
    facts.assigned = static_cast<bool>(ticket.assignee);
    return facts;
}

} // namespace deskbridge::store
