#pragma once

#include <nlohmann/json.hpp>

#include <string>

namespace deskbridge::app {

/// How an account is, as a table, and below it what to do.
void print_health(nlohmann::ordered_json const& health);

/// One line for each aspect, with what is wrong and the next step below it.
void print_findings(nlohmann::ordered_json const& health);

/// "free_service 412 of 1000, utility 31": a month's messages by what they cost; "" if there is nothing to say.
[[nodiscard]] std::string costs_in_words(nlohmann::ordered_json const& costs);

/// The worst severity among the aspects: "ok", "warning" or "error".
[[nodiscard]] std::string worst_of(nlohmann::ordered_json const& health);

/// Is nothing known against our own hook?
[[nodiscard]] bool hook_is_well(nlohmann::ordered_json const& health);

} // namespace deskbridge::app
