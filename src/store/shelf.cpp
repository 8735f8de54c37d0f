#include "deskbridge/store/shelf.hpp"

#include "deskbridge/store/event_log.hpp"
#include "digest.hpp"

namespace deskbridge::store {

namespace {

constexpr auto insert_entry = R"(
    INSERT INTO shelf (journal_id, account_id, event_key, reason, detail, shelved_at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6))";
constexpr auto select_open = R"(
    SELECT shelf_id, journal_id, account_id, event_key, reason, detail, shelved_at_ms, resolved_at_ms, resolution
    FROM shelf WHERE resolved_at_ms IS NULL AND shelf_id > ?1 ORDER BY shelf_id LIMIT ?2)";
constexpr auto select_entry = R"(
    SELECT shelf_id, journal_id, account_id, event_key, reason, detail, shelved_at_ms, resolved_at_ms, resolution
    FROM shelf WHERE shelf_id = ?1)";
constexpr auto select_open_of_journal = R"(
    SELECT shelf_id, journal_id, account_id, event_key, reason, detail, shelved_at_ms, resolved_at_ms, resolution
    FROM shelf WHERE resolved_at_ms IS NULL AND journal_id = ?1 ORDER BY shelf_id)";
constexpr auto select_same_body = R"(
    SELECT 1 FROM (SELECT journal_id FROM shelf WHERE resolved_at_ms IS NULL
                   ORDER BY shelf_id DESC LIMIT 1000) AS s
    JOIN journal AS j ON j.journal_id = s.journal_id WHERE j.hook = ?1 AND j.body_sha256 = ?2 LIMIT 1)";
constexpr auto count_open = "SELECT count(*) FROM shelf WHERE resolved_at_ms IS NULL";
constexpr auto update_entry = R"(
    UPDATE shelf SET resolved_at_ms = ?2, resolution = ?3 WHERE shelf_id = ?1 AND resolved_at_ms IS NULL
    RETURNING account_id)";

ShelfEntry row(Statement const& q)
{
    return {q.id<ShelfId>(0), q.id<JournalId>(1), q.id<AccountId>(2), q.text(3),      q.text(4),
            q.text(5),        q.time(6),          q.maybe_time(7),    q.text(8)};
}

} // namespace

std::string_view render_shelf_reason(ShelfReason reason) noexcept
{
    switch (reason) {
    case ShelfReason::unreadable:
        return "unreadable";
    case ShelfReason::unknown_account:
        return "unknown_account";
    case ShelfReason::effect_failed:
        return "effect_failed";
    case ShelfReason::foreign_object:
        break;
    }
    return "foreign_object";
}

ShelfId put_on_shelf(Tx& tx, NewShelfEntry const& entry)
{
    auto q = tx.prepare(insert_entry);
    q.bind(1, entry.journal);
    q.bind(2, entry.account);
    q.bind(3, entry.event_key.empty() ? std::nullopt : std::optional{entry.event_key});
    q.bind(4, render_shelf_reason(entry.reason));
    q.bind(5, entry.detail);
    q.bind(6, entry.at);
    q.run();
    ShelfId const id{tx.last_insert_id()};
    append_event(tx, {.type = "shelf.added",
                      .at = entry.at,
                      .account = entry.account,
                      .data = {{"shelf", id.value}, {"reason", render_shelf_reason(entry.reason)}}});
    return id;
}

bool body_shelved(Reading& reading, std::string_view hook, std::string_view body)
{
    auto const hash = sha256(body);
    auto q = reading.prepare(select_same_body);
    q.bind(1, hook);
    q.bind_blob(2, hash);
    return q.step();
}

std::vector<ShelfEntry> load_open_shelf(Reading& reading, ShelfId after, int limit)
{
    auto q = reading.prepare(select_open);
    q.bind(1, after.value);
    q.bind(2, limit);
    std::vector<ShelfEntry> entries;
    while (q.step())
        entries.push_back(row(q));
    return entries;
}

std::vector<ShelfEntry> load_open_shelf(Reading& reading, JournalId journal)
{
    auto q = reading.prepare(select_open_of_journal);
    q.bind(1, journal);
    std::vector<ShelfEntry> entries;
    while (q.step())
        entries.push_back(row(q));
    return entries;
}

std::optional<ShelfEntry> find_shelf_entry(Reading& reading, ShelfId id)
{
    auto q = reading.prepare(select_entry);
    q.bind(1, id);
    if (!q.step())
        return std::nullopt;
    return row(q);
}

std::int64_t count_open_shelf(Reading& reading)
{
    auto q = reading.prepare(count_open);
    q.step();
    return q.integer(0);
}

bool resolve_shelf_entry(Tx& tx, ShelfId id, ShelfResolution resolution, Timestamp now)
{
    auto const word = resolution == ShelfResolution::replayed ? "replayed" : "dropped";
    auto q = tx.prepare(update_entry);
    q.bind(1, id);
    q.bind(2, now);
    q.bind(3, word);
    if (!q.step())
        return false;
    append_event(tx, {.type = "shelf.resolved",
                      .at = now,
                      .account = q.id<AccountId>(0),
                      .data = {{"shelf", id.value}, {"resolution", word}}});
    return true;
}

} // namespace deskbridge::store
