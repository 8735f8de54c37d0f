#include "judge.hpp"

#include "database.hpp"

#include <fmt/format.h>

#include <map>
#include <set>

namespace fault {
namespace {

/// Each event that got a 200 is there, each event is there at most once, and nothing else is.
void judge_events(Database const& db, std::vector<Storm> const& storms, std::vector<std::vector<bool>> const& answered,
                  Verdict& verdict)
{
    std::map<std::string, int> messages;
    for (auto const& row : db.rows("SELECT external_id, count(*) FROM message WHERE direction='in' GROUP BY external_id"))
        messages[row[0]] = std::stoi(row[1]);
    std::map<std::string, int> receipts;
    for (auto const& row : db.rows("SELECT external_id || ':' || status, count(*) FROM receipt WHERE external_id LIKE 'wamid.foreign%' GROUP BY 1"))
        receipts[row[0]] = std::stoi(row[1]);
    int missing = 0;
    int doubled = 0;
    std::set<std::string> sent;
    for (std::size_t s = 0; s < storms.size(); ++s) {
        for (std::size_t e = 0; e < storms[s].events.size(); ++e) {
            auto const& event = storms[s].events[e];
            auto const& there = event.message ? messages : receipts;
            auto const found = there.find(event.id);
            missing += answered[s][e] && found == there.end() ? 1 : 0;
            doubled += found != there.end() && found->second > 1 ? 1 : 0;
            if (event.message)
                sent.insert(event.id);
        }
    }
    int invented = 0;
    for (auto const& [id, count] : messages)
        invented += sent.contains(id) ? 0 : 1;
    verdict.expect(missing == 0, fmt::format("{} events were answered 200 and are missing", missing));
    verdict.expect(doubled == 0, fmt::format("{} events are there more than once", doubled));
    verdict.expect(invented == 0, fmt::format("{} messages are there that nobody sent", invented));
}

void expect_none(Database const& db, Verdict& verdict, char const* sql, std::string_view what)
{
    auto const count = db.value(sql);
    verdict.expect(count == "0", fmt::format("{} {}", count, what));
}

void judge_tickets(Database const& db, Verdict& verdict)
{
    expect_none(db, verdict, "SELECT count(*) FROM (SELECT conversation_id FROM ticket GROUP BY conversation_id HAVING count(*) <> 1)",
                "conversations have not exactly one ticket");
    expect_none(db, verdict, "SELECT count(*) FROM conversation WHERE conversation_id NOT IN (SELECT conversation_id FROM ticket)",
                "conversations have no ticket");
    expect_none(db, verdict, "SELECT count(*) FROM (SELECT contact_id FROM conversation GROUP BY contact_id HAVING count(*) <> 1)",
                "contacts have not exactly one conversation");
    // A question asks about the tickets that are live. With none (not yet, or solved just now) it stays in the conversation.
    expect_none(db, verdict,
                "SELECT count(*) FROM message m WHERE direction='in' AND ticket_id IS NULL AND (text <> 'status' OR "
                "(EXISTS (SELECT 1 FROM message e WHERE e.conversation_id=m.conversation_id AND e.direction='in' AND e.ticket_id IS NOT NULL "
                "AND e.message_id < m.message_id) AND EXISTS (SELECT 1 FROM ticket t JOIN ticket_interval i ON i.ticket_id=t.ticket_id "
                "WHERE t.conversation_id=m.conversation_id AND i.opened_at_ms <= m.received_at_ms "
                "AND (i.solved_at_ms IS NULL OR i.solved_at_ms > m.received_at_ms))))",
                "messages are in no ticket");
    expect_none(db, verdict,
                "SELECT count(*) FROM message m WHERE direction='in' AND NOT EXISTS (SELECT 1 FROM message_placement p WHERE p.message_id=m.message_id)",
                "messages have no placement");
    // Commit sequence follows provider time, but for those that came late and are marked (a minute is tolerated).
    expect_none(db, verdict,
                "SELECT count(*) FROM (SELECT late, provider_at_ms, max(provider_at_ms) OVER (PARTITION BY conversation_id ORDER BY message_id) AS newest "
                "FROM message WHERE direction='in') WHERE late=0 AND provider_at_ms < newest - 60000",
                "messages are out of order and not marked late");
    expect_none(db, verdict,
                "SELECT count(*) FROM (SELECT late, direction, provider_at_ms, max(provider_at_ms) OVER (PARTITION BY conversation_id ORDER BY message_id) AS newest "
                "FROM message) WHERE direction='in' AND late=1 AND provider_at_ms >= newest",
                "messages are marked late and are not");
}

void judge_acknowledgements(Database const& db, bool settled, Verdict& verdict)
{
    expect_none(db, verdict,
                "SELECT count(*) FROM (SELECT ticket_id FROM message m WHERE purpose='acknowledgement' GROUP BY ticket_id "
                "HAVING count(*) > (SELECT count(*) FROM ticket_interval i WHERE i.ticket_id=m.ticket_id))",
                "tickets were acknowledged more often than they were opened");
    if (!settled)
        return;
    expect_none(db, verdict,
                "SELECT count(*) FROM ticket t WHERE NOT EXISTS (SELECT 1 FROM message m WHERE m.ticket_id=t.ticket_id AND m.purpose='acknowledgement')",
                "tickets were never acknowledged");
    expect_none(db, verdict, "SELECT count(*) FROM intent WHERE state IN ('queued','claimed','retry_wait')", "intents are still waiting");
}

} // namespace

void Verdict::expect(bool holds, std::string what)
{
    if (holds)
        ++passed;
    else
        failures.push_back(std::move(what));
}

Verdict judge(std::filesystem::path const& database, std::vector<Storm> const& storms,
              std::vector<std::vector<bool>> const& answered, bool settled)
{
    // A copy: opening the original would recover and checkpoint it in the daemon's place.
    auto const copy = database.parent_path() / "judged.db";
    for (auto const* suffix : {"", "-wal"}) {
        std::filesystem::remove(copy.string() + suffix);
        if (std::filesystem::exists(database.string() + suffix))
            std::filesystem::copy_file(database.string() + suffix, copy.string() + suffix);
    }
    Database const db{copy};
    Verdict verdict;
    verdict.expect(db.value("PRAGMA integrity_check") == "ok", "integrity_check is not ok");
    verdict.expect(db.rows("PRAGMA foreign_key_check").empty(), "foreign_key_check found rows");
    expect_none(db, verdict, "SELECT count(*) FROM shelf", "events are on the shelf");
    judge_events(db, storms, answered, verdict);
    judge_tickets(db, verdict);
    judge_acknowledgements(db, settled, verdict);
    return verdict;
}

} // namespace fault
