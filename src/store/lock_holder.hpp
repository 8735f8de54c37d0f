#pragma once

#include <filesystem>
#include <string>

namespace deskbridge::store {

/// Who, other than this process, has the lock that a writer of a database in WAL mode takes, in words: "sqlite3 (process 4711)"; without the
/// name where other users' processes cannot be seen, as in the service; "another program" if the system does not tell.
///
/// @param database  one that this process has open
///
/// Asks by a descriptor that is open already: whoever opens the file anew and closes it gives up every lock that their process has on it.
///
/// Errors:  none. Threads: any thread.
/// Source:  sqlite.org, "WAL-mode File Format", 2.3.1 (byte 120 of "-shm" is WAL_WRITE_LOCK); fcntl(2), F_GETLK.
[[nodiscard]] std::string find_write_locker(std::filesystem::path const& database);

} // namespace deskbridge::store
