#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>

namespace deskbridge::test {

/// Starts a task that reports nothing but its end.
inline void start(boost::asio::io_context& io, boost::asio::awaitable<void> task, bool& ended)
{
    boost::asio::co_spawn(io, std::move(task), [&ended](std::exception_ptr) { ended = true; });
}

/// Runs everything that is ready now; nothing that waits for time to pass.
inline void run_ready(boost::asio::io_context& io)
{
    io.restart();
    io.poll();
}

/// Runs while `waits()`. With a store at hand, one run_one() after another is not enough: its writer gives back its hold on `io`
/// after what it posted, and the stop that comes of the last hold may come late, in the midst of what follows. Throws after ten minutes.
template <class Waits>
void run_while(boost::asio::io_context& io, Waits waits)
{
    auto const end = std::chrono::steady_clock::now() + std::chrono::minutes{10};
    while (waits()) {
        if (std::chrono::steady_clock::now() > end)
            throw std::runtime_error{"a task did not end"};
        io.restart();
        io.run_one_for(std::chrono::seconds{1});
    }
}

/// Runs one coroutine to its end, and throws what it throws.
template <class T>
T run_task(boost::asio::io_context& io, boost::asio::awaitable<T> task)
{
    std::optional<T> value;
    std::exception_ptr failed;
    auto keep = [&]() -> boost::asio::awaitable<void> { value.emplace(co_await std::move(task)); };
    bool finished = false;
    boost::asio::co_spawn(io, keep(), [&](std::exception_ptr error) {
        failed = error;
        finished = true;
    });
    run_while(io, [&] { return !finished; });
    if (failed)
        std::rethrow_exception(failed);
    return std::move(*value);
}

/// Runs until `done`, a minute at most.
inline void run_until(boost::asio::io_context& io, bool const& done)
{
    auto const end = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    while (!done && std::chrono::steady_clock::now() < end) {
        io.restart();
        io.run_one_for(std::chrono::milliseconds{50});
    }
}

} // namespace deskbridge::test
