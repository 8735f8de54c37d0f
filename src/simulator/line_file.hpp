#pragma once

#include "json_reading.hpp"

#include "deskbridge/core/result.hpp"

#include <filesystem>
#include <functional>

namespace deskbridge::simulator {

/// An append-only file of JSON lines.
///
/// Opening it cuts off a last line that a crash left unfinished.
/// Errors:  after a failed write `healthy()` is false and stays so; nothing more is written.
/// Threads: the reactor; writes block for as long as the disk takes.
class LineFile {
public:
    /// Hands every line that is JSON to `each`, in order. Errors: storage.
    [[nodiscard]] static Result<LineFile> open(std::filesystem::path const& path, bool sync,
                                               std::function<void(Json const&)> const& each);
    LineFile(LineFile&& other) noexcept;
    LineFile& operator=(LineFile&&) = delete;
    ~LineFile();

    void append(Json const& line);
    [[nodiscard]] bool healthy() const noexcept { return healthy_; }

private:
    LineFile(int descriptor, bool sync) : descriptor_{descriptor}, sync_{sync} {}
    int descriptor_;
    bool sync_;
    bool healthy_{true};
};

/// Writes a whole file beside its final place, then renames it. Errors: storage.
[[nodiscard]] Result<void> write_file(std::filesystem::path const& path, std::string_view bytes, bool sync);
/// Nullopt if it cannot be read.
[[nodiscard]] std::optional<std::string> read_file(std::filesystem::path const& path);

} // namespace deskbridge::simulator
