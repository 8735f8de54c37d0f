#pragma once

#include "deskbridge/core/log.hpp"
#include "deskbridge/store/store.hpp"

#include "connection.hpp"

#include <memory>

namespace deskbridge::store {

/// The writing connection to a file that is fit to be written: brought up to date, and looked through for a bounded time if
/// the run before did not end well. A full disk gets its ballast back first, for recovery too needs room.
/// Errors: storage; detail names the file and the next step.
[[nodiscard]] Result<std::unique_ptr<Connection>> open_writer(StoreSettings const& settings, Log& log);

[[nodiscard]] Error cannot_open(std::filesystem::path const& database, SqliteError const& error);

} // namespace deskbridge::store
