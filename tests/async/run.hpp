#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <exception>

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

/// Runs until `done`, ten seconds at most.
inline void run_until(boost::asio::io_context& io, bool const& done)
{
    auto const end = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    io.restart();
    while (!done && std::chrono::steady_clock::now() < end)
        io.run_one_for(std::chrono::milliseconds{50});
}

} // namespace deskbridge::test
