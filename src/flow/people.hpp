#pragma once

#include "scene.hpp"

#include <vector>

namespace deskbridge::flow {

/// Whose event this is, by the addresses that it named; made, merged or flagged as `decide_contact` says.
[[nodiscard]] store::Contact resolve_contact(Scene& scene, Sender const& sender);
/// The same of whoever wrote a message that is put into a private chat: the message itself ties them to the body that it came in.
[[nodiscard]] store::Contact resolve_writer(Scene& scene, Sender const& sender);
/// Who that may be of those we know: the contact, and those that it would swallow. Changes nothing; empty: nobody.
[[nodiscard]] std::vector<ContactId> known_as(Scene& scene, std::vector<Address> const& addresses);
/// Those of the addresses that nobody has.
[[nodiscard]] std::vector<Address> unheld(Scene& scene, std::vector<Address> const& addresses);
/// The chat with that contact on this account; made if there is none yet.
[[nodiscard]] Chat enter_chat(Scene& scene, Sender const& sender);
[[nodiscard]] Chat enter_chat(Scene& scene, store::Contact contact);

/// Sets `chat.now` for an event that the provider dates `told`.
void tell_time(Scene& scene, Chat& chat, Timestamp told);

void apply_identity_change(Scene& scene, IdentityChange const& change);

} // namespace deskbridge::flow
