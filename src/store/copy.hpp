#pragma once

#include "connection.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>

namespace deskbridge::store {

/// The row of `cursor` by which a copy is known until a daemon opens it.
inline constexpr auto backup_mark = "backup";

/// Told how many pages of how many are copied; false: break off.
using OnPages = std::function<bool(std::int64_t done, std::int64_t all)>;

/// Copies the database as `source` sees it at this moment into an empty or missing file, in steps, while others write. The
/// copy is marked as a backup, is one file alone (no log beside it), and is synced.
/// Errors: throws SqliteError (SQLITE_INTERRUPT: broken off). The file may be left half-made.
void copy_database(Connection& source, std::filesystem::path const& target, OnPages const& on_pages);

/// An empty file for the owner alone, in the place of an older one. Errors: storage.
[[nodiscard]] Result<void> make_empty(std::filesystem::path const& file);

} // namespace deskbridge::store
