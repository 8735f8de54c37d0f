#pragma once

#include "disk.hpp"
#include "image_judge.hpp"
#include "record.hpp"

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace fault {

/// The disk and the outside's knowledge, moved forward through a record.
struct Moment {
    explicit Moment(Disk::Promise promise) : disk{promise} {}
    /// @param to  the first entry that has not happened
    void advance(Record const& record, std::size_t to);

    Disk disk;
    Told told{};
    std::size_t at{0};
};

/// Where power is lost, and what the disk makes of it; follows from the seed and the image's number.
struct Cut {
    std::uint64_t image{0};
    std::size_t at{0}; ///< the first entry of the record that did not happen
    Disk::Pending pending{};
    std::uint64_t seed{0};
};

/// Entries at which what is durable or what is promised has just changed, or is about to.
[[nodiscard]] std::vector<std::size_t> turning_points(Record const& record);

/// Half of the cuts lie at turning points.
[[nodiscard]] Cut choose_cut(Record const& record, std::vector<std::size_t> const& turning, std::mt19937_64& dice);

} // namespace fault
