#pragma once

#include "deskbridge/core/log.hpp"
#include "deskbridge/core/metrics.hpp"
#include "deskbridge/core/result.hpp"
#include "deskbridge/store/backup.hpp"
#include "deskbridge/store/statement.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

namespace deskbridge::store {

/// Proof that a read snapshot is open on this thread. Query functions that only read take this.
class Reading {
public:
    /// `sql` must be a constant that lives as long as the process: the cache is keyed by its address.
    [[nodiscard]] Statement prepare(char const* sql);

protected:
    explicit Reading(Connection& connection) noexcept : connection_{connection} {}
    friend class Readers;
    Connection& connection_;
};

/// Proof that a write transaction is open on this thread. Everything that changes rows takes this.
class Tx : public Reading {
public:
    [[nodiscard]] std::int64_t last_insert_id() const noexcept;

    /// Runs `work` under a savepoint of its own: if it throws (`Rollback`, a constraint, any std::exception), its
    /// changes are undone and the transaction goes on. Answers what happened. A lost transaction and I/O errors are not
    /// caught here. In a job that may run twice the first failure ends its first run, and `work` is undone by itself in the second.
    [[nodiscard]] Result<void> nested(std::function<void(Tx&)> const& work);

    /// For `append_event` alone: the log grew to `seq` in this transaction.
    void note_event(std::int64_t seq) noexcept;

private:
    explicit Tx(Connection& connection) noexcept : Reading{connection} {}
    friend class Writer;
    bool bare_{false}; ///< nothing is undone by itself: what fails ends the run
};

/// Thrown inside a job to undo it; `Store` answers the error it carries. The only way a job fails on purpose.
struct Rollback {
    Error error;
};

/// In which order jobs are served when they queue up; each lane keeps its own order. Jobs of `intake` may run twice, the first time without
/// effect: what they keep outside of the transaction they set anew.
enum class Lane { outcome, agent, intake, upkeep };

/// Sizes of the write-ahead log, in bytes. It is folded back into the database long before; only a reading that does not end
/// lets it grow.
struct WalBounds {
    std::uint64_t warn{64u << 20};
    std::uint64_t restart{256u << 20}; ///< readers are broken off, so that it can begin anew
    std::uint64_t refuse{512u << 20};  ///< so is a backup; while that does not help nothing new is taken
};

struct StoreSettings {
    std::filesystem::path path{};
    std::size_t readers{2};
    std::size_t max_queued_jobs{4096};
    std::size_t max_queued_bytes{64u << 20};
    std::size_t max_batch_jobs{256};
    bool lock_step{false}; ///< no threads: whoever asks for a job runs it, on one thread at a time. For simulations on a virtual clock
    std::chrono::milliseconds query_limit{250}; ///< of one query on a reader; it then answers Fault::unavailable
    std::chrono::milliseconds job_limit{2000};  ///< of a reader's job as a whole, in the same way
    std::uint64_t low_water{0}; ///< bytes of free space below which nothing new is taken; 0: SQLite alone says when it is full
    std::uint64_t ballast{0};   ///< bytes in a file of their own, given back when the disk is full
    std::chrono::milliseconds disk_look{1000}; ///< between two looks at the free space
    std::chrono::milliseconds check_limit{300}; ///< how long the file is looked through after an unclean stop
    WalBounds wal{};
    std::function<void()> migrating{}; ///< called again and again while an older database is brought up to date; must not throw
};

/// Whether there is room for something new.
enum class Room {
    enough,
    file_gone, ///< the database was removed or replaced under the daemon: what is written goes with the process
    disk_low, ///< below the low-water mark, or a write has met a full disk
    wal_full, ///< somebody's reading holds the write-ahead log, which is at its bound
};
[[nodiscard]] std::string_view render_room(Room room) noexcept;

/// The SQLite database: one writer thread with group commit and all checkpoints, a few reader threads.
///
/// `write` runs `job(Tx&)` under a savepoint on the writer thread; jobs that wait together commit together; the caller
/// resumes on its own executor after the commit is durable (WAL, synchronous=FULL). If a job throws `Rollback` or hits
/// a constraint, its own savepoint is undone and it alone answers the error. (The intake's jobs run without one first, and again if one of
/// them fails: nearly none does, and a savepoint keeps a copy of every page that a job changes.) A full queue answers Fault::unavailable
/// at once (the intake lane already at 80 %); so does a full disk, once the batch is undone. An I/O error or a damaged
/// file stops the process with exit status 70 and no answer: only recovery can tell what became of the batch.
/// While there is no room (see `Room`) `write` refuses the lanes agent and intake at once; outcomes and upkeep go on.
/// `read` runs `job(Reading&)` on a reader's snapshot: it sees everything whose `write` has returned, and nothing else.
///
/// Jobs are taken by lvalue reference (GCC 12 destroys braced temporaries in a co_await twice): name it, then await it.
/// The job object must live until the await returns, which a local of the coroutine does. A job returns a value by
/// move, holds no reference to the Tx, does no network or file work.
///
/// Threads: any may call; a coroutine resumes on its own executor. `~Store` finishes queued jobs and joins all threads;
/// the io_context that awaits must outlive it.
class Store {
public:
    /// How the writer's thread is doing: `steps` grows with everything that it finishes; `idle` while it waits for work.
    struct WriterPulse {
        std::uint64_t steps{0};
        bool idle{true};
    };

