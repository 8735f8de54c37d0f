#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

namespace deskbridge::async {

/// What `work` answers (true for void), or nullopt when `limit` passed first: then `work` is cancelled (terminal) and has
/// ended. Work that ignores its cancellation is waited for. What `work` throws is thrown on.
/// Threads: the reactor.
template <class T>
[[nodiscard]] boost::asio::awaitable<std::optional<std::conditional_t<std::is_void_v<T>, bool, T>>>
within(std::chrono::milliseconds limit, boost::asio::awaitable<T> work)
{
    namespace asio = boost::asio;
    auto const executor = co_await asio::this_coro::executor;
    asio::steady_timer timer{executor, limit};
    auto race = asio::experimental::make_parallel_group(asio::co_spawn(executor, std::move(work), asio::deferred),
                                                        timer.async_wait(asio::deferred));
    if constexpr (std::is_void_v<T>) {
        auto [order, failure, ignored] = co_await race.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
        if (order[0] == 1)
            co_return std::nullopt;
        if (failure)
            std::rethrow_exception(failure);
        co_return true;
    } else {
        auto [order, failure, value, ignored] =
            co_await race.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
        if (order[0] == 1)
            co_return std::nullopt;
        if (failure)
            std::rethrow_exception(failure);
        co_return std::move(value);
    }
}

} // namespace deskbridge::async
