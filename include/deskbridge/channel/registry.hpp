#pragma once

#include "deskbridge/channel/adapter.hpp"

#include <string_view>
#include <vector>

namespace deskbridge::channel {

/// The adapter of that name; nullptr if there is none. Generated from channels/CMakeLists.txt.
[[nodiscard]] Adapter const* find_adapter(std::string_view name) noexcept;
[[nodiscard]] std::vector<std::string_view> adapter_names();

} // namespace deskbridge::channel
