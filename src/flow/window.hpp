#pragma once

#include "scene.hpp"

namespace deskbridge::flow {

/// A customer's message keeps the reply window open, or opens it, if the channel lets it; one that comes late does neither wrongly. An
/// opening is told in the event log, after the closing before it if nobody has told that yet. Changes `chat`: `save_inbound` writes it.
void prolong_window(Scene& scene, Chat& chat, InboundMessage const& message);
/// The same of what is no message.
void prolong_window(Scene& scene, Chat& chat, Timestamp sent_at);
/// The conversation as a customer's message has left it, all in one: address, window, and when the message came.
void save_inbound(Scene& scene, Chat& chat);

/// Writes window.closed, once for an opening.
void tell_window_closed(Scene& scene, store::Conversation const& conversation, Timestamp ends_at);

} // namespace deskbridge::flow
