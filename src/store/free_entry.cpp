#include "deskbridge/store/free_entry.hpp"

#include <algorithm>

namespace deskbridge::store {
namespace {

#define FREE_ENTRY_COLUMNS "SELECT conversation_id, referred_at_ms, lasts_s, answer_within_s, until_ms FROM free_entry "

FreeEntry free_entry_of(Statement const& row)
{
    FreeEntry entry;
    entry.conversation = row.id<ConversationId>(0);
    entry.referred_at = row.maybe_time(1);
    entry.rules = {std::chrono::seconds{row.integer(2)}, std::chrono::seconds{row.integer(3)}};
    entry.until = row.maybe_time(4);
    return entry;
}

} // namespace

std::optional<FreeEntry> find_free_entry(Reading& reading, ConversationId conversation)
{
    auto q = reading.prepare(FREE_ENTRY_COLUMNS "WHERE conversation_id = ?1");
    q.bind(1, conversation);
    return q.step() ? std::optional{free_entry_of(q)} : std::nullopt;
}

namespace {

void drop_free_entry(Tx& tx, ConversationId conversation)
{
    auto q = tx.prepare("DELETE FROM free_entry WHERE conversation_id = ?1");
    q.bind(1, conversation);
    q.run();
}

} // namespace

void save_free_entry(Tx& tx, FreeEntry const& entry)
{
    if (!entry.referred_at && !entry.until)
        return drop_free_entry(tx, entry.conversation);
    auto q = tx.prepare("INSERT INTO free_entry (conversation_id, referred_at_ms, lasts_s, answer_within_s, until_ms) VALUES (?1, ?2, ?3, ?4, ?5) "
                        "ON CONFLICT (conversation_id) DO UPDATE SET referred_at_ms = excluded.referred_at_ms, lasts_s = excluded.lasts_s, "
                        "answer_within_s = excluded.answer_within_s, until_ms = excluded.until_ms");
    q.bind(1, entry.conversation);
    q.bind(2, entry.referred_at);
    q.bind(3, std::int64_t{entry.rules.lasts.count()});
    q.bind(4, std::int64_t{entry.rules.answer_within.count()});
    q.bind(5, entry.until);
    q.run();
}

void pour_free_entry(Tx& tx, ConversationId from, ConversationId into)
{
    auto poured = find_free_entry(tx, from);
    if (!poured)
        return;
    if (auto const own = find_free_entry(tx, into)) {
        poured->until = std::max(poured->until, own->until);
        poured->referred_at = std::max(poured->referred_at, own->referred_at);
    }
    poured->conversation = into;
    save_free_entry(tx, *poured);
    drop_free_entry(tx, from);
}

std::optional<Timestamp> attempted_at(Reading& reading, IntentId intent)
{
    auto q = reading.prepare("SELECT max(begun_at_ms) FROM attempt WHERE intent_id = ?1");
    q.bind(1, intent);
    return q.step() ? q.maybe_time(0) : std::nullopt;
}

std::vector<FreeEntry> free_entries_ended(Reading& reading, Timestamp now, int limit)
{
    auto q = reading.prepare(FREE_ENTRY_COLUMNS "WHERE until_ms IS NOT NULL AND until_ms <= ?1 ORDER BY until_ms LIMIT ?2");
    q.bind(1, now);
    q.bind(2, std::int64_t{limit});
    std::vector<FreeEntry> out;
    while (q.step())
        out.push_back(free_entry_of(q));
    return out;
}

std::int64_t count_free_entries(Reading& reading, Timestamp now)
{
    auto q = reading.prepare("SELECT count(*) FROM free_entry WHERE until_ms IS NOT NULL AND until_ms > ?1");
    q.bind(1, now);
    q.step();
    return q.integer(0);
}

} // namespace deskbridge::store
