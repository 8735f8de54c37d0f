#pragma once

#include "scene.hpp"

namespace deskbridge::flow {

/// Tells agents in the contact's chat on the scene's account what the provider says of their addresses or their devices.
void note_identity_change(Scene& scene, ContactId contact, IdentityChange const& change);
/// The same in one chat.
void note_identity_change(Scene& scene, ConversationId conversation, IdentityChange const& change);
/// Tells agents what was found out while contacts were looked up, in each of their chats.
void note_news(Scene& scene);

} // namespace deskbridge::flow
