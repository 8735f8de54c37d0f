#pragma once

#include "scene.hpp"

namespace deskbridge::flow {

void apply_message(Scene& scene, InboundMessage const& message);
void apply_echo(Scene& scene, Echo const& echo);

} // namespace deskbridge::flow
