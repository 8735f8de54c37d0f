#pragma once

#include "deskbridge/core/result.hpp"

#include <filesystem>
#include <utility>

namespace deskbridge::store {

/// Keeps a second process away from a database: an exclusive lock on a file beside it, which also names the holder.
/// The lock goes with the process, however it ends; the file stays.
class LockFile {
public:
    /// Errors: conflict (held; detail names the process), storage (cannot be created).
    [[nodiscard]] static Result<LockFile> take(std::filesystem::path const& database);
    ~LockFile();
    /// Whose file it is from now on; true also if it was somebody else's than ours already.
    [[nodiscard]] bool give_to(unsigned user, unsigned group) const noexcept;
    LockFile(LockFile&& other) noexcept : descriptor_{std::exchange(other.descriptor_, -1)} {}
    LockFile& operator=(LockFile&&) = delete;

private:
    explicit LockFile(int descriptor) noexcept : descriptor_{descriptor} {}
    int descriptor_;
};

/// The database's file itself, by whichever link it is reached: its lock lies there, and SQLite's files do. As given if it is not there.
[[nodiscard]] std::filesystem::path real_name(std::filesystem::path const& database);

/// Makes the directory (0700) and the file (0600) if they are missing, so that SQLite finds both with these modes and
/// gives them to the files that it puts beside. Never opens an existing database: closing it would drop SQLite's locks.
/// Errors: storage.
[[nodiscard]] Result<void> prepare_file(std::filesystem::path const& database);

} // namespace deskbridge::store
