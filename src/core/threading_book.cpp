#include "threading_parts.hpp"

#include <algorithm>

namespace deskbridge::threading {
namespace {

using Tickets = std::vector<ThreadingTicket const*>;

/// When it was done; a ticket that was closed without being solved was done when it was last touched.
Timestamp done_at(ThreadingTicket const& ticket)
{
    return ticket.solved_at.value_or(ticket.last_activity);
}

bool more_active(ThreadingTicket const* a, ThreadingTicket const* b)
{
    return a->last_activity != b->last_activity ? a->last_activity > b->last_activity : a->id > b->id;
}

bool done_later(ThreadingTicket const* a, ThreadingTicket const* b)
{
    return done_at(*a) != done_at(*b) ? done_at(*a) > done_at(*b) : a->id > b->id;
}

bool open_at(ThreadingTicket const& ticket, Timestamp at)
{
    return std::any_of(ticket.intervals.begin(), ticket.intervals.end(), [at](OpenInterval const& interval) {
        return interval.opened_at <= at && (!interval.solved_at || at < *interval.solved_at);
    });
}

} // namespace

ThreadingTicket const* TicketBook::find(TicketId id) const
{
    ThreadingTicket const* found = nullptr;
    for (std::size_t hops = 0; id && hops <= tickets_.size(); ++hops) {
        auto const at = std::find_if(tickets_.begin(), tickets_.end(), [id](auto const& ticket) { return ticket.id == id; });
        if (at == tickets_.end())
            return nullptr;
        found = &*at;
        id = found->merged_into;
    }
    return id ? nullptr : found; // id is left over only if merges run in a circle
}

Tickets TicketBook::live() const
{
    Tickets found;
    for (auto const& ticket : tickets_)
        if (is_live(ticket.status) && !ticket.merged_into)
            found.push_back(&ticket);
    std::sort(found.begin(), found.end(), more_active);
    return found;
}

Tickets TicketBook::solved() const
{
    Tickets found;
    for (auto const& ticket : tickets_)
        if (ticket.status == TicketStatus::solved && !ticket.merged_into)
            found.push_back(&ticket);
    std::sort(found.begin(), found.end(), done_later);
    return found;
}

Tickets TicketBook::open_then() const
{
    Tickets found;
    for (auto const& ticket : tickets_) {
        auto const* now = open_at(ticket, at_) ? find(ticket.id) : nullptr;
        if (now && std::find(found.begin(), found.end(), now) == found.end())
            found.push_back(now);
    }
    std::sort(found.begin(), found.end(), more_active);
    return found;
}

ThreadingTicket const* TicketBook::newest_done() const
{
    ThreadingTicket const* newest = nullptr;
    for (auto const& ticket : tickets_)
        if (!is_live(ticket.status) && !ticket.merged_into && (!newest || done_later(&ticket, newest)))
            newest = &ticket;
    return newest;
}

ThreadingTicket const* TicketBook::newest_within_reach() const
{
    ThreadingTicket const* newest = nullptr;
    for (auto const& ticket : tickets_)
        if (!ticket.merged_into && at_ - ticket.last_activity <= policy_.closer_reach &&
            (!newest || more_active(&ticket, newest)))
            newest = &ticket;
    return newest;
}

ThreadingTicket const* TicketBook::live_follow_up(TicketId of) const
{
    // Breadth first, so that a follow-up of a follow-up is found as well; each ticket is looked at once, so that a
    // circle of links ends.
    std::vector<TicketId> ancestors{of};
    for (std::size_t next = 0; next < ancestors.size(); ++next) {
        Tickets children;
        for (auto const& ticket : tickets_)
            if (ticket.follow_up_of == ancestors[next])
                if (auto const* now = find(ticket.id); now && now->id != of)
                    children.push_back(now);
        std::sort(children.begin(), children.end(), more_active);
        for (auto const* child : children) {
            if (is_live(child->status))
                return child;
            if (std::find(ancestors.begin(), ancestors.end(), child->id) == ancestors.end())
                ancestors.push_back(child->id);
        }
    }
    return nullptr;
}

bool TicketBook::reopenable(ThreadingTicket const& ticket) const
{
    if (ticket.status != TicketStatus::solved)
        return false;
    auto const window = policy_.reopen_window;
    if (!window || sent_before_solving(ticket))
        return true;
    // Zero means never, also for a message of the very same millisecond.
    return *window > AccountPolicy::Duration::zero() && at_ - done_at(ticket) <= *window;
}

bool TicketBook::sent_before_solving(ThreadingTicket const& ticket) const
{
    return !is_live(ticket.status) && ticket.solved_at && at_ < *ticket.solved_at;
}

bool TicketBook::agent_waits(ThreadingTicket const& ticket) const
{
    auto const& asked = ticket.unanswered_agent_at;
    // What was sent well before the agent wrote is no answer; the tolerance covers clocks that differ.
    return asked && at_ - *asked <= policy_.unanswered && *asked <= at_ + policy_.late_after;
}

std::optional<Timestamp> TicketBook::agent_asked_at() const
{
    std::optional<Timestamp> latest;
    for (auto const* ticket : live())
        if (agent_waits(*ticket))
            latest = std::max(latest, ticket->unanswered_agent_at);
    return latest;
}

Settled settle(TicketBook const& book, ThreadingTicket const& ticket, bool closer)
{
    if (is_live(ticket.status))
        return {{PlacementAction::append, ticket.id, {}}, false};
    if (closer)
        return {{PlacementAction::append, ticket.id, {}}, book.sent_before_solving(ticket)};
    bool const unseen = book.sent_before_solving(ticket);
    if (book.reopenable(ticket))
        return {{PlacementAction::reopen, ticket.id, {}}, unseen};
    if (auto const* next = book.live_follow_up(ticket.id))
        return {{PlacementAction::append, next->id, {}}, unseen};
    return {{PlacementAction::follow_up, {}, ticket.id}, unseen};
}

Timestamp interval_start(TicketBook const& book, Target const& target, Timestamp received_at)
{
    if (target.action != PlacementAction::reopen)
        return book.at();
    auto const* ticket = book.find(target.ticket);
    if (!ticket)
        return book.at();
    // What nobody could see before it came begins an interval when it comes; intervals of a ticket never overlap, and no
    // two begin at once.
    auto start = book.sent_before_solving(*ticket) ? received_at : book.at();
    if (ticket->solved_at)
        start = std::max(start, *ticket->solved_at);
    if (!ticket->intervals.empty())
        start = std::max(start, ticket->intervals.back().opened_at + std::chrono::milliseconds{1});
    return start;
}

AcknowledgementEffect effect_of(Target const& target)
{
    switch (target.action) {
    case PlacementAction::append: return AcknowledgementEffect::extend;
    case PlacementAction::reopen: return AcknowledgementEffect::arm_reopened;
    case PlacementAction::open: return AcknowledgementEffect::arm_opened;
    case PlacementAction::follow_up: return AcknowledgementEffect::arm_follow_up;
    case PlacementAction::conversation_only: break;
    }
    return AcknowledgementEffect::none;
}

} // namespace deskbridge::threading
