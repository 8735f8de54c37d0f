#pragma once

#include "scene.hpp"

#include "deskbridge/core/identity.hpp"

#include <vector>

namespace deskbridge::flow {

[[nodiscard]] bool names_id(std::vector<Address> const& addresses);
/// Is it one of them, in whichever spelling?
[[nodiscard]] bool is_spelling_of(std::vector<Address> const& known, Address const& address);

/// Who has these addresses, in the account's scope.
/// @param ids  with the holders' other ids: they count only against an id in the event.
[[nodiscard]] std::vector<AddressHolder> look_up(Scene& scene, std::vector<Address> const& addresses, bool ids);
/// The same with the holders' other numbers: they count only against an announced change.
[[nodiscard]] std::vector<AddressHolder> look_up_changed(Scene& scene, std::vector<Address> const& addresses, bool ids);

} // namespace deskbridge::flow
