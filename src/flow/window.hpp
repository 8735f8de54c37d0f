#pragma once

#include "scene.hpp"

namespace deskbridge::flow {

/// A customer's message keeps the reply window open, or opens it, if the channel lets it; one that comes late does neither wrongly. An
/// opening is told in the event log, after the closing before it if nobody has told that yet.
void prolong_window(Scene& scene, Chat& chat, InboundMessage const& message);

/// Writes window.closed, once for an opening.
void tell_window_closed(Scene& scene, store::Conversation const& conversation, Timestamp ends_at);

} // namespace deskbridge::flow
