#include "open_file.hpp"

#include "disk_guard.hpp"
#include "last_run.hpp"
#include "migrations.hpp"

#include <sqlite3.h>

#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include <unistd.h>

namespace deskbridge::store {

namespace {

/// Breaks off what a connection does when its time is over. Its own limit is asked between two steps of SQLite's machine, and looking at all
/// pages of a file is one step. Again and again: SQLite forgets what comes before a statement has begun.
class Interruption {
public:
    Interruption(Connection& connection, std::chrono::milliseconds after)
        : thread_{[&connection, after, this](std::stop_token const& over) {
              constexpr std::chrono::milliseconds again{10};
              std::unique_lock lock{mutex_};
              for (auto wait = after; !bell_.wait_for(lock, over, wait, [&over] { return over.stop_requested(); }); wait = again)
                  connection.interrupt();
          }}
    {
    }

private:
    std::mutex mutex_;
    std::condition_variable_any bell_;
    std::jthread thread_; // last: it uses the others, and ends first
};

/// Finds what a broken disk left behind while nobody builds upon it yet.
Result<void> look_through(Connection& connection, StoreSettings const& settings, Log& log)
{
    if (last_run_ended(connection))
        return {};
    std::string found = "ok";
    bool complete = true;
    connection.limit_queries(settings.check_limit);
    try {
        Interruption const in_time{connection, settings.check_limit};
        found = connection.text("PRAGMA quick_check(1)");
    } catch (SqliteError const& error) {
        if ((error.code & 0xff) != SQLITE_INTERRUPT)
            throw;
        complete = false;
    }
    connection.limit_queries({});
    if (found != "ok")
        return Error{Fault::storage, "the database " + settings.path.string() + " is damaged (" + found +
                                         "): see all of it with: deskbridge db check; then: deskbridge db restore BACKUP"};
    log.info("store_looked_through", {{"complete", complete}});
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
    if (auto fit = look_through(*connection, settings, log); !fit)
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
