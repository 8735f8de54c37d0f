#pragma once

#include "deskbridge/store/store.hpp"

#include <chrono>

namespace deskbridge::store {

/// The wall clock was set back to `now`, by `by`: what waits for a moment (sends, acknowledgements, customers' files, messages
/// in doubt) waits as long as it would have. That callbacks work is to be proven anew: by the clock as it was, an attempt that
/// begins now would seem to be older than the proof. Writes clock.set_back.
void pull_waits(Tx& tx, Timestamp now, std::chrono::milliseconds by);

/// The same at a start, when the event log tells how far the clock had been. Answers by how much it was set back since, 0 if
/// it was not.
std::chrono::milliseconds pull_waits_of_the_past(Tx& tx, Timestamp now);

} // namespace deskbridge::store
