#pragma once

#include "deskbridge/core/acknowledgement.hpp"
#include "deskbridge/flow/effects.hpp"
#include "deskbridge/store/outbox.hpp"

#include <optional>
#include <vector>

namespace deskbridge::flow {

/// What became of a message of ours, seen from the acknowledgement of its ticket: an agent's message or a status answer
/// that was accepted makes it superfluous; one that died or is kept makes it needed again. Also takes a mistaken echo out
/// of the timeline, and begins the free entry point that an answer opens. To be called in the transaction that changed the intent.
///
/// Answers when a timer was armed: for `Timers::expect`.
std::optional<Timestamp> settle_acknowledgement(store::Tx& tx, store::OutboxEffect const& effect, Timestamp now);

/// What one round of due timers did.
struct Fired {
    int sent{0};
    std::vector<SkipReason> skipped;
    std::vector<std::string> failures; ///< why some of them could not be made
    std::optional<Timestamp> next_due; ///< of those that are left
};

/// Fires the acknowledgements that are due at `now`, oldest first, at most `limit`; each queues a notice or is dropped.
[[nodiscard]] Fired fire_due(store::Tx& tx, Surroundings const& around, Timestamp now, int limit);

} // namespace deskbridge::flow
