#pragma once

#include "deskbridge/core/log.hpp"
#include "deskbridge/core/result.hpp"

#include <functional>

namespace deskbridge::store {

class Connection;

/// "DkBr", in the header of each of our files.
inline constexpr int application_id = 0x446B4272;

/// How many migrations this program knows; a file's PRAGMA user_version is how many it has had.
[[nodiscard]] int known_migrations() noexcept;

/// Brings the file up to date: schemas/sql/NNNN_*.sql in order, each in a transaction of its own. Of a database that has rows that may take
/// minutes: the log says so, and `migrating` is called before each file and every few seconds while one runs; may be empty, must not throw.
/// Errors: storage (not ours, made by a newer program, a migration failed); detail says the next step.
/// SqliteError passes through when even looking failed.
[[nodiscard]] Result<void> migrate(Connection& connection, Log& log, std::function<void()> const& migrating = {});

} // namespace deskbridge::store
