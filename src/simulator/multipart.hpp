#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deskbridge::simulator {

/// One part of a multipart/form-data body; views into it.
struct FormPart {
    std::string name;
    std::string filename{};
    std::string content_type{};
    std::string_view bytes{};
};

/// Nullopt if it is not a well-formed body for this Content-Type.
/// Source: RFC 7578, RFC 2046 5.1.
[[nodiscard]] std::optional<std::vector<FormPart>> parse_multipart(std::string_view content_type, std::string_view body);

} // namespace deskbridge::simulator
