#pragma once

#include "reading.hpp"
#include "system.hpp"

namespace deskbridge::whatsapp {

/// What one item of a list of messages means: a message, or what only comes as one (a reaction, an edit, a notice).
[[nodiscard]] EventBody read_message(MessageNode const& node, Change const& change);

/// Who it is from, or went to: somebody must be behind it. One that names nobody belongs to the only contact beside it, if it is `alone`
/// too.
[[nodiscard]] Sender party_of(Json const& node, PersonPlaces const& places, bool alone, Change const& change);

/// The same read as something that the business did: the customer of that chat keeps the place of the sender, except in a message,
/// which goes into an Echo.
[[nodiscard]] EventBody as_echo(EventBody body, Sender const& business);

} // namespace deskbridge::whatsapp
