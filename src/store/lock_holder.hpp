#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include <sys/types.h>

namespace deskbridge::store {

/// Who has the lock that a writer of a database in WAL mode takes, other than `self`; 0: nobody that is told of.
///
/// @param locks  as /proc/locks has them
/// @param shm    inode of the database's shared memory, "-shm"
///
/// Errors:  none; lines of another form are passed over. Threads: pure; any thread.
/// Source:  proc_locks(5); sqlite.org, "WAL-mode File Format", 2.3.1 (byte 120 is WAL_WRITE_LOCK).
[[nodiscard]] pid_t find_write_locker(std::string_view locks, ino_t shm, pid_t self);

/// The same of a database, in words: "sqlite3 (process 4711)"; "another program" if the system does not tell.
/// Asking by fcntl would mean to open the file, and whoever closes it gives up every lock that their process has on it.
[[nodiscard]] std::string find_write_locker(std::filesystem::path const& database);

} // namespace deskbridge::store
