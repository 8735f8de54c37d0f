#pragma once

#include <cstdint>
#include <filesystem>

namespace fault {

/// A file system of a few mebibytes in memory, which can be filled to the last block. Needs root.
class SmallDisk {
public:
    /// Throws std::runtime_error when it cannot be mounted.
    SmallDisk(std::filesystem::path folder, int mebibytes);
    ~SmallDisk();
    SmallDisk(SmallDisk const&) = delete;
    SmallDisk& operator=(SmallDisk const&) = delete;

    /// Takes all space but `left` bytes; what others give back meanwhile is not taken.
    void fill(std::uint64_t left = 0);
    /// Gives all of that back.
    void free_up();
    [[nodiscard]] std::uint64_t free_bytes() const;
    [[nodiscard]] std::filesystem::path const& path() const noexcept { return folder_; }

private:
    std::filesystem::path folder_;
};

} // namespace fault
