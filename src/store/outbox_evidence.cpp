#include "deskbridge/store/event_log.hpp"
#include "outbox_rows.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace deskbridge::store::outbox {

namespace {

constexpr std::int64_t attempts_looked_at = 1000;

// A message has several receipts, and how soon its recipient reads it says nothing about the way that receipts take: the first one counts.
constexpr auto select_told =
    "SELECT a.ended_at_ms, (SELECT MIN(r.received_at_ms) FROM receipt r WHERE r.intent_id = a.intent_id AND r.external_id = a.external_id) "
    "FROM (SELECT * FROM attempt WHERE account_id = ?1 ORDER BY intent_id DESC LIMIT ?2) a "
    "WHERE a.outcome = 'accepted' AND a.external_id IS NOT NULL AND a.ended_at_ms IS NOT NULL";

constexpr auto select_proof =
    "SELECT MIN(r.received_at_ms) FROM (SELECT * FROM attempt WHERE account_id = ?2 AND intent_id > ?1 ORDER BY intent_id LIMIT ?4) a "
    "JOIN receipt r ON r.intent_id = a.intent_id AND r.external_id = a.external_id WHERE a.begun_at_ms > ?3";

} // namespace

std::chrono::milliseconds slow_receipt(Reading& reading, AccountId account, Timestamp now)
{
    auto q = reading.prepare(select_told);
    q.bind(1, account);
    q.bind(2, attempts_looked_at);
    std::vector<std::chrono::milliseconds> delays;
    while (q.step())
        delays.push_back(std::max(std::chrono::milliseconds{0}, q.maybe_time(1).value_or(now) - q.time(0)));
    if (delays.empty())
        return {};
    auto const at = delays.begin() + static_cast<std::ptrdiff_t>((delays.size() * 99 + 99) / 100 - 1);
    std::nth_element(delays.begin(), at, delays.end());
    return *at;
}

std::optional<Timestamp> proven_since(Reading& reading, IntentRow const& row, Timestamp begun)
{
    auto q = reading.prepare(select_proof);
    q.bind(1, row.id);
    q.bind(2, row.account);
    q.bind(3, begun);
    q.bind(4, attempts_looked_at);
    return q.step() ? q.maybe_time(0) : std::nullopt;
}

bool stranger_told(Reading& reading, AccountId account, Timestamp begun)
{
    auto q = reading.prepare("SELECT 1 FROM receipt WHERE intent_id IS NULL AND account_id = ?1 AND received_at_ms >= ?2 LIMIT 1");
    q.bind(1, account);
    q.bind(2, begun);
    return q.step();
}

bool sent_by_another(Reading& reading, IntentId intent, std::string_view token)
{
    auto q = reading.prepare("SELECT 1 FROM attempt a WHERE a.intent_id = ?1 AND a.token <> ?2 AND a.outcome = 'accepted' AND a.external_id IS NOT NULL "
                             "AND NOT EXISTS (SELECT 1 FROM receipt r WHERE r.intent_id = a.intent_id AND r.external_id = a.external_id "
                             "AND r.status = 'failed') LIMIT 1");
    q.bind(1, intent);
    q.bind(2, token);
    return q.step();
}

void tell_duplicate(Tx& tx, IntentRow const& row, Timestamp now)
{
    append_event(tx, {.type = "message.duplicated",
                      .at = now,
                      .account = row.account,
                      .conversation = row.conversation,
                      .ticket = row.ticket,
                      .message = row.message,
                      .data = {{"part", row.part}}});
}

} // namespace deskbridge::store::outbox
