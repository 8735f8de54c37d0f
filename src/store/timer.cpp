#include "deskbridge/store/timer.hpp"

namespace deskbridge::store {
namespace {

Timer timer_of(Statement const& row)
{
    return {row.id<TicketId>(0), row.time(1), row.time(2), row.text(3)};
}

} // namespace

void arm_timer(Tx& tx, Timer const& timer)
{
    auto q = tx.prepare("INSERT INTO timer (kind, ticket_id, due_at_ms, deadline_ms, detail) "
                        "VALUES ('acknowledgement', ?1, ?2, ?3, ?4) ON CONFLICT (kind, ticket_id) DO UPDATE SET "
                        "due_at_ms = excluded.due_at_ms, deadline_ms = excluded.deadline_ms, detail = excluded.detail");
    q.bind(1, timer.ticket);
    q.bind(2, timer.due_at);
    q.bind(3, timer.deadline);
    q.bind(4, std::string_view{timer.detail});
    q.run();
}

std::optional<Timer> find_timer(Reading& reading, TicketId ticket)
{
    auto q = reading.prepare("SELECT ticket_id, due_at_ms, deadline_ms, detail FROM timer "
                             "WHERE kind = 'acknowledgement' AND ticket_id = ?1");
    q.bind(1, ticket);
    if (!q.step())
        return std::nullopt;
    return timer_of(q);
}

bool drop_timer(Tx& tx, TicketId ticket)
{
    auto q = tx.prepare("DELETE FROM timer WHERE kind = 'acknowledgement' AND ticket_id = ?1");
    q.bind(1, ticket);
    return q.run() > 0;
}

std::vector<Timer> due_timers(Reading& reading, Timestamp now, int limit)
{
    auto q = reading.prepare("SELECT ticket_id, due_at_ms, deadline_ms, detail FROM timer WHERE due_at_ms <= ?1 "
                             "ORDER BY due_at_ms, timer_id LIMIT ?2");
    q.bind(1, now);
    q.bind(2, std::int64_t{limit});
    std::vector<Timer> out;
    while (q.step())
        out.push_back(timer_of(q));
    return out;
}

std::optional<Timestamp> next_timer_due(Reading& reading)
{
    auto q = reading.prepare("SELECT min(due_at_ms) FROM timer");
    if (!q.step())
        return std::nullopt;
    return q.maybe_time(0);
}

} // namespace deskbridge::store
