#include "deskbridge/store/echo_mark.hpp"

namespace deskbridge::store {

TicketMarks marks_of(Ticket const& ticket)
{
    return {ticket.status, ticket.unseen, ticket.last_step, ticket.last_step_at, ticket.unanswered_agent_at, ticket.last_activity};
}

void set_marks(Ticket& ticket, TicketMarks const& marks)
{
    ticket.status = marks.status;
    ticket.unseen = marks.unseen;
    ticket.last_step = marks.last_step;
    ticket.last_step_at = marks.last_step_at;
    ticket.unanswered_agent_at = marks.unanswered_agent_at;
    ticket.last_activity = marks.last_activity;
}

void keep_mark(Tx& tx, TicketId ticket, EchoMark const& mark)
{
    auto q = tx.prepare("INSERT INTO echo_mark (ticket_id, message_id, at_ms, status, unseen, last_step, last_step_at_ms, "
                        "unanswered_agent_at_ms, last_activity_ms, timer_due_at_ms, timer_deadline_ms, timer_detail) "
                        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) ON CONFLICT (ticket_id) DO UPDATE SET "
                        "message_id = excluded.message_id, at_ms = excluded.at_ms, status = excluded.status, unseen = excluded.unseen, "
                        "last_step = excluded.last_step, last_step_at_ms = excluded.last_step_at_ms, "
                        "unanswered_agent_at_ms = excluded.unanswered_agent_at_ms, last_activity_ms = excluded.last_activity_ms, "
                        "timer_due_at_ms = excluded.timer_due_at_ms, timer_deadline_ms = excluded.timer_deadline_ms, "
                        "timer_detail = excluded.timer_detail");
    auto const& before = mark.before;
    q.bind(1, ticket);
    q.bind(2, mark.echo);
    q.bind(3, mark.at);
    q.bind(4, render_status(before.status));
    q.bind(5, before.unseen);
    q.bind(6, std::string_view{before.last_step});
    q.bind(7, before.last_step_at);
    q.bind(8, before.unanswered_agent_at);
    q.bind(9, before.last_activity);
    if (mark.timer) {
        q.bind(10, mark.timer->due_at);
        q.bind(11, mark.timer->deadline);
        q.bind(12, std::string_view{mark.timer->detail});
    } else {
        q.bind(10, std::nullopt);
        q.bind(11, std::nullopt);
        q.bind(12, std::string_view{});
    }
    q.run();
}

std::optional<EchoMark> take_mark(Tx& tx, TicketId ticket, MessageId echo)
{
    std::optional<EchoMark> mark;
    {
        auto q = tx.prepare("SELECT at_ms, status, unseen, last_step, last_step_at_ms, unanswered_agent_at_ms, last_activity_ms, "
                            "timer_due_at_ms, timer_deadline_ms, timer_detail FROM echo_mark WHERE ticket_id = ?1 AND message_id = ?2");
        q.bind(1, ticket);
        q.bind(2, echo);
        if (!q.step())
            return std::nullopt;
        mark = EchoMark{echo, q.time(0), {}, {}};
        mark->before = {parse_status(q.text(1)).value_or(TicketStatus::open), q.integer(2) != 0, q.text(3), q.time(4), q.maybe_time(5), q.time(6)};
        if (auto const due = q.maybe_time(7))
            mark->timer = Timer{ticket, *due, q.maybe_time(8).value_or(*due), q.text(9)};
    }
    auto q = tx.prepare("DELETE FROM echo_mark WHERE ticket_id = ?1");
    q.bind(1, ticket);
    q.run();
    return mark;
}

} // namespace deskbridge::store
