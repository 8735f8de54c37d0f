#include "deskbridge/store/conversation.hpp"

#include "deskbridge/store/free_entry.hpp"
#include "deskbridge/store/reply_window.hpp"

namespace deskbridge::store {
namespace {

#define CONVERSATION_COLUMNS                                                                                                    \
    "SELECT conversation_id, account_id, contact_id, group_external_id, address_kind, address_value, window_from_ms, "          \
    "window_opened_at_ms, window_told_at_ms, last_inbound_ms, created_at_ms, window_minute FROM conversation "

#define INBOUND_FIELDS                                                                                                          \
    "address_kind = ?2, address_value = ?3, window_from_ms = ?4, window_opened_at_ms = ?5, window_told_at_ms = ?6, "            \
    "last_inbound_ms = ?7 WHERE conversation_id = ?1"

// A statement that sets the minute has SQLite write its index anew, wherever that page may be.
constexpr char const* save_within_minute = "UPDATE conversation SET " INBOUND_FIELDS " AND window_minute IS ?4 / 60000";
constexpr char const* save_at_new_minute = "UPDATE conversation SET window_minute = ?4 / 60000, " INBOUND_FIELDS;

Conversation conversation_of(Statement const& row)
{
    Conversation conversation;
    conversation.id = row.id<ConversationId>(0);
    conversation.account = row.id<AccountId>(1);
    conversation.contact = row.id<ContactId>(2);
    conversation.group = row.text(3);
    conversation.address = {row.text(4), row.text(5)};
    conversation.window_from = row.maybe_time(6);
    conversation.window_opened_at = row.maybe_time(7);
    conversation.window_told_at = row.maybe_time(8);
    conversation.last_inbound = row.maybe_time(9);
    conversation.created_at = row.time(10);
    conversation.window_minute = row.maybe_integer(11);
    return conversation;
}

std::optional<std::int64_t> minute_of(std::optional<Timestamp> from)
{
    if (!from)
        return std::nullopt;
    return window_minute(*from);
}

bool are_same(std::optional<std::int64_t> a, std::optional<std::int64_t> b) // GCC 12 takes == of two for a use of what is not there
{
    return a.has_value() == b.has_value() && a.value_or(0) == b.value_or(0);
}

std::optional<Conversation> first(Statement& q)
{
    if (!q.step())
        return std::nullopt;
    return conversation_of(q);
}

/// Everything that stands in `from` stands in `into` afterwards; `from` stays as an empty shell of the merged contact.
void pour_conversation(Tx& tx, ConversationId from, ConversationId into)
{
    // Intents first, by their messages: their own index knows only what is unsettled. History has an index of its own.
    for (auto const* sql : {"UPDATE intent SET conversation_id = ?2 WHERE message_id IN "
                            "(SELECT message_id FROM message WHERE conversation_id = ?1 AND purpose <> 'history')",
                            "UPDATE message SET conversation_id = ?2 WHERE conversation_id = ?1 AND purpose <> 'history'",
                            "UPDATE message SET conversation_id = ?2 WHERE conversation_id = ?1 AND position IS NOT NULL",
                            "UPDATE ticket SET conversation_id = ?2, version = version + 1 WHERE conversation_id = ?1",
                            "UPDATE offer SET conversation_id = ?2 WHERE conversation_id = ?1"}) {
        auto q = tx.prepare(sql);
        q.bind(1, from);
        q.bind(2, into);
        q.run();
    }
}

/// Its window and its free entry point go along: what was open stays open, and only one of the two will be told to close.
void pour_window(Tx& tx, Conversation const& from, Conversation const& into)
{
    pour_free_entry(tx, from.id, into.id);
    if (from.window_from && raise_window(tx, into.id, *from.window_from) && from.window_opened_at && !into.window_opened_at)
        open_window(tx, into.id, *from.window_opened_at);
    auto q = tx.prepare("UPDATE conversation SET window_from_ms = NULL, window_minute = NULL, window_opened_at_ms = NULL WHERE conversation_id = ?1");
    q.bind(1, from.id);
    q.run();
}

} // namespace

std::optional<Conversation> find_conversation(Reading& reading, ConversationId id)
{
    auto q = reading.prepare(CONVERSATION_COLUMNS "WHERE conversation_id = ?1");
    q.bind(1, id);
    return first(q);
}

std::optional<Conversation> find_conversation(Reading& reading, AccountId account, ContactId contact)
{
    auto q = reading.prepare(CONVERSATION_COLUMNS "WHERE account_id = ?1 AND contact_id = ?2");
    q.bind(1, account);
    q.bind(2, contact);
    return first(q);
}

std::optional<Conversation> find_group_conversation(Reading& reading, AccountId account, std::string_view group)
{
    auto q = reading.prepare(CONVERSATION_COLUMNS "WHERE account_id = ?1 AND group_external_id = ?2");
    q.bind(1, account);
    q.bind(2, group);
    return first(q);
}

std::vector<Conversation> conversations_of(Reading& reading, ContactId contact)
{
    auto q = reading.prepare(CONVERSATION_COLUMNS "WHERE contact_id = ?1 ORDER BY conversation_id");
    q.bind(1, contact);
    std::vector<Conversation> out;
    while (q.step())
        out.push_back(conversation_of(q));
    return out;
}

std::optional<Timestamp> latest_moment(Reading& reading, ConversationId id)
{
    auto q = reading.prepare(
        "SELECT max(at_ms) FROM (SELECT max(received_at_ms) AS at_ms FROM (SELECT received_at_ms FROM message "
        "WHERE conversation_id = ?1 AND purpose <> 'history' ORDER BY message_id DESC LIMIT 100) UNION ALL "
        "SELECT max(max(last_activity_ms, opened_at_ms, coalesce(solved_at_ms, 0))) FROM ticket WHERE conversation_id = ?1)");
    q.bind(1, id);
    return q.step() ? q.maybe_time(0) : std::nullopt;
}

ConversationId insert_conversation(Tx& tx, AccountId account, ContactId contact, Timestamp now)
{
    auto q = tx.prepare("INSERT INTO conversation (account_id, contact_id, created_at_ms) VALUES (?1, ?2, ?3)");
    q.bind(1, account);
    q.bind(2, contact);
    q.bind(3, now);
    q.run();
    return ConversationId{tx.last_insert_id()};
}

ConversationId insert_group_conversation(Tx& tx, AccountId account, std::string_view group, Timestamp now)
{
    auto q = tx.prepare("INSERT INTO conversation (account_id, group_external_id, created_at_ms) VALUES (?1, ?2, ?3)");
    q.bind(1, account);
    q.bind(2, group);
    q.bind(3, now);
    q.run();
    return ConversationId{tx.last_insert_id()};
}

void set_address(Tx& tx, ConversationId id, Address const& address)
{
    auto q = tx.prepare("UPDATE conversation SET address_kind = ?2, address_value = ?3 WHERE conversation_id = ?1");
    q.bind(1, id);
    q.bind(2, std::string_view{address.kind});
    q.bind(3, std::string_view{address.value});
    q.run();
}

bool raise_window(Tx& tx, ConversationId id, Timestamp from)
{
    auto q = tx.prepare("UPDATE conversation SET window_from_ms = ?2, window_minute = ?2 / 60000 "
                        "WHERE conversation_id = ?1 AND (window_from_ms IS NULL OR window_from_ms < ?2)");
    q.bind(1, id);
    q.bind(2, from);
    return q.run() > 0;
}

void open_window(Tx& tx, ConversationId id, Timestamp now)
{
    auto q = tx.prepare("UPDATE conversation SET window_opened_at_ms = ?2, window_told_at_ms = NULL WHERE conversation_id = ?1");
    q.bind(1, id);
    q.bind(2, now);
    q.run();
}

void close_window(Tx& tx, ConversationId id)
{
    auto q = tx.prepare("UPDATE conversation SET window_opened_at_ms = NULL WHERE conversation_id = ?1");
    q.bind(1, id);
    q.run();
}

void note_window_told(Tx& tx, ConversationId id, Timestamp now)
{
    auto q = tx.prepare("UPDATE conversation SET window_told_at_ms = ?2 WHERE conversation_id = ?1");
    q.bind(1, id);
    q.bind(2, now);
    q.run();
}

void note_inbound(Tx& tx, ConversationId id, Timestamp received_at)
{
    auto q = tx.prepare("UPDATE conversation SET last_inbound_ms = ?2 "
                        "WHERE conversation_id = ?1 AND (last_inbound_ms IS NULL OR last_inbound_ms < ?2)");
    q.bind(1, id);
    q.bind(2, received_at);
    q.run();
}

void save_inbound(Tx& tx, Conversation& conversation)
{
    auto const minute = minute_of(conversation.window_from);
    bool const stays = are_same(minute, conversation.window_minute);
    conversation.window_minute = minute;
    for (auto const* sql : {save_within_minute, save_at_new_minute}) {
        if (sql == save_within_minute && !stays)
            continue;
        auto q = tx.prepare(sql);
        q.bind(1, conversation.id);
        q.bind(2, std::string_view{conversation.address.kind});
        q.bind(3, std::string_view{conversation.address.value});
        q.bind(4, conversation.window_from);
        q.bind(5, conversation.window_opened_at);
        q.bind(6, conversation.window_told_at);
        q.bind(7, conversation.last_inbound);
        if (q.run() > 0)
            return;
    }
}

void give_conversation(Tx& tx, ConversationId id, ContactId to, Timestamp now)
{
    auto const given = find_conversation(tx, id);
    if (!given || given->contact == to)
        return;
    auto const own = find_conversation(tx, given->account, to);
    if (!own) {
        auto q = tx.prepare("UPDATE conversation SET contact_id = ?2 WHERE conversation_id = ?1");
        q.bind(1, id);
        q.bind(2, to);
        q.run();
        return;
    }
    pour_conversation(tx, id, own->id);
    pour_window(tx, *given, *own);
    note_inbound(tx, own->id, given->last_inbound.value_or(now));
}

std::optional<ConversationId> rename_group(Tx& tx, AccountId account, std::string_view group, std::string_view new_group)
{
    auto const old = find_group_conversation(tx, account, group);
    auto const known = find_group_conversation(tx, account, new_group);
    if (!old || known) {
        if (old) {
            pour_conversation(tx, old->id, known->id);
            pour_window(tx, *old, *known);
        }
        return known ? std::optional{known->id} : std::nullopt;
    }
    auto q = tx.prepare("UPDATE conversation SET group_external_id = ?2 WHERE conversation_id = ?1");
    q.bind(1, old->id);
    q.bind(2, new_group);
    q.run();
    return old->id;
}

} // namespace deskbridge::store
