#pragma once

#include "deskbridge/core/reach.hpp"
#include "deskbridge/store/store.hpp"

#include <optional>

namespace deskbridge::store {

/// Keeps the latest by `told_at`, the provider's time.
void note_reach(Tx& tx, AccountId account, ReachNews const& news, Timestamp told_at);
/// What was told of this address, or of all that begin as it does up to the first '/'.
[[nodiscard]] std::optional<StandingBarrier> find_barrier(Reading& reading, AccountId account, Address const& address);

} // namespace deskbridge::store
