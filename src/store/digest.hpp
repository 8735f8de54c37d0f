#pragma once

#include <string>
#include <string_view>

namespace deskbridge::store {

/// SHA-256, 32 raw bytes.
[[nodiscard]] std::string sha256(std::string_view bytes);

} // namespace deskbridge::store
