#include "deskbridge/store/echo_mark.hpp"

#include <utility>
#include <vector>

namespace deskbridge::store {

namespace {

constexpr std::int64_t most_marks = 8; // of a ticket: what is not settled by then will hardly be

constexpr auto put_mark = R"(
    INSERT INTO echo_mark (ticket_id, message_id, at_ms, status, unseen, last_step, last_step_at_ms, unanswered_agent_at_ms, last_activity_ms,
                           timer_due_at_ms, timer_deadline_ms, timer_detail)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
    ON CONFLICT (ticket_id, message_id) DO UPDATE SET
      at_ms = excluded.at_ms, status = excluded.status, unseen = excluded.unseen, last_step = excluded.last_step, last_step_at_ms = excluded.last_step_at_ms,
      unanswered_agent_at_ms = excluded.unanswered_agent_at_ms, last_activity_ms = excluded.last_activity_ms,
      timer_due_at_ms = excluded.timer_due_at_ms, timer_deadline_ms = excluded.timer_deadline_ms, timer_detail = excluded.timer_detail)";
constexpr auto delete_oldest = R"(
    DELETE FROM echo_mark WHERE ticket_id = ?1 AND message_id NOT IN
      (SELECT message_id FROM echo_mark WHERE ticket_id = ?1 ORDER BY message_id DESC LIMIT ?2))";
constexpr auto select_from = R"(
    SELECT message_id, at_ms, status, unseen, last_step, last_step_at_ms, unanswered_agent_at_ms, last_activity_ms, timer_due_at_ms, timer_deadline_ms,
           timer_detail
    FROM echo_mark WHERE ticket_id = ?1 AND message_id >= ?2 ORDER BY message_id LIMIT 2)";
constexpr auto delete_mark = "DELETE FROM echo_mark WHERE ticket_id = ?1 AND message_id = ?2";

void put(Tx& tx, TicketId ticket, EchoMark const& mark)
{
    auto q = tx.prepare(put_mark);
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

/// The echo's and the one after it, as far as there are any.
std::vector<EchoMark> marks_from(Tx& tx, TicketId ticket, MessageId echo)
{
    auto q = tx.prepare(select_from);
    q.bind(1, ticket);
    q.bind(2, echo);
    std::vector<EchoMark> marks;
    while (q.step()) {
        EchoMark mark{q.id<MessageId>(0), q.time(1), {}, {}};
        mark.before = {parse_status(q.text(2)).value_or(TicketStatus::open), q.integer(3) != 0, q.text(4), q.time(5), q.maybe_time(6), q.time(7)};
        if (auto const due = q.maybe_time(8))
            mark.timer = Timer{ticket, *due, q.maybe_time(9).value_or(*due), q.text(10)};
        marks.push_back(std::move(mark));
    }
    return marks;
}

} // namespace

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
    put(tx, ticket, mark);
    auto q = tx.prepare(delete_oldest);
    q.bind(1, ticket);
    q.bind(2, most_marks);
    q.run();
}

std::optional<EchoMark> take_mark(Tx& tx, TicketId ticket, MessageId echo)
{
    auto marks = marks_from(tx, ticket, echo);
    if (marks.empty() || marks.front().echo != echo)
        return std::nullopt;
    auto q = tx.prepare(delete_mark);
    q.bind(1, ticket);
    q.bind(2, echo);
    q.run();
    auto& taken = marks.front();
    if (marks.size() == 1)
        return std::move(taken);
    auto& later = marks.back();
    later.before = without_marks(later.before, taken.before, taken.at);
    if (!later.timer)
        later.timer = std::move(taken.timer);
    put(tx, ticket, later);
    return std::nullopt;
}

} // namespace deskbridge::store
