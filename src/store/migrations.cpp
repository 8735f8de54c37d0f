#include "migrations.hpp"

#include "connection.hpp"

#include "embedded_migrations.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace deskbridge::store {

namespace {

std::vector<embedded::File> in_order()
{
    auto const files = embedded::migrations();
    std::vector<embedded::File> sorted{files.begin(), files.end()};
    std::sort(sorted.begin(), sorted.end(), [](auto const& a, auto const& b) { return a.path < b.path; });
    return sorted;
}

// Constraints hold while a migration rebuilds tables only if they are checked at its end.
void apply(Connection& connection, embedded::File const& file, int number)
{
    connection.execute("BEGIN IMMEDIATE");
    connection.execute(std::string{file.bytes});
    if (number == 1)
        connection.execute("PRAGMA application_id = " + std::to_string(application_id));
    connection.execute("PRAGMA user_version = " + std::to_string(number));
    if (auto const table = connection.text("PRAGMA foreign_key_check"); !table.empty())
        throw SqliteError{1, "rows of " + table + " would refer to rows that are not there"};
    connection.execute("COMMIT");
}

Result<void> refuse_foreign(Connection& connection)
{
    if (connection.integer("PRAGMA application_id") == application_id)
        return {};
    if (connection.integer("SELECT count(*) FROM sqlite_schema") == 0)
        return {};
    return Error{Fault::storage, "the file is a database, but not one of Deskbridge; check [store] path"};
}

} // namespace

int known_migrations() noexcept
{
    return static_cast<int>(embedded::migrations().size());
}

Result<void> migrate(Connection& connection, Log& log)
{
    if (auto ours = refuse_foreign(connection); !ours)
        return ours;
    auto const had = static_cast<int>(connection.integer("PRAGMA user_version"));
    auto const files = in_order();
    auto const known = static_cast<int>(files.size());
    if (had > known)
        return Error{Fault::storage, "the database has schema " + std::to_string(had) + ", this program knows up to " +
                                         std::to_string(known) + ": it was made by a newer Deskbridge; run that one, or restore a backup"};
    for (int number = had + 1; number <= known; ++number) {
        auto const& file = files[static_cast<std::size_t>(number - 1)];
        try {
            apply(connection, file, number);
        } catch (SqliteError const& error) {
            if (connection.in_transaction())
                connection.execute("ROLLBACK");
            return Error{Fault::storage, "migration " + std::string{file.path} + " failed and was undone: " + error.as_error().detail};
        }
    }
    if (had != known)
        log.info("store_migrated", {{"before", had}, {"schema", known}});
    return {};
}

} // namespace deskbridge::store
