#include "deskbridge/store/merge.hpp"

#include "deskbridge/store/timer.hpp"

namespace deskbridge::store {

void remember_merge(Tx& tx, Ticket const& ticket, Ticket const& into, Timestamp at)
{
    auto q = tx.prepare("INSERT INTO ticket_merge (ticket_id, into_ticket_id, at_ms, status, last_step, last_step_at_ms, "
                        "into_unanswered_agent_at_ms, acknowledgement_due) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    q.bind(1, ticket.id);
    q.bind(2, into.id);
    q.bind(3, at);
    q.bind(4, render_status(ticket.status));
    q.bind(5, std::string_view{ticket.last_step});
    q.bind(6, ticket.last_step_at);
    q.bind(7, into.unanswered_agent_at);
    q.bind(8, find_timer(tx, ticket.id).has_value());
    q.run();
}

void tell_merged(Tx& tx, NewEvent event, MergeTold const& told)
{
    event.data = {{"from", told.from.value}, {"into", told.into.value}, {"messages", told.messages}};
    for (auto const ticket : {told.from, told.into}) {
        event.ticket = ticket;
        append_event(tx, event);
    }
}

std::optional<TicketMerge> find_merge(Reading& reading, TicketId ticket)
{
    auto q = reading.prepare("SELECT merge_id, ticket_id, into_ticket_id, at_ms, status, last_step, last_step_at_ms, "
                             "into_unanswered_agent_at_ms, acknowledgement_due FROM ticket_merge WHERE ticket_id = ?1 AND undone_at_ms IS NULL");
    q.bind(1, ticket);
    if (!q.step())
        return std::nullopt;
    TicketMerge merge;
    merge.id = q.integer(0);
    merge.ticket = q.id<TicketId>(1);
    merge.into = q.id<TicketId>(2);
    merge.at = q.time(3);
    merge.status = parse_status(q.text(4)).value_or(TicketStatus::open);
    merge.last_step = q.text(5);
    merge.last_step_at = q.time(6);
    merge.into_unanswered_agent_at = q.maybe_time(7);
    merge.acknowledgement_due = q.integer(8) != 0;
    return merge;
}

void mark_merge_undone(Tx& tx, std::int64_t merge_id, Timestamp at)
{
    auto q = tx.prepare("UPDATE ticket_merge SET undone_at_ms = ?2 WHERE merge_id = ?1");
    q.bind(1, merge_id);
    q.bind(2, at);
    q.run();
}

std::vector<MessageId> messages_merged(Reading& reading, TicketMerge const& merge, TicketId holder)
{
    auto q = reading.prepare("SELECT m.message_id FROM message m JOIN message_placement p ON p.message_id = m.message_id "
                             "WHERE m.ticket_id = ?1 AND p.from_ticket_id = ?2 AND p.to_ticket_id = ?3 AND p.at_ms = ?4 "
                             "AND p.undone_at_ms IS NULL ORDER BY m.message_id");
    q.bind(1, holder);
    q.bind(2, merge.ticket);
    q.bind(3, merge.into);
    q.bind(4, merge.at);
    std::vector<MessageId> ids;
    while (q.step())
        ids.push_back(q.id<MessageId>(0));
    return ids;
}

TicketId follow_merges(Reading& reading, TicketId ticket)
{
    constexpr int most = 100; // merges never run in a circle, but a damaged row must not hang the writer
    auto q = reading.prepare("SELECT merged_into FROM ticket WHERE ticket_id = ?1 AND merged_into IS NOT NULL");
    for (int hops = 0; hops < most; ++hops) {
        q.reset();
        q.bind(1, ticket);
        if (!q.step())
            break;
        ticket = q.id<TicketId>(0);
    }
    return ticket;
}

} // namespace deskbridge::store
