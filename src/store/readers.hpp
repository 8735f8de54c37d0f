#pragma once

#include "deskbridge/core/log.hpp"
#include "deskbridge/store/store.hpp"

#include "connection.hpp"
#include "waiting.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace deskbridge::store {

struct ReadJob {
    std::function<void(Reading&)> const* run{nullptr};
    std::unique_ptr<Waiting> waiting;
};

/// A few threads, each with a read-only connection. Every job sees one snapshot; each of its queries, and the job as a
/// whole, is bounded in time, so that none keeps the writer's log from being reused. A broken disk or file stops the process.
/// Threads: `push`, `interrupt` any.
class Readers {
public:
    /// Errors: throws SqliteError.
    Readers(StoreSettings const& settings, Log& log);
    ~Readers(); ///< finishes what is queued

    /// Errors: unavailable (full, or closing); `job` then is untouched.
    [[nodiscard]] Result<void> push(ReadJob& job);
    /// What the threads do with what is queued, on the caller's: in lock step, which has none.
    void turn();
    /// Breaks off what is being read now.
    void interrupt() noexcept;
    /// Finishes what is queued, then ends the threads.
    void stop();

private:
    void run(Connection& connection);
    [[nodiscard]] Result<void> read(Connection& connection, Reading& reading, std::function<void(Reading&)> const& work);
    void answer(ReadJob job, Connection& connection, Reading& reading);
    [[nodiscard]] std::optional<ReadJob> take();
    [[nodiscard]] std::optional<ReadJob> take_one();

    std::filesystem::path database_;
    Log& log_;
    std::size_t max_queued_jobs_;
    std::vector<std::unique_ptr<Connection>> connections_;
    std::mutex mutex_;
    std::condition_variable filled_;
    std::deque<ReadJob> jobs_;
    bool closed_{false};
    std::vector<std::thread> threads_;
};

} // namespace deskbridge::store
