#pragma once

#include "deskbridge/core/log.hpp"
#include "deskbridge/core/metrics.hpp"
#include "deskbridge/store/store.hpp"

#include "connection.hpp"
#include "job_queue.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace deskbridge::store {

/// The one thread that changes the database: takes what is queued, runs each job under a savepoint, commits all of it
/// together, answers, and checkpoints the log when it has grown. There is no waiting for more jobs: the next batch
/// gathers while this one is being synced.
class Writer {
public:
    struct Parts {
        StoreSettings const& settings;
        Log& log;
        Metrics& metrics;
        std::function<void()> interrupt_readers; ///< when they keep the log from being reused
    };
    Writer(std::unique_ptr<Connection> connection, Parts parts);
    ~Writer(); ///< finishes what is queued

    [[nodiscard]] JobQueue& queue() noexcept { return queue_; }
    [[nodiscard]] std::int64_t committed_seq() const noexcept { return committed_seq_.load(std::memory_order_acquire); }
    void on_events(boost::asio::any_io_executor reactor, std::function<void()> listener);
    [[nodiscard]] Store::WriterPulse pulse() const noexcept
    {
        return {steps_.load(std::memory_order_relaxed), idle_.load(std::memory_order_relaxed)};
    }
    void start();
    /// Finishes what is queued, then ends the thread.
    void stop();

private:
    struct Listener {
        boost::asio::any_io_executor reactor;
        std::function<void()> call;
        std::atomic<bool> called{false};
    };
    enum class End { committed, undone };

    void run();
    [[nodiscard]] bool wait_for_jobs();
    void step_done() noexcept { steps_.fetch_add(1, std::memory_order_relaxed); }
    void batch();
    void run_jobs(Tx& tx, std::vector<Answered>& done);
    [[nodiscard]] End finish(SqliteError const* lost);
    void commit();
    void undo(SqliteError const& why) noexcept;
    void settle(std::vector<Answered> done, SqliteError const* lost);
    void tell_listeners();
    void checkpoint_if_due();
    void checkpoint(int mode);
    void stop_if_broken(SqliteError const& error, char const* during);
    [[noreturn]] void stop_process(SqliteError const& error, char const* during);

    std::unique_ptr<Connection> connection_;
    Parts parts_;
    JobQueue queue_;
    Histogram& commit_seconds_;
    Counter& batch_jobs_;
    Counter& batches_;
    Gauge& wal_bytes_;
    std::atomic<std::int64_t> committed_seq_{0};
    std::atomic<std::uint64_t> steps_{0};
    std::atomic<bool> idle_{true};
    std::mutex listeners_mutex_;
    std::vector<std::shared_ptr<Listener>> listeners_;
    std::int64_t checkpointed_pages_{0};
    bool warned_of_wal_{false};
    std::thread thread_;
};

} // namespace deskbridge::store
