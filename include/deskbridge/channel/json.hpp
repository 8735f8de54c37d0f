#pragma once

#include "deskbridge/core/result.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace deskbridge::channel {

using Json = nlohmann::json;

/// What a body from outside may cost: nlohmann's copy and dump recurse, and many small values cost 25 times their bytes.
struct JsonLimits {
    int depth{32};
    std::size_t values{200'000};
    bool cut_deeper{false}; ///< what is nested deeper becomes null, so that one part of a batch never takes the others along
};

/// Reads a body from outside. Every string and key of the result is valid UTF-8 without NUL: lone surrogates, malformed
/// bytes and NUL become U+FFFD. A number that no double can hold becomes null.
///
/// Errors:  malformed (not JSON, a key twice in one object, over a limit that is not cut).
/// Threads: pure; any thread. So are all functions below.
[[nodiscard]] Result<Json> read_json(std::string_view text, JsonLimits limits = {});

/// The readers below take a JSON pointer ("/message/0/id"; RFC 6901, without ~ escapes) and answer nothing when the value
/// is absent or of another type. "" is the node itself.
[[nodiscard]] Json const* node_at(Json const& node, std::string_view pointer) noexcept;
[[nodiscard]] Json const* object_at(Json const& node, std::string_view pointer) noexcept;
[[nodiscard]] Json const* array_at(Json const& node, std::string_view pointer) noexcept;
[[nodiscard]] std::optional<std::string> text_at(Json const& node, std::string_view pointer);
[[nodiscard]] std::optional<std::int64_t> int_at(Json const& node, std::string_view pointer) noexcept;
[[nodiscard]] std::optional<bool> bool_at(Json const& node, std::string_view pointer) noexcept;

/// For providers that write 5 today and "5" tomorrow: a text or an integer as text, a number or its digits as a number.
[[nodiscard]] std::optional<std::string> loose_text_at(Json const& node, std::string_view pointer);
[[nodiscard]] std::optional<std::int64_t> loose_int_at(Json const& node, std::string_view pointer) noexcept;
[[nodiscard]] std::optional<double> loose_number_at(Json const& node, std::string_view pointer) noexcept;

/// Compact; malformed UTF-8 becomes U+FFFD instead of an exception.
[[nodiscard]] std::string write_json(Json const& node);

} // namespace deskbridge::channel
