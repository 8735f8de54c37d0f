#pragma once

#include "scene.hpp"

namespace deskbridge::flow {

void apply_reaction(Scene& scene, Reaction const& reaction);
void apply_revision(Scene& scene, Revision const& revision);
/// Edits, deletions and reactions that came before the message itself.
void apply_parked(Scene& scene, MessageId id, ExternalMessageId const& external);

} // namespace deskbridge::flow
