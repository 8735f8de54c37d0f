#include "simulation_judge.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace deskbridge::test::sim {

namespace {

/// What is wrong, and a query for where.
constexpr std::array<std::pair<char const*, char const*>, 11> rules{{
    {"its raw body is not in the journal: message ",
     "SELECT message_id FROM message m WHERE direction = 'in' AND NOT EXISTS (SELECT 1 FROM journal j WHERE j.journal_id = m.journal_id "
     "AND instr(j.body, CAST(m.external_id AS BLOB)) > 0)"},
    {"a receipt is there more than once: ",
     "SELECT external_id FROM receipt GROUP BY account_id, external_id, status, error_code HAVING count(*) > 1"},
    {"the log does not tell that it came: message ",
     "SELECT message_id FROM message WHERE direction = 'in' AND message_id NOT IN (SELECT message_id FROM event WHERE type = 'message.received' "
     "AND message_id IS NOT NULL)"},
    {"the log does not tell once that it was opened: ticket ",
     "SELECT ticket_id FROM ticket t WHERE (SELECT count(*) FROM event e WHERE e.ticket_id = t.ticket_id AND e.type = 'ticket.opened') <> 1"},
    {"its reply window stands at another minute: conversation ",
     "SELECT conversation_id FROM conversation WHERE window_minute IS NOT window_from_ms / 60000"},
    {"its interval is another than its row says: ticket ",
     "SELECT ticket_id FROM ticket t WHERE reopen_count = 0 AND ((SELECT count(*) FROM ticket_interval i WHERE i.ticket_id = t.ticket_id) <> 1 OR "
     "NOT EXISTS (SELECT 1 FROM ticket_interval i WHERE i.ticket_id = t.ticket_id AND i.opened_at_ms = t.opened_at_ms AND i.solved_at_ms IS t.solved_at_ms))"},
    {"the log's last word is another: intent ",
     "SELECT i.intent_id FROM intent i LEFT JOIN (SELECT intent_id, type, max(seq) FROM event WHERE intent_id IS NOT NULL "
     "AND type <> 'intent.receipt' GROUP BY intent_id) e USING (intent_id) WHERE 'intent.' || i.state IS NOT e.type"},
    {"acknowledged more than once: ticket ",
     "SELECT ticket_id FROM message JOIN ticket t USING (ticket_id) WHERE purpose = 'acknowledgement' GROUP BY ticket_id "
     "HAVING count(*) > 1 + max(t.reopen_count)"},
    {"tried after its deadline: intent ", "SELECT intent_id FROM attempt JOIN intent USING (intent_id) WHERE begun_at_ms >= not_after_ms"},
    {"bad credentials cost the message: intent ",
     "SELECT i.intent_id FROM intent i JOIN attempt a ON a.intent_id = i.intent_id AND a.n = i.attempts WHERE i.state = 'refused' "
     "AND i.state_reason <> 'window_closed' AND a.error_code = 190"},
    {"presumed not sent without proof: intent ",
     "WITH heard AS MATERIALIZED (SELECT b.account_id, b.begun_at_ms, min(p.seq) AS seq FROM event p JOIN attempt b ON b.intent_id = p.intent_id "
     "WHERE p.type = 'intent.receipt' GROUP BY b.token), "
     "presumed AS MATERIALIZED (SELECT intent_id, seq FROM event WHERE json_extract(data, '$.reason') = 'presumed_not_sent') "
     "SELECT a.intent_id FROM presumed e JOIN attempt a ON a.intent_id = e.intent_id AND a.settled_by = 'presumption' "
     "WHERE NOT EXISTS (SELECT 1 FROM heard h WHERE h.seq < e.seq AND h.account_id = a.account_id AND h.begun_at_ms > a.begun_at_ms)"},
}};

/// By the true time of both: a free text needs a customer's message of the last 24 hours.
std::string judge_windows(World const& world)
{
    auto const longest = std::chrono::hours{24} + world.agenda.turned_back();
    for (auto const& sent : world.provider.ledger) {
        auto const wrote = world.written_at.find(sent.to.substr(sent.to.starts_with('+') ? 1 : 0) + ">" + sent.number);
        if (sent.is_template || wrote == world.written_at.end())
            continue;
        auto const in_time = [&](Timestamp at) { return at <= sent.at && sent.at - at <= longest; };
        if (std::none_of(wrote->second.begin(), wrote->second.end(), in_time))
            return "free text after the reply window: " + sent.id;
    }
    return {};
}

} // namespace

std::string judge_whole(Database const& db, World const& world)
{
    for (auto const& [what, sql] : rules)
        if (auto const where = db.first(sql); !where.empty())
            return what + where;
    return judge_windows(world);
}

} // namespace deskbridge::test::sim
