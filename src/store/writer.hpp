#pragma once

#include "deskbridge/core/log.hpp"
#include "deskbridge/core/metrics.hpp"
#include "deskbridge/store/store.hpp"

#include "connection.hpp"
#include "job_queue.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

namespace deskbridge::store {

/// The one thread that changes the database: takes what is queued, runs each job under a savepoint (the intake's without, see `Store`), commits
/// all of it together, answers, and checkpoints the log when it has grown. There is no waiting for more jobs: the next batch
/// gathers while this one is being synced.
class Writer {
public:
    struct Parts {
        StoreSettings const& settings;
        Log& log;
        Metrics& metrics;
        std::function<void()> interrupt_readers; ///< when they keep the log from being reused
        std::function<void()> interrupt_backup;  ///< when that was not enough
        std::function<void()> disk_full;         ///< a write met a full disk
    };
    Writer(std::unique_ptr<Connection> connection, Parts parts);
    ~Writer(); ///< finishes what is queued

    [[nodiscard]] JobQueue& queue() noexcept { return queue_; }
    /// The log has grown to its bound, because somebody's reading holds it: nothing new should be taken.
    [[nodiscard]] bool wal_full() const noexcept { return wal_full_.load(std::memory_order_acquire); }
    [[nodiscard]] std::int64_t committed_seq() const noexcept { return committed_seq_.load(std::memory_order_acquire); }
    void on_events(boost::asio::any_io_executor reactor, std::function<void()> listener);
    [[nodiscard]] Store::WriterPulse pulse() const noexcept
    {
        return {steps_.load(std::memory_order_relaxed), idle_.load(std::memory_order_relaxed)};
    }
    /// Not in lock step, which has no thread.
    void start();
    /// What the thread does with what is queued, on the caller's: in lock step.
    void turn();
    /// Finishes what is queued, then ends the thread.
    void stop();
    /// The last checkpoint, after `stop` and when no reader of ours is left: the one that SQLite makes when it closes the file
    /// keeps its errors to itself.
    void fold_log();

private:
    struct Listener {
        boost::asio::any_io_executor reactor;
        std::function<void()> call;
        std::atomic<bool> called{false};
    };
    struct Taken {
        std::function<void(Tx&)> const* run;
        std::size_t place; ///< where its answer goes
    };
    void run();
    [[nodiscard]] bool wait_for_jobs();
    void step_done() noexcept { steps_.fetch_add(1, std::memory_order_relaxed); }
    void batch();
    void run_jobs(Tx& tx, std::vector<Answered>& done);
    [[nodiscard]] bool run_bare(Tx& tx, std::span<Taken const> jobs);
    void run_each(Tx& tx, std::span<Taken const> jobs, std::vector<Answered>& done);
    void begin_again();
    void commit();
    void undo(SqliteError const& why) noexcept;
    void settle(std::vector<Answered> done, SqliteError const* lost);
    void tell_listeners();
    void tend_log();
    void checkpoint_or_stop(char const* during, void (Writer::*work)());
    void checkpoint_if_due();
    void checkpoint_all();
    void empty_log(std::int64_t pages);
    [[nodiscard]] bool checkpoint(int mode);
    void set_wal_full(bool full, std::int64_t pages);
    void stop_if_broken(SqliteError const& error, char const* during);
    void note_full(SqliteError const& error);
    void note_locked_out();
    void note_let_in();

    std::unique_ptr<Connection> connection_;
    Parts parts_;
    JobQueue queue_;
    Histogram& commit_seconds_;
    Counter& batch_jobs_;
    Counter& batches_;
    Counter& begun_again_;
    Gauge& wal_bytes_;
    std::atomic<std::int64_t> committed_seq_{0};
    std::atomic<std::uint64_t> steps_{0};
    std::atomic<bool> idle_{true};
    std::mutex listeners_mutex_;
    std::vector<std::shared_ptr<Listener>> listeners_;
    std::int64_t checkpointed_pages_{0};
    std::size_t last_batch_jobs_{0};
    bool warned_of_wal_{false};
    bool checkpoint_failed_{false}; // and that was said
    bool locked_out_{false};        // the same
    std::chrono::steady_clock::time_point locked_out_at_{};
    std::atomic<bool> wal_full_{false};
    std::thread thread_;
};

} // namespace deskbridge::store
