#include "deskbridge/async/clock.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>

namespace deskbridge::async {

namespace asio = boost::asio;

Timestamp SystemClock::now() const noexcept
{
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

std::chrono::milliseconds SystemClock::running() const noexcept
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch());
}

asio::awaitable<void> SystemClock::sleep_until(Timestamp when)
{
    // Neither "never" nor the beginning of all time may overflow the timer's nanoseconds.
    constexpr std::chrono::milliseconds longest = std::chrono::hours{24 * 365};
    asio::steady_timer timer{co_await asio::this_coro::executor, std::clamp(when - now(), std::chrono::milliseconds{0}, longest)};
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
}

} // namespace deskbridge::async
