#pragma once

#include "deskbridge/core/result.hpp"
#include "deskbridge/store/statement.hpp"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
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
    int system{0};       ///< errno of the operation that failed; 0: none

    [[nodiscard]] Reach reach() const noexcept;
    /// The disk failed, or the file is damaged: also on a connection that only reads there is no going on.
    [[nodiscard]] bool is_damage() const noexcept;
    /// What was tried: "write", "sync", …; empty if SQLite does not say.
    [[nodiscard]] std::string_view operation() const noexcept;
    [[nodiscard]] Error as_error() const;
};

/// Errors: storage (too old for what is used here, or a release that its makers withdrew).
/// @param number  as sqlite3_libversion_number() tells it: 3'040'001 for 3.40.1.
/// Source: sqlite.org, "Release History Of SQLite": 3.52.0 was withdrawn (2026-11).
[[nodiscard]] Result<void> check_sqlite_version(int number);

/// One SQLite connection with every setting that the house demands, and its prepared statements.
/// Threads: one at a time; `interrupt` any.
class Connection {
public:
    /// copy: a file that nobody else has open and that is not a live database yet; neither log nor syncs.
    enum class Role { writer, reader, copy };

    /// Errors: throws SqliteError. A writer or copy creates the file; a reader needs it to exist.
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
    [[nodiscard]] bool broken() const noexcept { return broken_by_ != 0; }
    [[nodiscard]] int broken_by() const noexcept { return broken_by_; } ///< its code
    [[nodiscard]] bool in_transaction() const noexcept;

    [[nodiscard]] std::int64_t last_insert_id() const noexcept;
    [[nodiscard]] std::int64_t wal_pages() const noexcept { return wal_pages_; }
    /// The log was emptied by a checkpoint.
    void forget_wal() noexcept { wal_pages_ = 0; }
    [[nodiscard]] sqlite3* handle() const noexcept { return db_; }
    /// Breaks off what is being read, and every later query of the same job.
    void interrupt() noexcept;
    /// No query may run longer than `each` from its `prepare` on, no job longer than `job` from `begin_job` on; zero: no limit.
    void limit_queries(std::chrono::milliseconds each, std::chrono::milliseconds job = {});
    void begin_job();
    /// `look` is called now and then while a statement runs, not sooner than `every` after the last time; empty: it is not. Must not throw.
    void watch(std::chrono::milliseconds every, std::function<void()> look);

    /// The highest event.seq written in the open transaction; put back when a savepoint is undone.
    std::int64_t event_seq{0};

private:
    struct Cached {
        sqlite3_stmt* stmt{nullptr};
        bool in_use{false};
    };
    void open(std::filesystem::path const& file, Role role);
    void settle(Role role);
    void settle_writer();
    [[nodiscard]] bool is_over() const noexcept;
    void look_on() noexcept;
    [[nodiscard]] bool job_is_over(std::chrono::steady_clock::time_point now) const noexcept;
    [[nodiscard]] sqlite3_stmt* compile(char const* sql, unsigned flags);

    sqlite3* db_{nullptr};
    std::unordered_map<char const*, Cached> statements_;
    std::int64_t wal_pages_{0};
    std::chrono::milliseconds query_limit_{0};
    std::chrono::milliseconds job_limit_{0};
    std::chrono::steady_clock::time_point query_deadline_{};
    std::chrono::steady_clock::time_point job_deadline_{};
    std::atomic<bool> broken_off_{false};
    std::function<void()> look_{};
    std::chrono::milliseconds look_every_{0};
    std::chrono::steady_clock::time_point looked_at_{};
    int broken_by_{0};
};

} // namespace deskbridge::store
