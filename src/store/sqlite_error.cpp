#include "connection.hpp"

#include <sqlite3.h>

#include <array>
#include <system_error>
#include <utility>

/// What SQLite's codes mean here.
namespace deskbridge::store {

namespace {

struct Operation {
    int code;
    std::string_view name;
};
constexpr std::array operations{
    Operation{SQLITE_IOERR_READ, "read"},          Operation{SQLITE_IOERR_SHORT_READ, "read"},  Operation{SQLITE_IOERR_WRITE, "write"},
    Operation{SQLITE_IOERR_FSYNC, "sync"},         Operation{SQLITE_IOERR_DIR_FSYNC, "sync"},   Operation{SQLITE_IOERR_TRUNCATE, "truncate"},
    Operation{SQLITE_IOERR_FSTAT, "stat"},         Operation{SQLITE_IOERR_DELETE, "delete"},    Operation{SQLITE_IOERR_LOCK, "lock"},
    Operation{SQLITE_IOERR_RDLOCK, "lock"},        Operation{SQLITE_IOERR_UNLOCK, "unlock"},    Operation{SQLITE_IOERR_CLOSE, "close"},
    Operation{SQLITE_IOERR_SHMOPEN, "open"},       Operation{SQLITE_IOERR_SHMSIZE, "grow"},     Operation{SQLITE_IOERR_SHMLOCK, "lock"},
    Operation{SQLITE_IOERR_SHMMAP, "map"},         Operation{SQLITE_IOERR_DIR_CLOSE, "close"},  Operation{SQLITE_IOERR_ACCESS, "look"},
};

} // namespace

SqliteError::Reach SqliteError::reach() const noexcept
{
    switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
    case SQLITE_TOOBIG:
    case SQLITE_MISMATCH:
    case SQLITE_ERROR:
    case SQLITE_RANGE:
    case SQLITE_AUTH:
    case SQLITE_SCHEMA:
        return Reach::job;
    case SQLITE_FULL:
    case SQLITE_NOMEM:
    case SQLITE_INTERRUPT:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_ABORT: // rolled back under a running query
        return Reach::batch;
    default:
        return Reach::store;
    }
}

bool SqliteError::is_damage() const noexcept
{
    auto const primary = code & 0xff;
    return (primary == SQLITE_IOERR && code != SQLITE_IOERR_NOMEM) || primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB;
}

std::string_view SqliteError::operation() const noexcept
{
    for (auto const& known : operations)
        if (known.code == code)
            return known.name;
    auto const primary = code & 0xff;
    return primary == SQLITE_CANTOPEN ? "open" : primary == SQLITE_FULL ? "write" : "";
}

Error SqliteError::as_error() const
{
    std::string detail = sqlite3_errstr(code);
    if (message != detail)
        detail += ": " + message;
    if (auto const tried = operation(); !tried.empty())
        detail += " (" + std::string{tried} + (system != 0 ? ": " + std::generic_category().message(system) : "") + ")";
    switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
        return {Fault::conflict, std::move(detail)};
    case SQLITE_TOOBIG:
        return {Fault::malformed, std::move(detail)};
    default:
        return {reach() == Reach::batch ? Fault::unavailable : Fault::storage, std::move(detail)};
    }
}

Result<void> check_sqlite_version(int number)
{
    constexpr int oldest = 3'040'000;
    constexpr int withdrawn = 3'052'000;
    if (number >= oldest && number != withdrawn)
        return {};
    auto const version = std::to_string(number / 1'000'000) + "." + std::to_string(number / 1000 % 1000) + "." + std::to_string(number % 1000);
    return Error{Fault::storage, "SQLite " + version + " is installed, which " +
                                     (number == withdrawn ? "its makers withdrew" : "is older than 3.40.0") + ": install another one, then start again"};
}

} // namespace deskbridge::store
