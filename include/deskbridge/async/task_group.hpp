#pragma once

#include "deskbridge/async/bell.hpp"
#include "deskbridge/core/log.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <functional>
#include <list>
#include <string>

namespace deskbridge::async {

/// Owns every task it spawns. A task that throws is reported by name and the process is told to stop (`on_crash`); one that
/// was cancelled may end with operation_aborted.
///
/// Shutdown: `cancel()`, then await `join()`; the destructor asserts that nothing runs any more.
/// Threads: the reactor only.
class TaskGroup {
public:
    TaskGroup(boost::asio::io_context& io, Log& log, std::function<void()> on_crash = {});
    ~TaskGroup();
    TaskGroup(TaskGroup const&) = delete;
    TaskGroup& operator=(TaskGroup const&) = delete;

    void spawn(std::string name, boost::asio::awaitable<void> task);
    /// Asks every running task to stop (terminal cancellation). One that is spawned later runs to its own end.
    void cancel();
    /// Returns when the last task has ended, those included that are spawned meanwhile. Any number may wait.
    [[nodiscard]] boost::asio::awaitable<void> join();
    [[nodiscard]] std::size_t size() const noexcept { return tasks_.size(); }

private:
    struct Task;
    boost::asio::io_context& io_;
    Log& log_;
    std::function<void()> on_crash_;
    std::list<Task> tasks_;
    Bell ended_; ///< rung when none is left
};

} // namespace deskbridge::async
