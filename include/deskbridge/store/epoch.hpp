#pragma once

#include "deskbridge/store/store.hpp"

#include <cstdint>

namespace deskbridge::store {

struct Epoch {
    std::int64_t number{0}; ///< one per start of the daemon, rising
    bool clean_start{true}; ///< false: the one before was never ended (crash, power cut)
};

/// Writes daemon.started.
[[nodiscard]] Epoch begin_epoch(Tx& tx, Timestamp now);
/// The last write before the store closes. Writes daemon.stopped.
void end_epoch(Tx& tx, std::int64_t number, Timestamp now);

} // namespace deskbridge::store
