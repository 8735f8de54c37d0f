#pragma once

#include "mixed_load.hpp"
#include "moment.hpp"
#include "progress.hpp"
#include "record.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace fault {

/// @param first  number of the first image
[[nodiscard]] std::vector<Cut> choose_cuts(Record const& record, std::uint64_t seed, std::uint64_t first, std::uint64_t count);

/// Where the database of a record lay. Throws: std::runtime_error (nowhere).
[[nodiscard]] std::filesystem::path folder_of(Record const& record);

struct Outcome {
    std::uint64_t images{0};              ///< recovered and judged
    std::uint64_t again{0};               ///< of them: what a loss of power during a recovery left
    std::uint64_t broken{0};              ///< images in which something did not hold
    std::uint64_t promises_broken{0};     ///< of them: something that was answered is missing
    std::uint64_t again_broken{0};        ///< broken only by a loss of power during a recovery
    std::vector<std::string> failures{};  ///< of the first few
};

struct CutRun {
    Record const& record;
    MixedLoad const& load;
    std::filesystem::path opener{};
    std::filesystem::path scratch{}; ///< best in memory: each image is written there and read once
    std::filesystem::path layer{};
    Disk::Promise promise{};
    Disk::Promise during_recovery{}; ///< of the disk while recoveries are cut short
    std::uint64_t again_every{0};    ///< of every so manieth image the recovery is cut short, up to `deepest_cut` times; 0: of none
    Progress* progress{nullptr};     ///< told of each of `cuts`; null: of none
};
constexpr std::uint64_t deepest_cut = 3;

/// Builds each image, lets the daemon's store recover it, and judges what is then there; of some, power is lost during the
/// recovery, and that is an image of its own. `cuts` in any order.
[[nodiscard]] Outcome run_cuts(CutRun const& run, std::vector<Cut> cuts);

/// Writes the one image of this cut, as it lay on the disk, to `into`; answers what the outside had been told.
Told build_image(Record const& record, Cut const& cut, std::filesystem::path const& into);

} // namespace fault
