#include "deskbridge/store/attachment.hpp"

#include "deskbridge/core/media.hpp"
#include "deskbridge/store/event_log.hpp"

namespace deskbridge::store {
namespace {

#define MEDIA_COLUMNS                                                                                                           \
    "m.media_id, m.external_id, m.mime_type, m.file_name, m.announced_sha256, m.state, m.state_reason, m.sha256, "  \
    "m.size_bytes, m.content_type, m.next_at_ms"
#define ATTACHMENT_COLUMNS                                                                                                      \
    "SELECT " MEDIA_COLUMNS ", m.message_id, e.account_id, e.conversation_id, e.ticket_id, e.received_at_ms, m.attempts "       \
    "FROM media m JOIN message e ON e.message_id = m.message_id "

Media media_at(Statement const& row)
{
    Media media;
    media.id = row.integer(0);
    media.reference = {row.text(1), row.text(2), row.text(3), row.text(4)};
    media.state = row.text(5);
    media.reason = row.text(6);
    media.sha256 = row.text(7);
    media.size = static_cast<std::uint64_t>(row.integer(8));
    media.content_type = row.text(9);
    media.next_at = row.maybe_time(10);
    return media;
}

Attachment attachment_at(Statement const& row)
{
    Attachment out;
    out.media = media_at(row);
    out.message = row.id<MessageId>(11);
    out.account = row.id<AccountId>(12);
    out.conversation = row.id<ConversationId>(13);
    out.ticket = row.id<TicketId>(14);
    out.received_at = row.time(15);
    out.attempts = static_cast<int>(row.integer(16));
    return out;
}

void tell(Tx& tx, Attachment const& attachment, NewEvent event)
{
    event.account = attachment.account;
    event.conversation = attachment.conversation;
    event.ticket = attachment.ticket;
    event.message = attachment.message;
    event.data.add("attachment", attachment.media.id);
    append_event(tx, event);
}

} // namespace

Result<KeptFile> keep_file(MediaDraft& draft, std::string_view announced_type)
{
    auto const further = [&](std::uint64_t at, std::size_t size) { return draft.read(at, size); };
    KeptFile file{draft.sha256(), draft.size(), std::string{kept_type(announced_type, draft.head())}, form_of(draft.head(), further)};
    if (auto const kept = draft.keep(); !kept)
        return kept.error();
    return file;
}

void insert_media(Tx& tx, MessageId id, int position, MediaReference const& reference, Timestamp next_at)
{
    // One sequence with the files that agents bring in, which have a number before they have a message.
    auto q = tx.prepare("INSERT INTO media (media_id, message_id, position, external_id, mime_type, file_name, announced_sha256, "
                        "next_at_ms, account_id) VALUES ((SELECT 1 + max((SELECT COALESCE(max(media_id), 0) FROM media), (SELECT COALESCE(max(attachment_id), 0) "
                        "FROM outgoing_file))), ?1, ?2, ?3, ?4, ?5, ?6, ?7, (SELECT account_id FROM message WHERE message_id = ?1))");
    q.bind(1, id);
    q.bind(2, std::int64_t{position});
    q.bind(3, std::string_view{reference.external_id});
    q.bind(4, std::string_view{reference.mime_type});
    q.bind(5, std::string_view{reference.file_name});
    q.bind(6, std::string_view{reference.sha256});
    q.bind(7, next_at);
    q.run();
}

std::vector<Media> media_of(Reading& reading, MessageId id)
{
    auto q = reading.prepare("SELECT " MEDIA_COLUMNS " FROM media m WHERE m.message_id = ?1 ORDER BY m.position");
    q.bind(1, id);
    std::vector<Media> out;
    while (q.step())
        out.push_back(media_at(q));
    return out;
}

std::vector<Attachment> due_attachments(Reading& reading, AccountId account, Timestamp now, int limit)
{
    auto q = reading.prepare(ATTACHMENT_COLUMNS "WHERE m.account_id = ?1 AND m.state = 'recorded' AND m.next_at_ms <= ?2 "
                                                "ORDER BY m.next_at_ms, m.media_id LIMIT ?3");
    q.bind(1, account);
    q.bind(2, now);
    q.bind(3, limit);
    std::vector<Attachment> out;
    while (q.step())
        out.push_back(attachment_at(q));
    return out;
}

std::optional<Timestamp> next_attachment_due(Reading& reading, AccountId account, Timestamp now)
{
    auto q = reading.prepare("SELECT min(next_at_ms) FROM media WHERE account_id = ?1 AND state = 'recorded' AND next_at_ms > ?2");
    q.bind(1, account);
    q.bind(2, now);
    return q.step() ? q.maybe_time(0) : std::nullopt;
}

std::optional<Attachment> find_attachment(Reading& reading, std::int64_t number)
{
    auto q = reading.prepare(ATTACHMENT_COLUMNS "WHERE m.media_id = ?1");
    q.bind(1, number);
    if (!q.step())
        return std::nullopt;
    return attachment_at(q);
}

std::int64_t count_waiting_attachments(Reading& reading)
{
    auto q = reading.prepare("SELECT count(*) FROM media WHERE state = 'recorded'");
    return q.step() ? q.integer(0) : 0;
}

bool keep_attachment(Tx& tx, Attachment const& attachment, KeptFile const& file, Timestamp now)
{
    auto q = tx.prepare("UPDATE media SET state = 'fetched', state_reason = '', sha256 = ?2, size_bytes = ?3, content_type = ?4, "
                        "next_at_ms = NULL WHERE media_id = ?1 AND message_id = ?5 AND state = 'recorded'");
    q.bind(1, attachment.media.id);
    q.bind(5, attachment.message);
    q.bind(2, file.sha256);
    q.bind(3, file.size);
    q.bind(4, file.content_type);
    if (q.run() == 0)
        return false;
    tell(tx, attachment,
         {.type = "attachment.fetched", .at = now, .data = {{"content_type", file.content_type}, {"size_bytes", file.size}}});
    return true;
}

bool postpone_attachment(Tx& tx, Attachment const& attachment, std::string_view reason, Timestamp next_at)
{
    auto q = tx.prepare("UPDATE media SET state_reason = ?2, next_at_ms = ?3, attempts = attempts + 1 "
                        "WHERE media_id = ?1 AND message_id = ?4 AND state = 'recorded'");
    q.bind(1, attachment.media.id);
    q.bind(4, attachment.message);
    q.bind(2, reason);
    q.bind(3, next_at);
    return q.run() != 0;
}

bool give_up_attachment(Tx& tx, Attachment const& attachment, std::string_view state, std::string_view reason, Timestamp now)
{
    auto q = tx.prepare("UPDATE media SET state = ?2, state_reason = ?3, next_at_ms = NULL, attempts = attempts + 1 "
                        "WHERE media_id = ?1 AND message_id = ?4 AND state = 'recorded'");
    q.bind(1, attachment.media.id);
    q.bind(4, attachment.message);
    q.bind(2, state);
    q.bind(3, reason);
    if (q.run() == 0)
        return false;
    tell(tx, attachment, {.type = "attachment.failed", .at = now, .data = {{"reason", reason}, {"state", state}}});
    return true;
}

void request_attachment(Tx& tx, Attachment const& attachment, Actor by, Timestamp now)
{
    auto q = tx.prepare("UPDATE media SET state = 'recorded', state_reason = '', next_at_ms = ?2, attempts = 0 "
                        "WHERE media_id = ?1 AND state <> 'fetched'");
    q.bind(1, attachment.media.id);
    q.bind(2, now);
    if (q.run() == 0)
        throw Rollback{{Fault::conflict, "the file is here already"}};
    tell(tx, attachment, {.type = "attachment.requested", .at = now, .actor = by});
}

std::int64_t hasten_attachments(Tx& tx, AccountId account, std::string_view reason, Timestamp now)
{
    auto q = tx.prepare("UPDATE media SET next_at_ms = ?3 WHERE account_id = ?1 AND state = 'recorded' AND state_reason = ?2 "
                        "AND next_at_ms > ?3");
    q.bind(1, account);
    q.bind(2, reason);
    q.bind(3, now);
    return q.run();
}

} // namespace deskbridge::store
