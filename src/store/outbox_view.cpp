#include "deskbridge/store/outbox_view.hpp"

#include "deskbridge/store/account.hpp"
#include "deskbridge/store/contact.hpp"
#include "deskbridge/store/conversation.hpp"
#include "deskbridge/store/outbox_pump.hpp"
#include "outbox_rows.hpp"

#include <algorithm>
#include <array>

namespace deskbridge::store {

namespace {

/// From what needs a person most to what went best.
constexpr auto worst_first = std::to_array<std::string_view>({"refused", "failed", "expired", "cancelled", "held", "unknown",
                                                              "kept", "retry_wait", "queued", "claimed", "accepted", "sent",
                                                              "delivered", "read", "played"});

std::string_view word_of(IntentRow const& row)
{
    if (row.state != IntentState::accepted)
        return render_intent_state(row.state);
    // A failure after the customer's device had it is the provider contradicting itself; what arrived, arrived.
    bool const arrived = row.receipt && *row.receipt >= ReceiptStatus::delivered;
    if (row.failed_at && !arrived)
        return "failed";
    return row.receipt ? render_receipt_status(*row.receipt) : "accepted";
}

constexpr std::int64_t rows_per_look = 20'000; // milliseconds' work
constexpr std::size_t most_states = 10;
constexpr std::size_t most_receipts = 4;
constexpr std::size_t most_ahead = 10;

// The unary plus: the few open ones by their index and then sorted, not all there ever were in their order.
constexpr auto select_open = R"(
    SELECT i.intent_id FROM intent AS i
    WHERE i.settled_at_ms IS NULL AND i.state IN (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
      AND (?11 IS NULL OR i.account_id = ?11) AND i.intent_id < ?12
    ORDER BY +i.intent_id DESC LIMIT ?13)";
constexpr auto select_any = R"(
    SELECT i.intent_id FROM intent AS i
    WHERE (i.state IN (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
           OR (?15 AND i.state = 'accepted' AND i.failed_at_ms IS NOT NULL AND coalesce(i.receipt, 'sent') = 'sent')
           OR (i.state = 'accepted' AND i.receipt IN (?16, ?17, ?18, ?19) AND (i.failed_at_ms IS NULL OR i.receipt <> 'sent')))
      AND (?11 IS NULL OR i.account_id = ?11) AND i.intent_id < ?12 AND i.intent_id >= ?14
    ORDER BY i.intent_id DESC LIMIT ?13)";
constexpr auto select_attempts = R"(
    SELECT n, token, begun_at_ms, ended_at_ms, outcome, settled_by, external_id, error_code, error_detail
    FROM attempt WHERE intent_id = ?1 ORDER BY n)";
constexpr auto select_receipts = R"(
    SELECT status, error_code, error_title, provider_at_ms, received_at_ms, price_category, price_type, billable, error_sentence
    FROM receipt WHERE intent_id = ?1 ORDER BY receipt_id)";
constexpr auto select_message_events = R"(
    SELECT seq, type, at_ms, actor_kind, actor_id, intent_id, data
    FROM event WHERE ticket_id = ?1 AND message_id = ?2 AND type <> 'message.received' AND type <> 'message.placed'
    ORDER BY seq DESC LIMIT ?3)"; // as the index says it; a message of ours has neither

std::optional<int> maybe_code(Statement const& q, int column)
{
    auto const code = q.maybe_integer(column);
    return code ? std::optional{static_cast<int>(*code)} : std::nullopt;
}

std::vector<IntentId> found_ids(Reading& reading, OutboxQuery const& query, std::int64_t before, std::int64_t from)
{
    auto q = reading.prepare(query.open ? select_open : select_any);
    for (std::size_t i = 0; i < most_states; ++i)
        q.bind(static_cast<int>(i) + 1, i < query.states.size() ? render_intent_state(query.states[i]) : std::string_view{""});
    q.bind(11, query.account);
    q.bind(12, before);
    q.bind(13, query.limit);
    if (!query.open) {
        q.bind(14, from);
        q.bind(15, query.failed);
        for (std::size_t i = 0; i < most_receipts; ++i)
            q.bind(static_cast<int>(i) + 16, i < query.receipts.size() ? render_receipt_status(query.receipts[i]) : std::string_view{""});
    }
    std::vector<IntentId> ids;
    while (q.step())
        ids.push_back(q.id<IntentId>(0));
    return ids;
}

std::int64_t newest_intent(Reading& reading)
{
    auto q = reading.prepare("SELECT coalesce(max(intent_id), 0) FROM intent");
    q.step();
    return q.integer(0);
}

