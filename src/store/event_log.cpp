#include "deskbridge/store/event_log.hpp"

namespace deskbridge::store {

namespace {

constexpr auto insert_event = R"(
    INSERT INTO event (type, at_ms, actor_kind, actor_id, account_id, contact_id, conversation_id, ticket_id, message_id,
                       intent_id, data)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11))";

constexpr auto select_events = R"(
    SELECT seq, type, at_ms, actor_kind, actor_id, account_id, contact_id, conversation_id, ticket_id, message_id, intent_id, data
    FROM event WHERE seq > ?1 ORDER BY seq LIMIT ?2)";

constexpr auto select_ticket_events_of_type = R"(
    SELECT seq, type, at_ms, actor_kind, actor_id, account_id, contact_id, conversation_id, ticket_id, message_id, intent_id, data
    FROM event WHERE ticket_id = ?1 AND type = ?3 AND type <> 'message.received' AND type <> 'message.placed'
    ORDER BY seq DESC LIMIT ?2)"; // as the index says it

constexpr auto select_last = "SELECT coalesce(max(seq), 0) FROM event";

LoggedEvent event_row(Statement const& q)
{
    LoggedEvent event;
    event.seq = q.id<EventSeq>(0);
    event.type = q.text(1);
    event.at = q.time(2);
    event.actor = {parse_actor_kind(q.text(3)).value_or(ActorKind::system), q.integer(4)};
    event.account = q.id<AccountId>(5);
    event.contact = q.id<ContactId>(6);
    event.conversation = q.id<ConversationId>(7);
    event.ticket = q.id<TicketId>(8);
    event.message = q.id<MessageId>(9);
    event.intent = q.id<IntentId>(10);
    event.data = q.text(11);
    return event;
}

std::vector<LoggedEvent> rows(Statement q, EventSeq after, int limit)
{
    q.bind(1, after.value);
    q.bind(2, limit);
    std::vector<LoggedEvent> events;
    while (q.step())
        events.push_back(event_row(q));
    return events;
}

} // namespace

EventSeq append_event(Tx& tx, NewEvent const& event)
{
    auto const data = event.data.text();
    auto q = tx.prepare(insert_event);
    q.bind(1, event.type.name());
    q.bind(2, event.at);
    q.bind(3, render_actor_kind(event.actor.kind));
    q.bind(4, event.actor.id != 0 ? std::optional{event.actor.id} : std::nullopt);
    q.bind(5, event.account);
    q.bind(6, event.contact);
    q.bind(7, event.conversation);
    q.bind(8, event.ticket);
    q.bind(9, event.message);
    q.bind(10, event.intent);
    q.bind(11, data);
    q.run();
    tx.note_event(tx.last_insert_id());
    return {tx.last_insert_id()};
}

std::vector<LoggedEvent> load_events(Reading& reading, EventSeq after, int limit)
{
    return rows(reading.prepare(select_events), after, limit);
}

std::vector<LoggedEvent> latest_ticket_events(Reading& reading, TicketId ticket, EventType type, int limit)
{
    auto q = reading.prepare(select_ticket_events_of_type);
    q.bind(1, ticket);
    q.bind(2, limit);
    q.bind(3, type.name());
    std::vector<LoggedEvent> events;
    while (q.step())
        events.insert(events.begin(), event_row(q));
    return events;
}

EventSeq last_event(Reading& reading)
{
    auto q = reading.prepare(select_last);
    q.step();
    return q.id<EventSeq>(0);
}

} // namespace deskbridge::store
