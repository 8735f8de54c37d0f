#include "work.hpp"

#include "deskbridge/store/merge.hpp"
#include "deskbridge/store/outbox.hpp"
#include "deskbridge/store/placement.hpp"

#include <algorithm>

namespace deskbridge::desk {

namespace {

using Placements = std::vector<store::Placement>;

/// Those that still hold, oldest first: the last one is why the message is where it is.
Placements standing(store::Reading& reading, MessageId message)
{
    auto rows = store::placements_of(reading, message);
    auto const gone = [](store::Placement const& row) { return row.rule == "undo" || row.undone_at; };
    rows.erase(std::remove_if(rows.begin(), rows.end(), gone), rows.end());
    return rows;
}

/// Where the rules put it first is no move; what agents write has no such row.
bool was_moved(Placements const& rows)
{
    return rows.size() > 1 || (rows.size() == 1 && rows.front().from);
}

/// Was it this merge that moved the message?
bool moved_by(store::TicketMerge const& merge, store::Placement const& row)
{
    return row.from == merge.ticket && row.to == merge.into && row.at == merge.at;
}

/// What moved with the merge goes back, unless somebody has chosen another place since. Answers whether it went.
bool bring_back(Work& work, store::TicketMerge const& merge, MessageId id)
{
    auto const rows = standing(work.tx, id);
    if (rows.empty() || !moved_by(merge, rows.back()))
        return false;
    store::mark_undone(work.tx, rows.back().id, work.now);
    relocate(work, {id, found_message(work.tx, id).ticket, merge.ticket, "undo", "append"});
    return true;
}

/// The acknowledgement that was dropped by the merge is owed again.
void settle_acknowledgement(Work& work, store::Ticket const& ticket)
{
    if (!work.parts.settle)
        return;
    store::OutboxEffect effect;
    effect.ticket = ticket.id;
    effect.conversation = ticket.conversation;
    effect.answer = AnswerEvent::ticket_back;
    work.parts.settle(work.tx, effect, work.now);
}

void restore(Work& work, Subject& subject, TicketStatus was)
{
    auto facts = store::lifecycle_facts(subject.ticket);
    facts.was = was;
    change_with(work, subject, TicketChange::restored, facts);
}

/// What `holder` had taken over, as far as nothing has come of it since.
void give_back(Work& work, store::TicketMerge const& merge, store::Ticket& from, TicketId holder)
{
    auto into = store::find_ticket(work.tx, holder);
    if (!into)
        return;
    from.unseen = from.unseen && into->unseen;
    auto const asked = from.unanswered_agent_at;
    if (!into->unanswered_agent_at || into->unanswered_agent_at < asked)
        from.unanswered_agent_at.reset(); // the customer has answered
    if (asked && into->unanswered_agent_at == asked)
        into->unanswered_agent_at = merge.into_unanswered_agent_at;
    store::save_ticket(work.tx, *into);
}

void undo_merge(Work& work, store::TicketMerge const& merge)
{
    auto from = subject_of(work, *store::find_ticket(work.tx, merge.ticket));
    auto const holder = store::follow_merges(work.tx, merge.into);
    int moved = 0;
    for (auto const id : store::messages_merged(work.tx, merge, holder))
        moved += bring_back(work, merge, id) ? 1 : 0;
    give_back(work, merge, from.ticket, holder);
    store::mark_merge_undone(work.tx, merge.id, work.now);
    from.ticket.merged_into = {};
    from.ticket.last_step = merge.last_step;
    from.ticket.last_step_at = merge.last_step_at;
    restore(work, from, merge.status);
    if (merge.acknowledgement_due)
        settle_acknowledgement(work, from.ticket);
    for (auto const id : {merge.ticket, holder}) { // readers that follow one of the two see it
        auto event = event_of(work, from, "ticket.unmerged");
        event.ticket = id;
        event.data = {{"from", merge.ticket.value}, {"into", merge.into.value}, {"messages", moved}};
        store::append_event(work.tx, event);
    }
}

/// It was reopened by what moved away, and went back to solved then.
void open_again(Work& work, TicketId id, store::Placement const& undone)
{
    auto subject = open_subject(work, id);
    if (subject.ticket.status != TicketStatus::solved || subject.ticket.solved_at != undone.at)
        return;
    subject.ticket.last_step = render_step(LastStep::reopened);
    subject.ticket.last_step_at = work.now;
    restore(work, subject, TicketStatus::open);
}

/// Nobody but ourselves has said anything in it.
bool is_empty(store::Reading& reading, TicketId id)
{
    constexpr int enough = 200;
    auto const messages = store::messages_of(reading, id, {}, enough);
    auto const ours = [](store::Message const& message) { return message.actor.kind == ActorKind::system; };
    return std::all_of(messages.begin(), messages.end(), ours);
}

/// A ticket that was made for what has left it again, such as that of a split, must not wait for the customer's next words.
void leave_behind(Work& work, TicketId id, TicketId target)
{
    auto const ticket = store::find_ticket(work.tx, id);
    if (!target || !ticket || ticket->merged_into || !is_live(ticket->status) || !is_empty(work.tx, id))
        return;
    auto from = subject_of(work, *ticket);
    auto into = open_subject(work, target);
    become_part(work, from, into);
}

void undo_move(Work& work, store::Message const& message, store::Placement const& last)
{
    auto const to = store::follow_merges(work.tx, last.from);
    if (to == message.ticket)
        fail(Fault::conflict, number_of(last.from) + ", where it was, became part of " + number_of(to));
    store::mark_undone(work.tx, last.id, work.now);
    Relocation const back{message.id, message.ticket, to, "undo", to ? "append" : "conversation_only"};
    relocate(work, back);
    tell_placed(work, message, back);
    leave(work, message.ticket);
    touch(work, to, message.received_at);
    if (to)
        open_again(work, to, last);
    leave_behind(work, message.ticket, to);
}

} // namespace

store::TimelineItem act(Work& work, UndoPlacement const& request)
{
    auto const message = found_message(work.tx, request.message);
    auto const rows = standing(work.tx, message.id);
    if (!was_moved(rows))
        fail(Fault::conflict, "the message was not moved since it came, or that was undone already");
    auto const& last = rows.back();
    auto const merge = last.from ? store::find_merge(work.tx, last.from) : std::nullopt;
    if (merge && moved_by(*merge, last)) // its ticket went with it, and everything else that was there
        undo_merge(work, *merge);
    else
        undo_move(work, message, last);
    return item_of(work.tx, message.id);
}

} // namespace deskbridge::desk
