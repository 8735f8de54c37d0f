#include "fail_stop.hpp"

#include <sqlite3.h>

#include <cerrno>

#include <unistd.h>

namespace deskbridge::store {

namespace {

std::string_view next_step(SqliteError const& error)
{
    switch (error.code & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return "stop the service, then: deskbridge db check; if it finds damage: deskbridge db restore BACKUP";
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
        return "look who owns the file and its directory, and whether the file system is mounted read-only";
    default:
        break;
    }
    if (error.system == ENOSPC || error.system == EDQUOT)
        return "make space on this file system; the daemon goes on by itself after its restart";
    return "look at the disk (dmesg, smartctl); the restart recovers what was acknowledged; if this comes again: deskbridge db check";
}

} // namespace

void stop_process(Log& log, std::filesystem::path const& database, SqliteError const& error, std::string_view during)
{
    log.error("store_stops_process", {{"file", database.string()},
                                      {"during", during},
                                      {"operation", error.operation()},
                                      {"reason", error.as_error().detail},
                                      {"sqlite_code", error.code},
                                      {"next", next_step(error)}});
    ::_exit(exit_status_io);
}

} // namespace deskbridge::store
