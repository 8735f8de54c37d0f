#pragma once

#include "scene.hpp"

namespace deskbridge::flow {

void apply_message(Scene& scene, InboundMessage const& message);
/// In a group: by the account's switch stored by group and counted, or placed in a ticket of the group. Nobody is answered there.
void apply_group_message(Scene& scene, InboundMessage const& message);
void apply_echo(Scene& scene, Echo const& echo);
/// It is here already; the history's copy of it does not count, and goes.
[[nodiscard]] bool known_but_by_history(Scene& scene, InboundMessage const& message);
/// Of a chat from before the account was connected.
/// @param from_business  written on the business phone; `customer` is whom it was written to.
void apply_history(Scene& scene, InboundMessage const& message, Sender const& customer, bool from_business);

} // namespace deskbridge::flow
