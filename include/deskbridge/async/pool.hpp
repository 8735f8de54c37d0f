#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <concepts>
#include <cstddef>
#include <type_traits>

namespace deskbridge::async {

/// A few threads for work that would hold up the reactor: syncing a file, hashing a password, reading from a disk.
/// `~Pool` finishes what was begun; whoever awaits it must be gone by then.
class Pool {
public:
    explicit Pool(std::size_t threads) : pool_{threads} {}
    ~Pool() { pool_.join(); }
    Pool(Pool const&) = delete;
    Pool& operator=(Pool const&) = delete;

    /// Runs `work` there; the caller resumes on its own executor with what it answers, or throws what it threw. It is not cut
    /// short by cancellation. By lvalue reference (GCC 12): name it, then await it; it must live until the await returns.
    /// Threads: any.
    template <std::invocable Work>
    [[nodiscard]] boost::asio::awaitable<std::invoke_result_t<Work&>> run(Work& work)
    {
        // The caller's cancellation stays behind: there it would meet a coroutine on another thread, and one that is told to stop
        // without ever having waited ends the process (Boost 1.81, co_spawn's own awaits).
        boost::asio::cancellation_slot const none;
        co_return co_await boost::asio::co_spawn(pool_.get_executor(), call(work),
                                                 boost::asio::bind_cancellation_slot(none, boost::asio::use_awaitable));
    }

private:
    template <class Work>
    static boost::asio::awaitable<std::invoke_result_t<Work&>> call(Work& work)
    {
        co_return work();
    }

    boost::asio::thread_pool pool_;
};

} // namespace deskbridge::async
