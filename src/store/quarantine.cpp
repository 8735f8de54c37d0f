#include "deskbridge/store/epoch.hpp"

#include "deskbridge/store/account.hpp"
#include "deskbridge/store/event_log.hpp"
#include "copy.hpp"
#include "outbox_rows.hpp"

namespace deskbridge::store {

namespace {

constexpr auto reason = "restored";
constexpr auto open_intents = "SELECT intent_id FROM intent WHERE settled_at_ms IS NULL "
                              "AND state IN ('queued', 'retry_wait', 'unknown', 'kept') ORDER BY intent_id";

int pause_all(Tx& tx, Timestamp now)
{
    int paused = 0;
    for (auto const& account : load_accounts(tx)) {
        (void)resume_account(tx, account.id, {}, now); // a reason that may end by itself must not end this pause
        paused += pause_account(tx, account.id, {PausedBy::restore, "this database is a copy of an earlier state", now}, {}) && account.configured ? 1 : 0;
    }
    return paused;
}

/// What waited when the copy was made may have gone out since. Nobody here can know: agents are asked about their words;
/// what machines said is out of date.
void doubt(Tx& tx, IntentRow& row, Timestamp now)
{
    bool const agents = row.message_class == MessageClass::agent;
    auto change = outbox::plain_change(row, agents ? IntentState::held : IntentState::unknown, reason, row.next_at);
    change.unknown_since = row.unknown_since.value_or(now);
    change.settled = !agents;
    (void)outbox::move_intent(tx, row, change, {}, now);
}

} // namespace

std::optional<Quarantine> quarantine_restored(Tx& tx, Timestamp now)
{
    if (tx.prepare(take_backup_mark).run() == 0)
        return std::nullopt;
    Quarantine done;
    done.paused = pause_all(tx, now);
    std::vector<IntentId> open;
    {
        auto q = tx.prepare(open_intents);
        while (q.step())
            open.push_back(q.id<IntentId>(0));
    }
    for (auto const id : open) {
        auto row = outbox::load_intent(tx, id);
        doubt(tx, row, now);
    }
    done.doubted = static_cast<int>(open.size());
    append_event(tx, {.type = "store.restored", .at = now, .data = {{"doubted", done.doubted}}});
    return done;
}

} // namespace deskbridge::store
