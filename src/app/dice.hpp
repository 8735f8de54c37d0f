#pragma once

#include <cstdint>

namespace deskbridge::app {

/// Uniformly random; the reactor and the writer's thread both roll.
[[nodiscard]] std::uint64_t roll();

} // namespace deskbridge::app
