#pragma once

#include <nlohmann/json.hpp>

/// Whoever writes, as people read it.
namespace deskbridge::app {

/// Number, user name, language; every address with when it was theirs; what agents should know of it; whom it swallowed.
void print_contact(nlohmann::ordered_json const& contact);

/// The adverts that brought a ticket's messages.
void print_referrals(nlohmann::ordered_json const& ticket);

} // namespace deskbridge::app
