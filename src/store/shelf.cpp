#include "deskbridge/store/shelf.hpp"

#include "deskbridge/store/event_log.hpp"

#include <limits>

namespace deskbridge::store {

namespace {

constexpr auto insert_entry = R"(
    INSERT INTO shelf (journal_id, account_id, event_key, reason, detail, shelved_at_ms, body_sha256)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, (SELECT body_sha256 FROM journal WHERE journal_id = ?1)))";
constexpr auto select_open_of_journal = R"(
    SELECT shelf_id, journal_id, account_id, event_key, reason, detail, shelved_at_ms, resolved_at_ms, resolution
    FROM shelf WHERE resolved_at_ms IS NULL AND journal_id = ?1 ORDER BY shelf_id)";
constexpr auto select_same_body = R"(
    SELECT s.resolved_at_ms IS NULL FROM shelf AS s JOIN journal AS j ON j.journal_id = s.journal_id
    WHERE s.body_sha256 = ?2 AND (s.resolved_at_ms IS NULL OR s.resolution = 'dropped') AND j.hook = ?1
    ORDER BY s.resolved_at_ms IS NULL DESC LIMIT 1)";
constexpr auto count_open = "SELECT count(*) FROM shelf WHERE resolved_at_ms IS NULL";
constexpr auto update_entry = R"(
    UPDATE shelf SET resolved_at_ms = ?2, resolution = ?3, detail = detail || ?4 WHERE shelf_id = ?1 AND resolved_at_ms IS NULL
    RETURNING account_id)";
#define SHELF_LINE                                                                                                              \
    "SELECT s.shelf_id, s.journal_id, s.account_id, s.event_key, s.reason, s.detail, s.shelved_at_ms, s.resolved_at_ms, "       \
    "s.resolution, j.hook, j.received_at_ms, length(j.body), a.name FROM shelf AS s "                                           \
    "JOIN journal AS j ON j.journal_id = s.journal_id LEFT JOIN account AS a ON a.account_id = s.account_id "
#define SHELF_PAGE                                                                                                              \
    "AND (?1 = '' OR s.reason = ?1) AND (?2 IS NULL OR s.account_id = ?2) AND s.shelf_id < ?3 ORDER BY s.shelf_id DESC LIMIT ?4"
// Two, since a partial index is used only where the statement itself says what the index says.
constexpr auto select_open_lines = SHELF_LINE "WHERE s.resolved_at_ms IS NULL " SHELF_PAGE;
constexpr auto select_done_lines = SHELF_LINE "WHERE s.resolved_at_ms IS NOT NULL " SHELF_PAGE;
constexpr auto select_line = SHELF_LINE "WHERE s.shelf_id = ?1";

ShelfEntry shelf_row(Statement const& q)
{
    return {q.id<ShelfId>(0), q.id<JournalId>(1), q.id<AccountId>(2), q.text(3),      q.text(4),
            q.text(5),        q.time(6),          q.maybe_time(7),    q.text(8)};
}

ShelfLine line(Statement const& q)
{
    return {shelf_row(q), q.text(9), q.time(10), q.maybe_integer(11), q.text(12)};
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

std::optional<ShelfReason> parse_shelf_reason(std::string_view word) noexcept
{
    for (auto const reason : {ShelfReason::unreadable, ShelfReason::unknown_account, ShelfReason::effect_failed, ShelfReason::foreign_object})
        if (render_shelf_reason(reason) == word)
            return reason;
    return std::nullopt;
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

ShelvedBody find_shelved_body(Reading& reading, std::string_view hook, std::string_view digest)
{
    auto q = reading.prepare(select_same_body);
    q.bind(1, hook);
    q.bind_blob(2, digest);
    if (!q.step())
        return ShelvedBody::none;
    return q.boolean(0) ? ShelvedBody::open : ShelvedBody::dropped;
}

std::vector<ShelfEntry> load_open_shelf(Reading& reading, JournalId journal)
{
    auto q = reading.prepare(select_open_of_journal);
    q.bind(1, journal);
    std::vector<ShelfEntry> entries;
    while (q.step())
        entries.push_back(shelf_row(q));
    return entries;
}

std::int64_t count_open_shelf(Reading& reading)
{
    auto q = reading.prepare(count_open);
    q.step();
    return q.integer(0);
}

bool resolve_shelf_entry(Tx& tx, ShelfId id, ShelfDecision const& decision, Timestamp now)
{
    std::string_view const word = decision.resolution == ShelfResolution::replayed ? "replayed" : "dropped";
    auto const said = decision.reason.empty() ? std::string{} : "; " + std::string{word} + ": " + std::string{decision.reason};
    auto q = tx.prepare(update_entry);
    q.bind(1, id);
    q.bind(2, now);
    q.bind(3, word);
    q.bind(4, said);
    if (!q.step())
        return false;
    ObjectText data{{"shelf", id.value}, {"resolution", word}};
    if (!decision.reason.empty())
        data.add("reason", decision.reason);
    append_event(tx, {.type = "shelf.resolved", .at = now, .actor = decision.by, .account = q.id<AccountId>(0), .data = std::move(data)});
    return true;
}

std::vector<ShelfLine> find_shelf(Reading& reading, ShelfQuery const& query)
{
    auto q = reading.prepare(query.open ? select_open_lines : select_done_lines);
    q.bind(1, std::string_view{query.reason});
    q.bind(2, query.account);
    q.bind(3, query.before ? query.before.value : std::numeric_limits<std::int64_t>::max());
    q.bind(4, query.limit);
    std::vector<ShelfLine> lines;
    while (q.step())
        lines.push_back(line(q));
    return lines;
}

std::optional<ShelfLine> find_shelf_line(Reading& reading, ShelfId id)
{
    auto q = reading.prepare(select_line);
    q.bind(1, id);
    if (!q.step())
        return std::nullopt;
    return line(q);
}

} // namespace deskbridge::store
