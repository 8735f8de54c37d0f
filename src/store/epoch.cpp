#include "deskbridge/store/epoch.hpp"

#include "last_run.hpp"

#include "deskbridge/store/event_log.hpp"
#include "deskbridge/store/waits.hpp"

namespace deskbridge::store {

namespace {

constexpr auto insert_epoch = "INSERT INTO epoch (started_at_ms) VALUES (?1)";
constexpr auto stop_epoch = "UPDATE epoch SET stopped_at_ms = ?2 WHERE epoch = ?1";

} // namespace

Epoch begin_epoch(Tx& tx, Timestamp now)
{
    bool const clean = last_run_ended(tx);
    auto const set_back = pull_waits_of_the_past(tx, now);
    auto q = tx.prepare(insert_epoch);
    q.bind(1, now);
    q.run();
    Epoch epoch{tx.last_insert_id(), clean, set_back};
    append_event(tx, {.type = "daemon.started", .at = now, .data = {{"epoch", epoch.number}, {"clean", clean}}});
    epoch.restored = quarantine_restored(tx, now);
    return epoch;
}

void end_epoch(Tx& tx, std::int64_t number, Timestamp now)
{
    auto q = tx.prepare(stop_epoch);
    q.bind(1, number);
    q.bind(2, now);
    q.run();
    append_event(tx, {.type = "daemon.stopped", .at = now, .data = {{"epoch", number}}});
}

} // namespace deskbridge::store
