#include "deskbridge/store/journal.hpp"

#include "digest.hpp"

#include <algorithm>
#include <limits>

namespace deskbridge::store {

namespace {

constexpr auto insert_journal = R"(
    INSERT INTO journal (hook, received_at_ms, body, body_sha256, headers, retain_until_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6))";
constexpr auto select_journal = R"(
    SELECT journal_id, hook, received_at_ms, body, headers FROM journal WHERE journal_id = ?1)";
constexpr auto select_lines = R"(
    SELECT j.journal_id, j.hook, j.received_at_ms, length(j.body) FROM journal AS j
    WHERE j.journal_id > ?1 AND j.journal_id <= ?2 AND j.received_at_ms >= ?3 AND j.received_at_ms < ?4
      AND (?5 IS NULL
           OR EXISTS (SELECT 1 FROM inbound_event AS e WHERE e.journal_id = j.journal_id AND e.account_id = ?5)
           OR EXISTS (SELECT 1 FROM shelf AS s WHERE s.journal_id = j.journal_id
                      AND (s.account_id = ?5 OR (s.account_id IS NULL AND j.hook = ?6))))
    ORDER BY j.journal_id LIMIT ?7)";
constexpr std::int64_t bodies_per_look = 5000; // no index on the time: their rows are read
constexpr auto insert_contact = "INSERT INTO journal_contact (journal_id, contact_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
// The shelf's bodies stay until a person has decided about them.
constexpr auto select_over = R"(
    SELECT journal_id, length(body) FROM journal
    WHERE retain_until_ms <= ?1 AND body IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM shelf WHERE shelf.journal_id = journal.journal_id AND shelf.resolved_at_ms IS NULL)
    ORDER BY retain_until_ms LIMIT ?2)";
constexpr auto drop_body = "UPDATE journal SET body = NULL WHERE journal_id = ?1";
constexpr std::int64_t bytes_at_once = 1 << 20; // freeing pages costs the writer time too
// A body that can still be replayed keeps its keys, however old they are.
constexpr auto select_keyed = R"(
    SELECT journal_id, received_at_ms, body IS NULL FROM journal
    WHERE journal_id = (SELECT min(journal_id) FROM inbound_event WHERE journal_id > ?1))";
constexpr auto delete_keys = "DELETE FROM inbound_event WHERE journal_id = ?1";
constexpr auto insert_key = R"(
    INSERT INTO inbound_event (account_id, key, kind, journal_id, received_at_ms) VALUES (?1, ?2, ?3, ?4, ?5)
    ON CONFLICT (account_id, key) DO NOTHING)";
constexpr auto select_key = "SELECT state FROM inbound_event WHERE account_id = ?1 AND key = ?2";
constexpr auto update_key = "UPDATE inbound_event SET state = ?3 WHERE account_id = ?1 AND key = ?2";

std::string state_of(Reading& reading, AccountId account, std::string_view key)
{
    auto q = reading.prepare(select_key);
    q.bind(1, account);
    q.bind(2, key);
    return q.step() ? q.text(0) : std::string{};
}

} // namespace

std::string body_digest(std::string_view body)
{
    return sha256(body);
}

JournalId add_journal(Tx& tx, NewJournal const& entry)
{
    auto const own = entry.digest.empty() ? body_digest(entry.body) : std::string{};
    auto q = tx.prepare(insert_journal);
    q.bind(1, entry.hook);
    q.bind(2, entry.received_at);
    q.bind_blob(3, entry.body);
    q.bind_blob(4, own.empty() ? entry.digest : std::string_view{own});
    q.bind(5, entry.headers);
    q.bind(6, entry.received_at + entry.retain);
    q.run();
    return {tx.last_insert_id()};
}

std::optional<JournalRow> find_journal(Reading& reading, JournalId id)
{
    auto q = reading.prepare(select_journal);
    q.bind(1, id);
    if (!q.step())
        return std::nullopt;
    JournalRow row{q.id<JournalId>(0), q.text(1), q.time(2), std::nullopt, q.text(4)};
    if (!q.is_null(3))
        row.body = q.blob(3);
    return row;
}

JournalPage find_journal_lines(Reading& reading, JournalQuery const& query)
{
    JournalPage page;
    {
        auto newest = reading.prepare("SELECT coalesce(max(journal_id), 0) FROM journal");
        newest.step();
        page.newest = newest.id<JournalId>(0);
    }
    auto const after = std::min(query.after.value, page.newest.value);
    JournalId const through{std::min(page.newest.value, after + bodies_per_look)};
    auto q = reading.prepare(select_lines);
    q.bind(1, after);
    q.bind(2, through.value);
    q.bind(3, query.from ? to_ms(*query.from) : std::numeric_limits<std::int64_t>::min());
    q.bind(4, query.to ? to_ms(*query.to) : std::numeric_limits<std::int64_t>::max());
    q.bind(5, query.account);
    q.bind(6, std::string_view{query.hook});
    q.bind(7, query.limit);
    while (q.step())
        page.lines.push_back({q.id<JournalId>(0), q.text(1), q.time(2), q.maybe_integer(3)});
    if (static_cast<int>(page.lines.size()) >= query.limit)
        page.next = page.lines.back().id;
    else if (through < page.newest)
        page.next = through;
    return page;
}

void link_journal_contact(Tx& tx, JournalId journal, ContactId contact)
{
    auto q = tx.prepare(insert_contact);
    q.bind(1, journal);
    q.bind(2, contact);
    q.run();
}

int drop_journal_bodies(Tx& tx, Timestamp now, int limit)
{
    std::vector<JournalId> over;
    {
        auto q = tx.prepare(select_over);
        q.bind(1, now);
        q.bind(2, limit);
        for (std::int64_t bytes = 0; bytes < bytes_at_once && q.step(); bytes += q.integer(1))
            over.push_back(q.id<JournalId>(0));
    }
    for (auto const id : over) {
        auto q = tx.prepare(drop_body);
        q.bind(1, id);
        q.run();
    }
    return static_cast<int>(over.size());
}

DroppedKeys drop_event_keys(Tx& tx, JournalId after, Timestamp before, int limit)
{
    DroppedKeys dropped{0, after, true};
    for (int bodies = 0; bodies < limit && dropped.keys < limit; ++bodies) {
        auto q = tx.prepare(select_keyed);
        q.bind(1, dropped.last.value);
        if (!q.step() || q.time(1) > before)
            return dropped;
        dropped.last = q.id<JournalId>(0);
        if (!q.boolean(2))
            continue;
        auto keys = tx.prepare(delete_keys);
        keys.bind(1, dropped.last);
        dropped.keys += static_cast<int>(keys.run());
    }
    dropped.complete = false;
    return dropped;
}

bool claim_event(Tx& tx, EventKey const& event, JournalId journal, Timestamp received_at)
{
    auto q = tx.prepare(insert_key);
    q.bind(1, event.account);
    q.bind(2, event.key);
    q.bind(3, event.kind);
    q.bind(4, journal);
    q.bind(5, received_at);
    return q.run() == 1;
}

bool event_known(Reading& reading, AccountId account, std::string_view key)
{
    return !state_of(reading, account, key).empty();
}

void set_event_shelved(Tx& tx, AccountId account, std::string_view key, bool shelved)
{
    auto q = tx.prepare(update_key);
    q.bind(1, account);
    q.bind(2, key);
    q.bind(3, shelved ? "shelved" : "applied");
    q.run();
}

bool event_shelved(Reading& reading, AccountId account, std::string_view key)
{
    return state_of(reading, account, key) == "shelved";
}

} // namespace deskbridge::store
