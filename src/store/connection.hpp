#pragma once

#include "deskbridge/core/result.hpp"
#include "deskbridge/store/statement.hpp"

#include <chrono>
#include <filesystem>
#include <string>
#include <unordered_map>

struct sqlite3;

namespace deskbridge::store {

/// What SQLite answered, on its way out of one job. Nothing outside `src/store` catches it.
struct SqliteError {
    enum class Reach {
        job,   ///< this job alone failed (a constraint, a value too big, broken SQL)
        batch, ///< the transaction is lost, the database is sound (disk full, no memory, interrupted, busy)
        store, ///< the database or the disk can no longer be trusted
    };
    int code{0};         ///< extended result code
    std::string message; ///< SQLite's own words: names of tables and constraints, no values

    [[nodiscard]] Reach reach() const noexcept;
    [[nodiscard]] Error as_error() const;
};

/// One SQLite connection with every setting that the house demands, and its prepared statements.
/// Threads: one at a time; `interrupt` any.
class Connection {
public:
    enum class Role { writer, reader };

    /// Errors: throws SqliteError. A writer creates the file; a reader needs it to exist.
    Connection(std::filesystem::path const& file, Role role);
    ~Connection();
    Connection(Connection const&) = delete;
    Connection& operator=(Connection const&) = delete;

    /// From the cache, keyed by the address of the constant.
    [[nodiscard]] Statement prepare(char const* sql);
    /// Any number of statements, not cached; rows are ignored.
    void execute(std::string const& sql);
    [[nodiscard]] std::int64_t integer(std::string const& sql);
    [[nodiscard]] std::string text(std::string const& sql);

    /// Throws the error that the connection has just met.
    [[noreturn]] void fail(int code);
    /// True once an error of reach `store` was met, whoever swallowed it.
    [[nodiscard]] bool broken() const noexcept { return broken_; }
    [[nodiscard]] bool in_transaction() const noexcept;

    [[nodiscard]] std::int64_t last_insert_id() const noexcept;
    [[nodiscard]] std::int64_t wal_pages() const noexcept { return wal_pages_; }
    [[nodiscard]] sqlite3* handle() const noexcept { return db_; }
    void interrupt() noexcept;
    /// No query may run longer than this from its `prepare` on; zero: no limit.
    void limit_queries(std::chrono::milliseconds limit);

    /// The highest event.seq written in the open transaction; put back when a savepoint is undone.
    std::int64_t event_seq{0};

private:
    struct Cached {
        sqlite3_stmt* stmt{nullptr};
        bool in_use{false};
    };
    void open(std::filesystem::path const& file, Role role);
    void settle(Role role);
    [[nodiscard]] sqlite3_stmt* compile(char const* sql, unsigned flags);

    sqlite3* db_{nullptr};
    std::unordered_map<char const*, Cached> statements_;
    std::int64_t wal_pages_{0};
    std::chrono::milliseconds query_limit_{0};
    std::chrono::steady_clock::time_point query_deadline_{};
    bool broken_{false};
};

} // namespace deskbridge::store
