#pragma once

#include "deskbridge/store/store.hpp"

namespace deskbridge::store {

/// Forgets what waited for something that never came: receipts of messages that nobody here sent, edits, deletions and
/// reactions of messages that never arrived. Those received at `before` at the latest, oldest first, at most `limit` of
/// each; answers how many.
int drop_parked(Tx& tx, Timestamp before, int limit);

} // namespace deskbridge::store
