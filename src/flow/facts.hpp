#pragma once

#include "understanding.hpp"

namespace deskbridge::flow {

/// Everything that the placement of this message depends on, as the store has it now.
[[nodiscard]] ThreadingFacts gather(Scene& scene, Chat const& chat, InboundMessage const& message, Understanding const& said);

/// A stored ticket as the rules see it; `counted`: with `messages_since_opening`.
[[nodiscard]] ThreadingTicket threading_ticket(Scene& scene, store::Ticket const& ticket, bool counted);
/// The conversation's tickets: all live ones and the newest of the others.
[[nodiscard]] std::vector<store::Ticket> tickets_in_question(Scene& scene, ConversationId conversation);

} // namespace deskbridge::flow
