#include "open_file.hpp"

#include "disk_guard.hpp"
#include "last_run.hpp"
#include "look_through.hpp"
#include "migrations.hpp"

#include <sqlite3.h>

#include <cerrno>
#include <string>

#include <unistd.h>

namespace deskbridge::store {

namespace {

/// While nobody builds upon it yet.
Result<void> check_after_crash(Connection& connection, StoreSettings const& settings, Log& log)
{
    if (last_run_ended(connection))
        return {};
    connection.limit_queries(settings.check_limit);
    auto const looked = look_through(connection, patience_of(settings.check_limit));
    connection.limit_queries({});
    if (looked.found != "ok")
        return Error{Fault::storage, "the database " + settings.path.string() + " is damaged (" + looked.found +
                                         "): see all of it with: deskbridge db check; then: deskbridge db restore BACKUP"};
    log.info("store_looked_through", {{"complete", looked.complete}});
    return {};
}

Result<std::unique_ptr<Connection>> try_open(StoreSettings const& settings, Log& log)
{
    auto connection = std::make_unique<Connection>(settings.path, Connection::Role::writer);
    if (auto migrated = migrate(*connection, log, settings.migrating); !migrated)
        return Error{migrated.error().fault, settings.path.string() + ": " + migrated.error().detail};
    connection->execute("PRAGMA foreign_keys = ON");
    if (connection->integer("PRAGMA foreign_keys") != 1)
        return Error{Fault::storage, "this SQLite cannot enforce foreign keys"};
    if (auto fit = check_after_crash(*connection, settings, log); !fit)
        return fit.error();
    return connection;
}

bool is_full(SqliteError const& error)
{
    return (error.code & 0xff) == SQLITE_FULL || error.system == ENOSPC;
}

} // namespace

Error cannot_open(std::filesystem::path const& database, SqliteError const& error)
{
    auto detail = "cannot open the database " + database.string() + ": " + error.as_error().detail;
    if ((error.code & 0xff) == SQLITE_CORRUPT)
        detail += "; see what is wrong with: deskbridge db check; then: deskbridge db restore BACKUP";
    else if ((error.code & 0xff) == SQLITE_NOTADB)
        detail += "; check [store] path";
    else if (is_full(error))
        detail += "; make space on this file system";
    return {Fault::storage, std::move(detail)};
}

Result<std::unique_ptr<Connection>> open_writer(StoreSettings const& settings, Log& log)
{
    try {
        return try_open(settings, log);
    } catch (SqliteError const& error) {
        if (!is_full(error) || ::unlink(ballast_file(settings.path).c_str()) != 0)
            return cannot_open(settings.path, error);
    }
    try {
        return try_open(settings, log);
    } catch (SqliteError const& error) {
        return cannot_open(settings.path, error);
    }
}

} // namespace deskbridge::store