    /// Opens or creates the file, applies missing migrations, checks the settings. After an unclean stop the file is looked
    /// through for `check_limit`: small ones completely, of large ones the first tables.
    /// Errors: storage (cannot open, damaged, not ours, newer schema than this program knows); detail names the file and the
    /// next step.
    [[nodiscard]] static Result<std::unique_ptr<Store>> open(StoreSettings settings, Log& log, Metrics& metrics);
    ~Store();
    Store(Store const&) = delete;
    Store& operator=(Store const&) = delete;

    template <std::invocable<Tx&> Job>
    [[nodiscard]] boost::asio::awaitable<Result<std::invoke_result_t<Job&, Tx&>>> write(Job& job, Lane lane = Lane::agent,
                                                                                       std::size_t bytes = 0);
    template <std::invocable<Reading&> Job>
    [[nodiscard]] boost::asio::awaitable<Result<std::invoke_result_t<Job&, Reading&>>> read(Job& job);

    /// The same without coroutines, for start-up, tests and tools: blocks until durable.
    template <std::invocable<Tx&> Job>
    [[nodiscard]] Result<std::invoke_result_t<Job&, Tx&>> write_now(Job&& job);
    template <std::invocable<Reading&> Job>
    [[nodiscard]] Result<std::invoke_result_t<Job&, Reading&>> read_now(Job&& job);

    /// Costs nothing.
    [[nodiscard]] Room room() const noexcept;
    /// Costs nothing: for watchdogs. Steps that stand still while it is not idle mean that it is stuck.
    [[nodiscard]] WriterPulse writer_pulse() const noexcept;

    /// Begins a copy of the whole database, on a thread of its own; writes go on. The name is given when the copy is complete
    /// and was found sound. Errors: conflict (one is under way, or the file is there and `replace` is not set), malformed,
    /// storage (no room, may not write there).
    [[nodiscard]] Result<void> start_backup(std::filesystem::path const& file, bool replace);
    [[nodiscard]] BackupProgress backup() const;

    /// The highest event.seq that is durable; rises before the jobs of that commit resume.
    [[nodiscard]] std::int64_t committed_seq() const noexcept;
    /// `listener` is called on `reactor` after commits that wrote to the event log (several commits may be one call).
    /// Every listener stays until the store ends.
    void on_events(boost::asio::any_io_executor reactor, std::function<void()> listener);

private:
    struct Parts;
    explicit Store(std::unique_ptr<Parts> parts) noexcept;
    [[nodiscard]] Result<void> refuse_without_room(Lane lane) const;
    [[nodiscard]] boost::asio::awaitable<Result<void>> submit(std::function<void(Tx&)> const& job, Lane lane, std::size_t bytes);
    [[nodiscard]] boost::asio::awaitable<Result<void>> submit_read(std::function<void(Reading&)> const& job);
    [[nodiscard]] Result<void> submit_now(std::function<void(Tx&)> const& job);
    [[nodiscard]] Result<void> submit_read_now(std::function<void(Reading&)> const& job);
    std::unique_ptr<Parts> parts_;
};

namespace detail {
/// Runs `job` and keeps what it answers, also when that is nothing.
template <class Job, class Arg, class T = std::invoke_result_t<Job&, Arg&>>
struct Kept {
    Job& job;
    std::optional<std::conditional_t<std::is_void_v<T>, std::monostate, T>> value{};
    void operator()(Arg& arg)
    {
        if constexpr (std::is_void_v<T>) {
            job(arg);
            value.emplace();
        } else {
            value.emplace(job(arg));
        }
    }
    [[nodiscard]] Result<T> answer(Result<void> const& done)
    {
        if (!done) // spelled out: T may itself be a Result
            return Result<T>{boost::system::in_place_error, done.error()};
        if constexpr (std::is_void_v<T>)
            return Result<T>{};
        else
            return Result<T>{boost::system::in_place_value, std::move(*value)};
    }
};
} // namespace detail

} // namespace deskbridge::store

#include "deskbridge/store/store_impl.hpp"
