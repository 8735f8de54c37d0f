#pragma once

#include <nlohmann/json.hpp>

#include <string_view>

namespace deskbridge::test {

/// As much of YAML 1.2 as the OpenAPI document is written in: block mappings and sequences, flow collections on one line or on lines
/// that are indented further, plain and double-quoted scalars, literal text. What it does not know it refuses.
/// Errors: throws std::invalid_argument with the line.
[[nodiscard]] nlohmann::json parse_yaml(std::string_view text);

} // namespace deskbridge::test
