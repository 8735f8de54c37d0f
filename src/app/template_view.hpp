#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

/// Templates, as people read them.
namespace deskbridge::app {

/// Every part of a template, in its order, each by its type: words as they stand, and in brackets or parentheses what is no words. A part of
/// a type that is not known is named. Safe for a terminal.
[[nodiscard]] std::vector<std::string> component_lines(nlohmann::ordered_json const& components);

} // namespace deskbridge::app