OutboxLine line_of(Reading& reading, IntentId id)
{
    OutboxLine line{outbox::load_intent(reading, id), {}, {}};
    if (auto const account = find_account(reading, line.intent.account))
        line.account_name = account->as.name;
    auto const conversation = find_conversation(reading, line.intent.conversation);
    auto const contact = conversation ? find_contact(reading, conversation->contact) : std::nullopt;
    if (contact)
        line.contact_name = contact->name;
    return line;
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

std::string const& error_words(IntentRow const& row) noexcept
{
    return row.error_sentence.empty() ? row.error_title : row.error_sentence;
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

std::optional<Timestamp> next_due(Reading& reading, Timestamp now)
{
    auto tries = reading.prepare("SELECT MIN(next_at_ms) FROM intent WHERE next_at_ms > ?1 AND state IN ('queued', 'retry_wait')");
    tries.bind(1, now);
    auto at = first_time(tries);
    auto ends = reading.prepare("SELECT MIN(not_after_ms) FROM intent WHERE not_after_ms > ?1 "
                                "AND " MAY_EXPIRE);
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
    auto waiting = reading.prepare("SELECT i.next_at_ms FROM intent i JOIN account a ON a.account_id = i.account_id "
                                   "WHERE i.state IN ('queued', 'retry_wait') AND a.configured = 1 ORDER BY i.next_at_ms LIMIT 1");
    counts.oldest_due = first_time(waiting);
    auto blocked = reading.prepare(
        "SELECT COUNT(DISTINCT u.conversation_id) FROM intent u JOIN intent w ON w.conversation_id = u.conversation_id AND w.intent_id > u.intent_id "
        "WHERE u.settled_at_ms IS NULL AND u.state = 'unknown' AND u.class = 'agent' AND w.settled_at_ms IS NULL "
        "AND w.state IN ('queued', 'retry_wait') AND w.class = 'agent'");
    if (blocked.step())
        counts.lanes_blocked = blocked.integer(0);
    return counts;
}

OutboxPage find_outbox(Reading& reading, OutboxQuery const& query)
{
    auto const end = newest_intent(reading) + 1;
    auto const before = query.before ? std::min(query.before.value, end) : end;
    auto const from = query.open ? std::int64_t{1} : std::max<std::int64_t>(1, before - rows_per_look);
    auto const ids = found_ids(reading, query, before, from);
    OutboxPage page;
    for (auto const id : ids)
        page.lines.push_back(line_of(reading, id));
    if (static_cast<int>(ids.size()) >= query.limit)
        page.next = ids.back();
    else if (from > 1)
        page.next = {from};
    return page;
}

std::vector<JournalledAttempt> attempts_of(Reading& reading, IntentId intent)
{
    auto q = reading.prepare(select_attempts);
    q.bind(1, intent);
    std::vector<JournalledAttempt> attempts;
    while (q.step())
        attempts.push_back({static_cast<int>(q.integer(0)), q.text(1), q.time(2), q.maybe_time(3), q.text(4), q.text(5), q.text(6),
                            maybe_code(q, 7), q.text(8)});
    return attempts;
}

std::vector<ReceiptRow> receipts_of(Reading& reading, IntentId intent)
{
    auto q = reading.prepare(select_receipts);
    q.bind(1, intent);
    std::vector<ReceiptRow> receipts;
    while (q.step()) {
        Price price{q.is_null(7) ? std::nullopt : std::optional{q.integer(7) != 0}, q.text(5), q.text(6)};
        receipts.push_back({q.text(0), maybe_code(q, 1), q.text(2), q.time(3), q.time(4),
                            price == Price{} ? std::nullopt : std::optional{std::move(price)}, q.text(8)});
    }
    return receipts;
}

std::optional<IntentRow> latest_window_template(Reading& reading, ConversationId conversation)
{
    auto q = reading.prepare("SELECT MAX(i.intent_id) FROM message m JOIN intent i ON i.message_id = m.message_id "
                             "WHERE m.conversation_id = ?1 AND m.purpose <> 'history' AND m.purpose = 'window_template'");
    q.bind(1, conversation);
    if (!q.step() || q.is_null(0))
        return std::nullopt;
    return outbox::load_intent(reading, q.id<IntentId>(0));
}

LanePlace lane_place(Reading& reading, IntentRow const& intent, Timestamp now, OutboxRules const& rules)
{
    auto const lane = outbox::load_lane(reading, intent.conversation);
    auto const conversation = find_conversation(reading, intent.conversation);
    auto const next = next_in_lane(lane, conversation ? conversation->last_inbound : std::nullopt, now, rules);
    LanePlace place;
    place.turn = next.go && lane[*next.go].id == intent.id;
    place.look_again = next.look_again;
    for (auto const& other : lane)
        if (other.id < intent.id && place.ahead.size() < most_ahead)
            place.ahead.push_back(outbox::load_intent(reading, other.id));
    return place;
}

std::vector<LoggedEvent> message_events(Reading& reading, TicketId ticket, MessageId message, int limit)
{
    auto q = reading.prepare(select_message_events);
    q.bind(1, ticket);
    q.bind(2, message);
    q.bind(3, limit);
    std::vector<LoggedEvent> events;
    while (q.step()) {
        LoggedEvent event;
        event.seq = q.id<EventSeq>(0);
        event.type = q.text(1);
        event.at = q.time(2);
        event.actor = {parse_actor_kind(q.text(3)).value_or(ActorKind::system), q.integer(4)};
        event.ticket = ticket;
        event.message = message;
        event.intent = q.id<IntentId>(5);
        event.data = q.text(6);
        events.insert(events.begin(), std::move(event));
    }
    return events;
}

} // namespace deskbridge::store
