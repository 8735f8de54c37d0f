#pragma once

#include <string_view>

namespace planted {

/// Is this the bug that the environment switches on (DESKBRIDGE_PLANTED, one name)? Read once a process.
[[nodiscard]] bool on(std::string_view name);

} // namespace planted
