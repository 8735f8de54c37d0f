#include "deskbridge/store/message.hpp"

namespace deskbridge::store {
namespace {

#define MESSAGE_COLUMNS                                                                                                         \
    "SELECT message_id, conversation_id, ticket_id, account_id, direction, actor_kind, actor_id, class, purpose, kind, text, "  \
    "details, choice_id, external_id, quoted_external_id, quoted_message_id, provider_at_ms, received_at_ms, matter, late, "    \
    "command, deleted_at_ms, edited_at_ms, journal_id, position FROM message "

Direction direction_of(std::string_view word)
{
    if (word == "in")
        return Direction::in;
    return word == "out" ? Direction::out : Direction::note;
}

Message message_of(Statement const& row)
{
    Message message;
    message.id = row.id<MessageId>(0);
    message.conversation = row.id<ConversationId>(1);
    message.ticket = row.id<TicketId>(2);
    message.account = row.id<AccountId>(3);
    message.direction = direction_of(row.text(4));
    message.actor = {parse_actor_kind(row.text(5)).value_or(ActorKind::system), row.integer(6)};
    message.message_class = row.text(7);
    message.purpose = row.text(8);
    message.kind = row.text(9);
    message.text = row.text(10);
    message.details = row.text(11);
    message.choice_id = row.text(12);
    message.external_id = row.maybe_text(13);
    message.quoted_external_id = row.maybe_text(14);
    message.quoted = row.id<MessageId>(15);
    message.provider_at = row.time(16);
    message.received_at = row.time(17);
    message.matter = row.integer(18) != 0;
    message.late = row.integer(19) != 0;
    message.command = row.text(20);
    message.deleted_at = row.maybe_time(21);
    message.edited_at = row.maybe_time(22);
    message.journal = row.id<JournalId>(23);
    message.position = row.maybe_integer(24);
    return message;
}

std::optional<Message> one(Statement& q)
{
    if (!q.step())
        return std::nullopt;
    return message_of(q);
}

std::vector<Message> all(Statement& q)
{
    std::vector<Message> out;
    while (q.step())
        out.push_back(message_of(q));
    return out;
}

void bind_origin(Statement& q, Message const& message)
{
    q.bind(1, message.conversation);
    q.bind(2, message.ticket);
    q.bind(3, message.account);
    q.bind(4, render_direction(message.direction));
    q.bind(5, render_actor_kind(message.actor.kind));
    if (message.actor.id != 0)
        q.bind(6, message.actor.id);
    else
        q.bind(6, std::nullopt);
    if (message.message_class.empty())
        q.bind(7, std::nullopt);
    else
        q.bind(7, std::string_view{message.message_class});
    q.bind(8, std::string_view{message.purpose});
}

} // namespace

std::string_view render_direction(Direction direction) noexcept
{
    switch (direction) {
    case Direction::in: return "in";
    case Direction::out: return "out";
    case Direction::note: return "note";
    }
    return {};
}

MessageId insert_message(Tx& tx, Message const& message)
{
    auto q = tx.prepare(
        "INSERT INTO message (conversation_id, ticket_id, account_id, direction, actor_kind, actor_id, class, purpose, kind, "
        "text, details, choice_id, external_id, quoted_external_id, quoted_message_id, provider_at_ms, received_at_ms, matter, "
        "late, command, deleted_at_ms, edited_at_ms, journal_id, position) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, "
        "?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24)");
    bind_origin(q, message);
    q.bind(9, std::string_view{message.kind});
    q.bind(10, std::string_view{message.text});
    q.bind(11, std::string_view{message.details});
    q.bind(12, std::string_view{message.choice_id});
    q.bind(13, message.external_id);
    q.bind(14, message.quoted_external_id);
    q.bind(15, message.quoted);
    q.bind(16, message.provider_at);
    q.bind(17, message.received_at);
    q.bind(18, message.matter);
    q.bind(19, message.late);
    q.bind(20, std::string_view{message.command});
    q.bind(21, message.deleted_at);
    q.bind(22, message.edited_at);
    q.bind(23, message.journal);
    q.bind(24, message.position);
    q.run();
    return MessageId{tx.last_insert_id()};
}

std::optional<Message> find_message(Reading& reading, MessageId id)
{
    auto q = reading.prepare(MESSAGE_COLUMNS "WHERE message_id = ?1");
    q.bind(1, id);
    return one(q);
}

std::optional<Message> find_message(Reading& reading, AccountId account, std::string_view external_id)
{
    auto q = reading.prepare(MESSAGE_COLUMNS "WHERE account_id = ?1 AND external_id = ?2");
    q.bind(1, account);
    q.bind(2, external_id);
    return one(q);
}

std::optional<MessageId> find_message_sent_as(Reading& reading, AccountId account, std::string_view external_id)
{
    auto q = reading.prepare(
        "SELECT message_id FROM message WHERE account_id = ?1 AND external_id = ?2 "
        "UNION ALL SELECT message_id FROM intent WHERE account_id = ?1 AND external_id = ?2 "
        "UNION ALL SELECT i.message_id FROM attempt a JOIN intent i ON i.intent_id = a.intent_id "
        "WHERE a.account_id = ?1 AND a.external_id = ?2 LIMIT 1");
    q.bind(1, account);
    q.bind(2, external_id);
    if (!q.step())
        return std::nullopt;
    return q.id<MessageId>(0);
}

std::vector<Message> messages_of(Reading& reading, TicketId ticket, MessageId after, int limit)
{
    auto q = reading.prepare(MESSAGE_COLUMNS "WHERE ticket_id = ?1 AND message_id > ?2 ORDER BY message_id LIMIT ?3");
    q.bind(1, ticket);
    q.bind(2, after.value);
    q.bind(3, std::int64_t{limit});
    return all(q);
}

std::vector<Message> inbound_since(Reading& reading, ConversationId conversation, MessageId first, int limit)
{
    auto q = reading.prepare(MESSAGE_COLUMNS "WHERE conversation_id = ?1 AND message_id >= ?2 AND direction = 'in' "
                                             "AND purpose <> 'history' ORDER BY message_id LIMIT ?3");
    q.bind(1, conversation);
    q.bind(2, first.value);
    q.bind(3, std::int64_t{limit});
    return all(q);
}

// All that is asked for stands in message_by_conversation: no row is visited.
std::vector<MessageGlance> glance_back(Reading& reading, ConversationId conversation, int limit)
{
    auto q = reading.prepare("SELECT message_id, ticket_id, direction, actor_kind, purpose, command, matter, "
                             "provider_at_ms, received_at_ms FROM message WHERE conversation_id = ?1 AND direction <> 'note' "
                             "AND purpose <> 'history' ORDER BY message_id DESC LIMIT ?2");
    q.bind(1, conversation);
    q.bind(2, std::int64_t{limit});
    std::vector<MessageGlance> out;
    while (q.step())
        out.push_back({q.id<MessageId>(0), q.id<TicketId>(1), direction_of(q.text(2)),
                       parse_actor_kind(q.text(3)).value_or(ActorKind::system), q.text(4), q.text(5), q.integer(6) != 0,
                       believed(q.time(7), q.time(8))});
    return out;
}

int count_matter_since(Reading& reading, TicketId ticket, Timestamp since)
{
    auto q = reading.prepare("SELECT count(*) FROM message WHERE ticket_id = ?1 AND direction = 'in' AND matter = 1 "
                             "AND command = '' AND received_at_ms >= ?2");
    q.bind(1, ticket);
    q.bind(2, since);
    return q.step() ? static_cast<int>(q.integer(0)) : 0;
}

AutomaticCount automatic_since(Reading& reading, ContactId contact, Timestamp since)
{
    // The newest 500 of each chat bound the work; both bounds of an hour are below that, the questions counted in.
    auto q = reading.prepare(
        "SELECT count(*) FILTER (WHERE m.class = 'notice'), count(*) FILTER (WHERE m.class = 'answer') "
        "FROM conversation c JOIN message m ON m.message_id IN (SELECT message_id FROM message "
        "WHERE conversation_id = c.conversation_id AND purpose <> 'history' ORDER BY message_id DESC LIMIT 500) "
        "WHERE c.contact_id = ?1 AND m.direction = 'out' AND m.class IN ('answer', 'notice') AND m.received_at_ms >= ?2");
    q.bind(1, contact);
    q.bind(2, since);
    if (!q.step())
        return {};
    return {static_cast<int>(q.integer(0)), static_cast<int>(q.integer(1))};
}

bool agent_on_the_way(Reading& reading, TicketId ticket)
{
    auto q = reading.prepare("SELECT 1 FROM intent WHERE ticket_id = ?1 AND class = 'agent' "
                             "AND state IN ('queued', 'claimed', 'retry_wait') LIMIT 1");
    q.bind(1, ticket);
    return q.step();
}

bool phone_app_wrote_since(Reading& reading, TicketId ticket, Timestamp since)
{
    auto q = reading.prepare("SELECT 1 FROM message WHERE ticket_id = ?1 AND direction = 'out' AND actor_kind = 'phone_app' "
                             "AND received_at_ms >= ?2 LIMIT 1");
    q.bind(1, ticket);
    q.bind(2, since);
    return q.step();
}

bool agent_wrote_since(Reading& reading, ConversationId conversation, MessageId after)
{
    auto q = reading.prepare("SELECT 1 FROM message WHERE conversation_id = ?1 AND message_id > ?2 AND direction = 'out' "
                             "AND actor_kind IN ('agent', 'phone_app') AND purpose <> 'history' LIMIT 1");
    q.bind(1, conversation);
    q.bind(2, after.value);
    return q.step();
}

void set_message_ticket(Tx& tx, MessageId id, TicketId ticket)
{
    auto q = tx.prepare("UPDATE message SET ticket_id = ?2 WHERE message_id = ?1");
    q.bind(1, id);
    q.bind(2, ticket);
    q.run();
}

namespace {

void remove_message(Tx& tx, MessageId id)
{
    for (auto const* sql : {"DELETE FROM message_reaction WHERE message_id = ?1", "DELETE FROM message_placement WHERE message_id = ?1",
                            "DELETE FROM message_version WHERE message_id = ?1", "DELETE FROM media WHERE message_id = ?1",
                            "DELETE FROM referral WHERE message_id = ?1",
                            "DELETE FROM message WHERE message_id = ?1"}) {
        auto q = tx.prepare(sql);
        q.bind(1, id);
        q.run();
    }
}

} // namespace

void forget_copy(Tx& tx, MessageId id)
{
    for (auto const* sql : {"UPDATE message SET quoted_message_id = NULL WHERE quoted_message_id = ?1",
                            "INSERT INTO journal_contact (journal_id, contact_id) SELECT m.journal_id, c.contact_id FROM message m "
                            "JOIN conversation c ON c.conversation_id = m.conversation_id WHERE m.message_id = ?1 "
                            "AND m.journal_id IS NOT NULL AND c.contact_id IS NOT NULL ON CONFLICT DO NOTHING"}) {
        auto q = tx.prepare(sql);
        q.bind(1, id);
        q.run();
    }
    remove_message(tx, id);
}

void fill_history(Tx& tx, HistoryContent const& content)
{
    auto q = tx.prepare("UPDATE message SET kind = ?2, text = ?3, details = ?4 WHERE message_id = ?1");
    q.bind(1, content.message);
    q.bind(2, content.kind);
    q.bind(3, content.text);
    q.bind(4, content.details);
    q.run();
}

void absorb_echo(Tx& tx, MessageId echo, MessageId ours)
{
    if (echo == ours)
        return;
    for (auto const* sql : {"UPDATE message SET quoted_message_id = ?2 WHERE quoted_message_id = ?1 AND conversation_id = "
                            "(SELECT conversation_id FROM message WHERE message_id = ?1)",
                            "UPDATE message_reaction SET message_id = ?2 WHERE message_id = ?1 AND NOT EXISTS "
                            "(SELECT 1 FROM message_reaction r WHERE r.message_id = ?2 AND r.actor = message_reaction.actor)"}) {
        auto q = tx.prepare(sql);
        q.bind(1, echo);
        q.bind(2, ours);
        q.run();
    }
    remove_message(tx, echo);
}

} // namespace deskbridge::store
