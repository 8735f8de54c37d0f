#include "deskbridge/store/outbox_pump.hpp"

namespace deskbridge::store {

namespace {

constexpr auto select_seen = R"(
    SELECT m.account_id, m.conversation_id, m.message_id, m.external_id
    FROM event AS e
    JOIN message AS m ON m.message_id = e.message_id
    JOIN conversation AS c ON c.conversation_id = m.conversation_id
    JOIN account AS a ON a.account_id = m.account_id
    WHERE e.seq > ?1 AND e.seq <= ?2 AND e.type = 'ticket.seen' AND m.direction = 'in' AND m.external_id IS NOT NULL
      AND m.received_at_ms > ?3 AND c.group_external_id IS NULL AND a.configured = 1 AND a.paused_reason IS NULL
    ORDER BY e.seq)";

} // namespace

std::vector<SeenMessage> load_seen_messages(Reading& reading, EventSeq after, EventSeq through, Timestamp since)
{
    auto q = reading.prepare(select_seen);
    q.bind(1, after.value);
    q.bind(2, through.value);
    q.bind(3, since);
    std::vector<SeenMessage> seen;
    while (q.step())
        seen.push_back({q.id<AccountId>(0), q.id<ConversationId>(1), q.id<MessageId>(2), {q.text(3)}});
    return seen;
}

} // namespace deskbridge::store
