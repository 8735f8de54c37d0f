#pragma once

#include "deskbridge/core/log.hpp"

#include "connection.hpp"

#include <filesystem>
#include <string_view>

namespace deskbridge::store {

/// What the unit sees when the disk or the file is broken (EX_SOFTWARE of sysexits.h); it restarts on it.
inline constexpr int exit_status_io = 70;

/// After an I/O error nobody can say what is on the disk: an answer would be a guess, and going on could bury what was
/// committed. A new process recovers from the log and sees the truth. One line says file, operation, cause and next step.
[[noreturn]] void stop_process(Log& log, std::filesystem::path const& database, SqliteError const& error, std::string_view during);

} // namespace deskbridge::store
