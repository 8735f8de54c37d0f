#pragma once

#include "connection.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>

namespace deskbridge::store {

// A copy is known by a row of `cursor` until a daemon opens it: it is set, looked for, and taken.
inline constexpr auto set_backup_mark = "INSERT INTO cursor (name, seq) VALUES ('backup', 0) ON CONFLICT (name) DO NOTHING";
inline constexpr auto count_backup_mark = "SELECT count(*) FROM cursor WHERE name = 'backup'";
inline constexpr auto take_backup_mark = "DELETE FROM cursor WHERE name = 'backup'";

/// Told how many pages of how many are copied; false: break off.
using OnPages = std::function<bool(std::int64_t done, std::int64_t all)>;

/// Copies the database as `source` sees it at this moment into an empty or missing file, in steps, while others write. The
/// copy is marked as a backup, is one file alone (no log beside it), and is synced.
/// Errors: throws SqliteError (SQLITE_INTERRUPT: broken off). The file may be left half-made.
void copy_database(Connection& source, std::filesystem::path const& target, OnPages const& on_pages);

/// An empty file for the owner alone, in the place of an older one. Errors: storage.
[[nodiscard]] Result<void> make_empty(std::filesystem::path const& file);

} // namespace deskbridge::store
