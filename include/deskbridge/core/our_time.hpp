#pragma once

#include "deskbridge/core/time.hpp"

#include <optional>

namespace deskbridge {

/// Our time of what comes now in a conversation, by a clock that may have been set back.
///
/// The conversation proves it: something in it is later than `now`. If the provider's time is later than ours too, that is
/// believed instead, for it does not depend on our clock: not before what stands there already, and at most a day after
/// it. Less than a minute is what parallel deliveries explain: then time stands still.
///
/// @param latest  of our times in the conversation so far.
[[nodiscard]] Timestamp our_time(Timestamp now, Timestamp told, std::optional<Timestamp> latest) noexcept;

} // namespace deskbridge
