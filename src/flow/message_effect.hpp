#pragma once

#include "scene.hpp"

namespace deskbridge::flow {

void apply_message(Scene& scene, InboundMessage const& message);
/// In a group: by the account's switch stored by group and counted, or placed in a ticket of the group. Nobody is answered there.
void apply_group_message(Scene& scene, InboundMessage const& message);
void apply_echo(Scene& scene, Echo const& echo);
/// It is here already; a copy of it that was only to be read does not count, and goes.
[[nodiscard]] bool known_already(Scene& scene, InboundMessage const& message);
/// Of a chat from before the account was connected.
/// @param from_business  written on the business phone; `customer` is whom it was written to.
void apply_history(Scene& scene, InboundMessage const& message, Sender const& customer, bool from_business);

/// Of a chat that another app of the number has: to be read beside what is said here, and answered by nobody.
/// @param from_app  written by that app; `customer` is whom it was written to.
void apply_standby(Scene& scene, InboundMessage const& message, Sender const& customer, bool from_app);
void apply_call(Scene& scene, InboundMessage const& call);
/// How something ended of which the message stands there; false: none does, so it is a message of its own.
[[nodiscard]] bool complete(Scene& scene, InboundMessage const& ended);

} // namespace deskbridge::flow
