#include "deskbridge/store/waits.hpp"

#include "deskbridge/store/event_log.hpp"

#include <algorithm>

namespace deskbridge::store {

namespace {

constexpr auto pulls = {
    "UPDATE intent SET next_at_ms = next_at_ms - ?2 WHERE state IN ('queued', 'retry_wait') AND next_at_ms > ?1",
    "UPDATE intent SET unknown_since_ms = unknown_since_ms - ?2 WHERE settled_at_ms IS NULL AND unknown_since_ms > ?1",
    "UPDATE conversation SET last_inbound_ms = last_inbound_ms - ?2 WHERE last_inbound_ms > ?1", // is compared with the one above
    "UPDATE timer SET due_at_ms = due_at_ms - ?2, deadline_ms = deadline_ms - ?2 WHERE due_at_ms > ?1",
    "UPDATE media SET next_at_ms = next_at_ms - ?2 WHERE state = 'recorded' AND next_at_ms > ?1",
};
constexpr auto forget_proofs = "UPDATE account SET proven_to_ms = NULL WHERE proven_to_ms > ?1";
// Newest first: what was written between the clock's step and a crash must not hide it.
constexpr auto latest_events = "SELECT type, at_ms FROM event ORDER BY seq DESC LIMIT 1000";
constexpr std::chrono::seconds not_worth_it{1};

/// As far as the clock had been since it was last known to be set back.
Timestamp furthest(Reading& reading)
{
    Timestamp at{};
    auto q = reading.prepare(latest_events);
    while (q.step()) {
        at = std::max(at, q.time(1));
        if (q.text(0) == "clock.set_back")
            break;
    }
    return at;
}

} // namespace

void pull_waits(Tx& tx, Timestamp now, std::chrono::milliseconds by)
{
    for (auto const* sql : pulls) {
        auto q = tx.prepare(sql);
        q.bind(1, now);
        q.bind(2, std::int64_t{by.count()});
        q.run();
    }
    auto q = tx.prepare(forget_proofs);
    q.bind(1, now);
    q.run();
    append_event(tx, {.type = "clock.set_back", .at = now, .data = {{"by_ms", by.count()}}});
}

std::chrono::milliseconds pull_waits_of_the_past(Tx& tx, Timestamp now)
{
    auto const ahead = furthest(tx) - now;
    if (ahead <= not_worth_it)
        return std::chrono::milliseconds{0};
    pull_waits(tx, now, ahead);
    return ahead;
}

} // namespace deskbridge::store
