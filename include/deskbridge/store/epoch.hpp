#pragma once

#include "deskbridge/store/store.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace deskbridge::store {

/// What a copy of an earlier state must not do by itself.
struct Quarantine {
    int paused{0};  ///< configured accounts
    int doubted{0}; ///< messages that were not done when the copy was made, and may have been sent since
};

/// If the database is a copy that no daemon has opened yet (see backup.hpp): pauses every account, whatever it was paused
/// for, until somebody resumes it; agents' open messages become held, so that a person says what became of them, open answers
/// and notices unknown and done with. Writes store.restored. Answers nullopt if it is no copy.
std::optional<Quarantine> quarantine_restored(Tx& tx, Timestamp now);

struct Epoch {
    std::int64_t number{0}; ///< one per start of the daemon, rising
    bool clean_start{true}; ///< false: the one before was never ended (crash, power cut)
    std::chrono::milliseconds set_back{0}; ///< the wall clock is behind what the event log has seen; waits were pulled along
    std::optional<Quarantine> restored{}; ///< this is the first start of a copy
};

/// Writes daemon.started. A copy goes into quarantine in the same transaction.
[[nodiscard]] Epoch begin_epoch(Tx& tx, Timestamp now);
/// The last write before the store closes. Writes daemon.stopped.
void end_epoch(Tx& tx, std::int64_t number, Timestamp now);

} // namespace deskbridge::store
