#include "deskbridge/store/outgoing_file.hpp"

#include "deskbridge/store/event_log.hpp"

namespace deskbridge::store {
namespace {

// Both tables draw from one sequence: see insert_media.
constexpr auto insert_brought = R"(
    INSERT INTO outgoing_file (attachment_id, actor_kind, actor_id, file_name, mime_type, content_type, sha256, size_bytes,
                               brought_at_ms, form)
    VALUES ((SELECT 1 + max((SELECT COALESCE(max(media_id), 0) FROM media),
                            (SELECT COALESCE(max(attachment_id), 0) FROM outgoing_file))), ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
    RETURNING attachment_id)";
constexpr auto insert_attached = R"(
    INSERT INTO media (media_id, message_id, position, external_id, mime_type, file_name, state, sha256, size_bytes, content_type, account_id)
    SELECT attachment_id, ?2, ?3, '', mime_type, file_name, 'fetched', sha256, size_bytes, content_type,
           (SELECT account_id FROM message WHERE message_id = ?2)
    FROM outgoing_file WHERE attachment_id = ?1 AND message_id IS NULL AND discarded_at_ms IS NULL)";
constexpr auto mark_attached = "UPDATE outgoing_file SET message_id = ?2 WHERE attachment_id = ?1 AND message_id IS NULL";
constexpr auto discard_waiting = R"(
    UPDATE outgoing_file SET discarded_at_ms = ?3 WHERE attachment_id IN (
      SELECT attachment_id FROM outgoing_file WHERE message_id IS NULL AND discarded_at_ms IS NULL AND brought_at_ms <= ?1
      ORDER BY brought_at_ms LIMIT ?2)
    RETURNING attachment_id)";
constexpr auto select_discarded = R"(
    SELECT f.attachment_id, f.sha256,
           EXISTS (SELECT 1 FROM media m WHERE m.sha256 = f.sha256)
           OR EXISTS (SELECT 1 FROM outgoing_file o WHERE o.sha256 = f.sha256 AND o.discarded_at_ms IS NULL)
    FROM outgoing_file f WHERE f.discarded_at_ms IS NOT NULL AND f.removed_at_ms IS NULL AND f.attachment_id > ?1 ORDER BY f.attachment_id LIMIT ?2)";
constexpr auto select_provider_file = R"(
    SELECT external_id, lives_until_ms, intent_id FROM provider_file WHERE account_id = ?1 AND sha256 = ?2 AND content_type = ?3)";
constexpr auto upsert_provider_file = R"(
    INSERT INTO provider_file (account_id, sha256, content_type, external_id, lives_until_ms, intent_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
    ON CONFLICT (account_id, sha256, content_type) DO UPDATE SET
      external_id = excluded.external_id, lives_until_ms = excluded.lives_until_ms, intent_id = excluded.intent_id)";
constexpr auto delete_provider_file = "DELETE FROM provider_file WHERE account_id = ?1 AND sha256 = ?2 AND content_type = ?3";

void bind_key(Statement& q, AccountId account, OutboundFile const& file)
{
    q.bind(1, account);
    q.bind(2, std::string_view{file.sha256});
    q.bind(3, std::string_view{file.content_type});
}

std::optional<ProviderFile> load_provider_file(Reading& reading, AccountId account, OutboundFile const& file)
{
    auto q = reading.prepare(select_provider_file);
    bind_key(q, account, file);
    if (!q.step())
        return std::nullopt;
    return ProviderFile{q.text(0), q.time(1), q.id<IntentId>(2)};
}

} // namespace

