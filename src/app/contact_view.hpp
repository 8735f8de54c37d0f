#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

/// Whoever writes, as people read it.
namespace deskbridge::app {

[[nodiscard]] std::vector<std::string> contact_row_head();
[[nodiscard]] std::vector<std::string> contact_row(nlohmann::ordered_json const& contact);

/// Number, user name, language; every address with when it was theirs; what agents should know of it; whom it swallowed; whether they want
/// marketing.
void print_contact(nlohmann::ordered_json const& contact);

/// The adverts that brought a ticket's messages.
void print_referrals(nlohmann::ordered_json const& ticket);

} // namespace deskbridge::app
