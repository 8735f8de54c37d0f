#pragma once

#include <filesystem>
#include <string>

/// SQLite's files without a disk under them, for this process alone. What a crash of the process leaves is what they hold: power cuts and
/// failing disks have tests of their own.
namespace deskbridge::test::sim {

/// From now on every database of this process lies in memory. Locks and shared memory are between its connections.
void keep_databases_in_memory();

/// Puts these bytes under that name, or takes them away with all that lies beside them.
void place_in_memory(std::filesystem::path const& file, std::string const& bytes);
void forget_in_memory(std::filesystem::path const& file);
[[nodiscard]] std::string bytes_in_memory(std::filesystem::path const& file);

} // namespace deskbridge::test::sim