std::int64_t bring_file(Tx& tx, BroughtFile const& brought, Actor by)
{
    std::int64_t number = 0;
    {
        auto q = tx.prepare(insert_brought);
        q.bind(1, render_actor_kind(by.kind));
        q.bind(2, by.id != 0 ? std::optional{by.id} : std::nullopt);
        q.bind(3, std::string_view{brought.file_name});
        q.bind(4, std::string_view{brought.mime_type});
        q.bind(5, std::string_view{brought.file.content_type});
        q.bind(6, std::string_view{brought.file.sha256});
        q.bind(7, brought.file.size);
        q.bind(8, brought.brought_at);
        q.bind(9, std::string_view{brought.file.form});
        number = q.step() ? q.integer(0) : 0;
    }
    append_event(tx, {.type = "attachment.brought",
                      .at = brought.brought_at,
                      .actor = by,
                      .data = {{"attachment", number}, {"content_type", brought.file.content_type}, {"size_bytes", brought.file.size}}});
    return number;
}

std::optional<BroughtFile> find_brought_file(Reading& reading, std::int64_t attachment)
{
    auto q = reading.prepare("SELECT file_name, mime_type, content_type, sha256, size_bytes, brought_at_ms, message_id, form "
                             "FROM outgoing_file WHERE attachment_id = ?1 AND discarded_at_ms IS NULL");
    q.bind(1, attachment);
    if (!q.step())
        return std::nullopt;
    KeptFile file{q.text(3), static_cast<std::uint64_t>(q.integer(4)), q.text(2), q.text(7)};
    return BroughtFile{attachment, q.text(0), q.text(1), std::move(file), q.time(5), q.id<MessageId>(6)};
}

int discard_files(Tx& tx, Timestamp before, int limit, Timestamp now)
{
    std::vector<std::int64_t> discarded;
    {
        auto q = tx.prepare(discard_waiting);
        q.bind(1, before);
        q.bind(2, limit);
        q.bind(3, now);
        while (q.step())
            discarded.push_back(q.integer(0));
    }
    for (auto const attachment : discarded)
        append_event(tx, {.type = "attachment.discarded", .at = now, .data = {{"attachment", attachment}}});
    return static_cast<int>(discarded.size());
}

std::vector<DiscardedFile> discarded_files(Reading& reading, std::int64_t after, int limit)
{
    auto q = reading.prepare(select_discarded);
    q.bind(1, after);
    q.bind(2, limit);
    std::vector<DiscardedFile> found;
    while (q.step())
        found.push_back({q.integer(0), q.text(1), q.integer(2) != 0});
    return found;
}

void forget_discarded(Tx& tx, std::vector<std::int64_t> const& attachments, Timestamp now)
{
    for (auto const attachment : attachments) {
        auto q = tx.prepare("UPDATE outgoing_file SET removed_at_ms = ?2 WHERE attachment_id = ?1");
        q.bind(1, attachment);
        q.bind(2, now);
        q.run();
    }
}

void attach_files(Tx& tx, MessageId message, std::vector<OutboundFile> const& files)
{
    std::int64_t position = 0;
    for (auto const& file : files) {
        for (auto const* sql : {insert_attached, mark_attached}) {
            auto q = tx.prepare(sql);
            q.bind(1, file.attachment);
            q.bind(2, message);
            if (sql == insert_attached)
                q.bind(3, position++);
            if (q.run() == 0)
                throw Rollback{{Fault::conflict, "attachment " + std::to_string(file.attachment) + " is not there, or was sent already"}};
        }
    }
}

std::optional<ProviderFile> find_provider_file(Reading& reading, AccountId account, OutboundFile const& file, Timestamp now)
{
    auto found = load_provider_file(reading, account, file);
    return found && found->lives_until > now ? std::move(found) : std::nullopt;
}

void remember_provider_file(Tx& tx, AccountId account, OutboundFile const& file, ProviderFile const& uploaded)
{
    auto q = tx.prepare(upsert_provider_file);
    bind_key(q, account, file);
    q.bind(4, std::string_view{uploaded.external_id});
    q.bind(5, uploaded.lives_until);
    q.bind(6, uploaded.intent);
    q.run();
}

std::optional<ProviderFile> forget_provider_file(Tx& tx, AccountId account, OutboundFile const& file)
{
    auto known = load_provider_file(tx, account, file);
    if (!known)
        return std::nullopt;
    auto q = tx.prepare(delete_provider_file);
    bind_key(q, account, file);
    q.run();
    return known;
}

} // namespace deskbridge::store
