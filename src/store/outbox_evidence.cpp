#include "deskbridge/store/event_log.hpp"
#include "outbox_rows.hpp"

#include <algorithm>
#include <vector>

namespace deskbridge::store::outbox {

namespace {

constexpr std::int64_t receipts_looked_at = 1000;

// A message has several receipts, and how soon its recipient reads it says nothing about the way that receipts take: the first one counts.
constexpr auto select_delays =
    "SELECT r.received_at_ms - a.ended_at_ms FROM (SELECT * FROM receipt ORDER BY receipt_id DESC LIMIT ?2) r "
    "JOIN attempt a ON a.account_id = r.account_id AND a.external_id = r.external_id "
    "WHERE r.account_id = ?1 AND r.intent_id IS NOT NULL AND a.ended_at_ms IS NOT NULL AND NOT EXISTS "
    "(SELECT 1 FROM receipt e WHERE e.intent_id = r.intent_id AND e.external_id = r.external_id AND e.receipt_id < r.receipt_id)";

} // namespace

std::chrono::milliseconds slow_receipt(Reading& reading, AccountId account)
{
    auto q = reading.prepare(select_delays);
    q.bind(1, account);
    q.bind(2, receipts_looked_at);
    std::vector<std::int64_t> delays;
    while (q.step())
        delays.push_back(std::max<std::int64_t>(0, q.integer(0)));
    if (delays.empty())
        return {};
    auto const at = delays.begin() + static_cast<std::ptrdiff_t>((delays.size() * 99 + 99) / 100 - 1);
    std::nth_element(delays.begin(), at, delays.end());
    return std::chrono::milliseconds{*at};
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
