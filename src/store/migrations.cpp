#include "migrations.hpp"

#include "connection.hpp"

#include "embedded_migrations.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
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

/// Only then can rows come to refer to others that are gone; the check reads the whole database.
bool rebuilds_tables(embedded::File const& file)
{
    return file.bytes.find("DROP TABLE") != std::string_view::npos;
}

// Constraints hold while a migration rebuilds tables only if they are checked at its end.
void apply(Connection& connection, embedded::File const& file, int number)
{
    connection.execute("BEGIN IMMEDIATE");
    connection.execute(std::string{file.bytes});
    if (number == 1)
        connection.execute("PRAGMA application_id = " + std::to_string(application_id));
    connection.execute("PRAGMA user_version = " + std::to_string(number));
    if (auto const table = rebuilds_tables(file) ? connection.text("PRAGMA foreign_key_check") : std::string{}; !table.empty())
        throw SqliteError{1, "rows of " + table + " would refer to rows that are not there"};
    connection.execute("COMMIT");
}

/// Says that a migration is under way, as long as it is.
class Progress {
public:
    Progress(Connection& connection, Log& log, std::function<void()> const& migrating) : connection_{connection}, log_{log}, migrating_{migrating}
    {
        connection_.watch(std::chrono::seconds{5}, [this] { tell(); });
    }
    ~Progress() { connection_.watch({}, {}); }
    Progress(Progress const&) = delete;
    Progress& operator=(Progress const&) = delete;

    void begin(int number)
    {
        number_ = number;
        begun_at_ = std::chrono::steady_clock::now();
        tell();
    }

private:
    void tell() const noexcept
    {
        if (migrating_)
            migrating_();
        auto const took = std::chrono::steady_clock::now() - begun_at_;
        log_.info("store_migrating", {{"schema", number_}, {"seconds", std::chrono::floor<std::chrono::seconds>(took).count()}});
    }

    Connection& connection_;
    Log& log_;
    std::function<void()> const& migrating_;
    int number_{0};
    std::chrono::steady_clock::time_point begun_at_{};
};

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

Result<void> migrate(Connection& connection, Log& log, std::function<void()> const& migrating)
{
    if (auto ours = refuse_foreign(connection); !ours)
        return ours;
    auto const had = static_cast<int>(connection.integer("PRAGMA user_version"));
    auto const files = in_order();
    auto const known = static_cast<int>(files.size());
    if (had > known)
        return Error{Fault::storage, "the database has schema " + std::to_string(had) + ", this program knows up to " +
                                         std::to_string(known) + ": it was made by a newer Deskbridge; run that one, or restore a backup"};
    std::optional<Progress> progress;
    bool const has_rows = had > 0; // a fresh one has none
    if (has_rows && had < known) {
        progress.emplace(connection, log, migrating);
        connection.execute("PRAGMA temp_store = FILE"); // an index over a large table would be sorted in as much memory
    }
    for (int number = had + 1; number <= known; ++number) {
        auto const& file = files[static_cast<std::size_t>(number - 1)];
        if (progress)
            progress->begin(number);
        try {
            apply(connection, file, number);
        } catch (SqliteError const& error) {
            if (connection.in_transaction())
                connection.execute("ROLLBACK");
            return Error{Fault::storage, "migration " + std::string{file.path} + " failed and was undone: " + error.as_error().detail};
        }
    }
    connection.execute("PRAGMA temp_store = MEMORY");
    if (had != known)
        log.info("store_migrated", {{"before", had}, {"schema", known}});
    return {};
}

} // namespace deskbridge::store
