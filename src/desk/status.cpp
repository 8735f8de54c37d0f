#include "work.hpp"

#include "deskbridge/core/text.hpp"

namespace deskbridge::desk {

namespace {

constexpr std::size_t max_summary_units = 1000;

TicketChange change_to(TicketStatus wanted, TicketStatus now)
{
    switch (wanted) {
    case TicketStatus::new_:
        break;
    case TicketStatus::open:
        return is_live(now) ? TicketChange::set_open : TicketChange::reopened;
    case TicketStatus::pending:
        return TicketChange::set_pending;
    case TicketStatus::on_hold:
        return TicketChange::set_on_hold;
    case TicketStatus::solved:
        return TicketChange::solved;
    case TicketStatus::closed:
        return TicketChange::closed;
    }
    fail(Fault::malformed, "a ticket is new until somebody works on it; it cannot be made new");
}

std::string checked_summary(SetStatus const& request)
{
    if (request.summary.empty())
        return {};
    if (request.status != TicketStatus::solved)
        fail(Fault::malformed, "only solving takes a summary");
    auto summary = checked_text(request.summary);
    if (utf16_units(summary) > max_summary_units)
        fail(Fault::malformed, "the summary is longer than 1,000 characters");
    return summary;
}

} // namespace

TicketCard act(Work& work, SetStatus const& request)
{
    auto const summary = checked_summary(request);
    auto subject = open_subject(work, request.ticket);
    auto const what = change_to(request.status, subject.ticket.status);
    auto const before = subject.ticket.summary;
    if (request.status == TicketStatus::solved)
        subject.ticket.summary = summary;
    if (!change_with(work, subject, what, store::lifecycle_facts(subject.ticket)) && !summary.empty() && summary != before)
        fail(Fault::conflict, subject.ticket.solved_notice_at
                                  ? "the ticket is solved already, and the customer was told so: reopen it to say something else"
                                  : "the ticket is solved already, and no notice went out: write to the customer yourself");
    return changed_card(work, subject.ticket.id);
}

TicketCard act(Work& work, MarkSeen const& request)
{
    auto subject = open_subject(work, request.ticket);
    if (subject.ticket.unseen) {
        subject.ticket.unseen = false;
        store::save_ticket(work.tx, subject.ticket);
        tell_seen(work, subject);
    }
    return card_of(work.tx, work.parts.accounts, subject.ticket.id);
}

} // namespace deskbridge::desk
