#pragma once

#include "scene.hpp"

namespace deskbridge::flow {

/// Arms, puts off, or leaves alone the acknowledgement of a ticket after a message was placed on it.
void arm(Scene& scene, TicketId ticket, AcknowledgementEffect effect);

/// The latest opening has been acknowledged, or answered by something that still stands.
[[nodiscard]] bool acknowledged(store::Tx& tx, store::Ticket const& ticket);

/// The reply window was closed when the acknowledgement was due and is open now: it is still owed.
void arm_if_owed(Scene& scene, TicketId ticket);

/// The customer has just been told this ticket's reference in so many words: that is its acknowledgement.
void count_as_acknowledged(Scene& scene, TicketId ticket);

/// An agent wrote on the business phone, on this ticket.
void drop_after_echo(Scene& scene, TicketId ticket);

} // namespace deskbridge::flow
