#pragma once

#include "disk.hpp"
#include "image_judge.hpp"
#include "mixed_load.hpp"
#include "record.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace fault {

/// Where power is lost, and what the disk makes of it; follows from the seed and the image's number.
struct Cut {
    std::uint64_t image{0};
    std::size_t at{0}; ///< the first entry of the record that did not happen
    Disk::Pending pending{};
    std::uint64_t seed{0};
};

/// @param first  number of the first image
[[nodiscard]] std::vector<Cut> choose_cuts(Record const& record, std::uint64_t seed, std::uint64_t first, std::uint64_t count);

/// Where the database of a record lay. Throws: std::runtime_error (nowhere).
[[nodiscard]] std::filesystem::path folder_of(Record const& record);

struct Outcome {
    std::uint64_t images{0};
    std::uint64_t broken{0};              ///< images in which something did not hold
    std::uint64_t promises_broken{0};     ///< of them: something that was answered is missing
    std::vector<std::string> failures{};  ///< of the first few
};

struct CutRun {
    Record const& record;
    MixedLoad const& load;
    std::filesystem::path opener{};
    std::filesystem::path scratch{}; ///< best in memory: each image is written there and read once
    Disk::Promise promise{};
};

/// Builds each image, lets the daemon's store recover it, and judges what is then there. `cuts` in any order.
[[nodiscard]] Outcome run_cuts(CutRun const& run, std::vector<Cut> cuts);

/// Writes the one image of this cut, as it lay on the disk, to `into`; answers what the outside had been told.
Told build_image(Record const& record, Cut const& cut, std::filesystem::path const& into);

} // namespace fault
