#pragma once

#include "deskbridge/core/time.hpp"
#include "deskbridge/store/outbox.hpp"

#include <optional>

namespace deskbridge::flow {

/// Takes out of the timeline what was taken for a message of the business phone before we knew that it was ours, and from its
/// ticket what that left there. Answers when an acknowledgement is due that it had stopped.
std::optional<Timestamp> absorb_own_echo(store::Tx& tx, store::OutboxEffect const& effect, Timestamp now);

} // namespace deskbridge::flow
