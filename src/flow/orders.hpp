#pragma once

#include "place.hpp"

namespace deskbridge::flow {

/// Does what the customer ordered and queues the answer. `landed` is the order's own message.
void obey(Scene& scene, Chat& chat, CommandDecision const& order, Landed const& landed);

/// Tells what became of a pick.
void answer_pick(Scene& scene, Chat const& chat, PickDecision const& pick, std::optional<store::Ticket> const& ticket);

/// R5: the list to choose from, for the burst that begins with this message. R7: remembers the button's offer.
void offer_choice(Scene& scene, Chat const& chat, PlacementDecision const& decision, Landed const& landed);

} // namespace deskbridge::flow
