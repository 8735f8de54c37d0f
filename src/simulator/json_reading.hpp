#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace deskbridge::simulator {

using Json = nlohmann::json;

/// Nullopt if the bytes are not JSON or nest deeper than 64.
[[nodiscard]] std::optional<Json> parse_json(std::string_view bytes);
/// One line, UTF-8; broken bytes become U+FFFD.
[[nodiscard]] std::string render_json(Json const& doc);

/// The value under a path of object keys; null if a step is missing or not an object.
[[nodiscard]] Json const* at(Json const& doc, std::initializer_list<std::string_view> path);
/// Nullopt if absent or of another type; all three.
[[nodiscard]] std::optional<std::string> text_at(Json const& doc, std::initializer_list<std::string_view> path);
[[nodiscard]] std::optional<std::int64_t> int_at(Json const& doc, std::initializer_list<std::string_view> path);
[[nodiscard]] std::optional<bool> bool_at(Json const& doc, std::initializer_list<std::string_view> path);
/// The elements of an array; none if it is not one.
[[nodiscard]] std::vector<Json> const& items(Json const* array);

/// How long a text is in UTF-16 code units, the way the provider's limits are counted here.
[[nodiscard]] std::size_t utf16_length(std::string_view utf8) noexcept;

} // namespace deskbridge::simulator
