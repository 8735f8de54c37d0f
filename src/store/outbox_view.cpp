#include "deskbridge/store/outbox_pump.hpp"

#include "outbox_rows.hpp"

#include <algorithm>
#include <array>

namespace deskbridge::store {

namespace {

/// From what needs a person most to what went best.
constexpr auto worst_first = std::to_array<std::string_view>({"refused", "failed", "expired", "cancelled", "held", "unknown",
                                                              "kept", "retry_wait", "queued", "sending", "accepted", "sent",
                                                              "delivered", "read", "played"});

std::string_view word_of(IntentRow const& row)
{
    if (row.state == IntentState::claimed)
        return "sending";
    if (row.state != IntentState::accepted)
        return render_intent_state(row.state);
    // A failure after the customer's device had it is the provider contradicting itself; what arrived, arrived.
    bool const arrived = row.receipt && *row.receipt >= ReceiptStatus::delivered;
    if (row.failed_at && !arrived)
        return "failed";
    return row.receipt ? render_receipt_status(*row.receipt) : "accepted";
}

std::optional<Timestamp> first_time(Statement& q)
{
    return q.step() ? q.maybe_time(0) : std::nullopt;
}

} // namespace

std::string delivery_of(std::vector<IntentRow> const& parts)
{
    auto rank = worst_first.size();
    for (auto const& row : parts) {
        auto const at = std::find(worst_first.begin(), worst_first.end(), word_of(row));
        rank = std::min(rank, static_cast<std::size_t>(at - worst_first.begin()));
    }
    return rank < worst_first.size() ? std::string{worst_first[rank]} : std::string{};
}

std::string delivery_of(Reading& reading, MessageId message)
{
    return delivery_of(intents_of(reading, message));
}

void set_intents_ticket(Tx& tx, MessageId message, TicketId ticket)
{
    auto q = tx.prepare("UPDATE intent SET ticket_id = ?2 WHERE message_id = ?1");
    q.bind(1, message);
    q.bind(2, ticket);
    q.run();
}

bool agent_message_stands(Reading& reading, TicketId ticket, Timestamp since)
{
    auto q = reading.prepare("SELECT 1 FROM intent WHERE ticket_id = ?1 AND class = 'agent' AND state = 'accepted' "
                             "AND failed_at_ms IS NULL AND created_at_ms >= ?2 LIMIT 1");
    q.bind(1, ticket);
    q.bind(2, since);
    return q.step();
}

bool agent_message_on_the_way(Reading& reading, TicketId ticket)
{
    auto q = reading.prepare("SELECT 1 FROM intent WHERE ticket_id = ?1 AND class = 'agent' AND settled_at_ms IS NULL "
                             "AND state IN ('queued', 'claimed', 'retry_wait', 'unknown') LIMIT 1");
    q.bind(1, ticket);
    return q.step();
}

std::optional<Timestamp> next_due(Reading& reading, Timestamp now)
{
    auto tries = reading.prepare("SELECT MIN(next_at_ms) FROM intent WHERE next_at_ms > ?1 AND state IN ('queued', 'retry_wait')");
    tries.bind(1, now);
    auto at = first_time(tries);
    auto ends = reading.prepare("SELECT MIN(not_after_ms) FROM intent WHERE not_after_ms > ?1 "
                                "AND state IN ('queued', 'retry_wait', 'kept')");
    ends.bind(1, now);
    outbox::keep_earlier(at, first_time(ends));
    return at;
}

OutboxCounts count_outbox(Reading& reading)
{
    OutboxCounts counts;
    auto q = reading.prepare("SELECT state, COUNT(*) FROM intent WHERE settled_at_ms IS NULL GROUP BY state");
    while (q.step()) {
        auto const state = parse_intent_state(q.text(0));
        for (std::size_t i = 0; i < OutboxCounts::states.size(); ++i)
            if (state == OutboxCounts::states[i])
                counts.of[i] = q.integer(1);
    }
    auto oldest = reading.prepare("SELECT MIN(unknown_since_ms) FROM intent WHERE settled_at_ms IS NULL AND state IN ('unknown', 'held')");
    counts.oldest_unknown = first_time(oldest);
    return counts;
}

} // namespace deskbridge::store
