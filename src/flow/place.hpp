#pragma once

#include "understanding.hpp"

#include <string>

namespace deskbridge::flow {

/// A message where it stands now.
struct Landed {
    MessageId message;
    std::optional<store::Ticket> ticket;    ///< as it is after the placement; none: the conversation only
    std::optional<store::Ticket> elsewhere; ///< of another chat, that an order is about; the order stands in this one
};

/// Stores a customer's message and carries out where it goes: opens, reopens or changes the ticket, moves what goes along,
/// arms the acknowledgement. What the decision says about commands, picks and offers is left to the caller.
[[nodiscard]] Landed place(Scene& scene, Chat const& chat, InboundMessage const& message, Understanding const& said,
                           PlacementDecision const& decision);

/// Takes the burst of a pick to where the customer wants it; answers the ticket that has it now.
[[nodiscard]] std::optional<store::Ticket> carry_pick(Scene& scene, Chat const& chat, PickDecision const& pick);

/// The row of a message that came in, before anything is decided about it.
[[nodiscard]] store::Message inbound_row(Scene const& scene, Chat const& chat, InboundMessage const& message);
/// What belongs to the row and comes from the event: files, and what was parked for it.
void attach_sequels(Scene& scene, MessageId id, InboundMessage const& message);

/// Why it is where it is: the placement row and its event.
void record_placement(Scene& scene, Chat const& chat, MessageId message, TicketId ticket, PlacementDecision const& decision);

} // namespace deskbridge::flow
