#pragma once

#include "faultfs.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace fault {

/// One entry of what the preloaded layer wrote down; see faultfs.h.
struct Op {
    faultfs_kind kind{};
    std::uint64_t handle{0};
    std::uint64_t offset{0};
    std::string_view bytes; ///< of the record that it came from
};

/// A whole record in memory. Throws: std::runtime_error (unreadable, or it ends in the middle of an entry).
class Record {
public:
    explicit Record(std::filesystem::path const& file);
    Record(Record const&) = delete;
    Record& operator=(Record const&) = delete;
    [[nodiscard]] std::vector<Op> const& ops() const noexcept { return ops_; }
    [[nodiscard]] std::size_t count(faultfs_kind kind) const noexcept;

private:
    std::string bytes_;
    std::vector<Op> ops_;
};

/// How the layer is told what to do, see faultfs.h.
struct LayerOrder {
    std::filesystem::path layer{};
    std::filesystem::path folder{};
    std::filesystem::path record{};
    std::string fail{}; ///< "" or kind:n:error:how
};
/// The variables that put the layer under a process: "NAME=value" each.
[[nodiscard]] std::vector<std::string> environment_of(LayerOrder const& order);

/// The environment that puts the layer under every process started from here on, until the end of this object's life.
class Preload {
public:
    explicit Preload(LayerOrder const& order);
    ~Preload();
    Preload(Preload const&) = delete;
    Preload& operator=(Preload const&) = delete;

private:
    std::vector<std::string> names_;
};

} // namespace fault
