#pragma once

#include "image_judge.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace fault {

/// Takes one row after the other out of copies of a sound database: what of it the judge overlooks. A judge that finds
/// nothing there proves nothing elsewhere.
/// @param told  everything that is in `database` and was promised
[[nodiscard]] std::vector<std::string> overlooked_damage(std::filesystem::path const& database, MixedLoad const& load, Told const& told);

[[nodiscard]] std::size_t planted_damages() noexcept;

} // namespace fault
