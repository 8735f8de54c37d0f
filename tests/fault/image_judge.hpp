#pragma once

#include "judge.hpp"
#include "mixed_load.hpp"

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace fault {

/// What the outside had been told before a moment.
struct Told {
    std::set<std::uint64_t> answered; ///< ids of requests
    std::set<std::string> sent;       ///< tokens of attempts whose bytes were about to leave
};

/// What must hold in a store after recovery, whenever power was lost: whole units, nothing promised missing, nothing twice.
/// @param database  one that nobody has open; the files of its messages are in `media` beside it
[[nodiscard]] Verdict judge_image(std::filesystem::path const& database, MixedLoad const& load, Told const& told);

} // namespace fault
