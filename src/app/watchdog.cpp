#include "watchdog.hpp"

#include "systemd.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace deskbridge::app {

namespace asio = boost::asio;

bool WriterWatch::gets_on(store::Store::WriterPulse now) noexcept
{
    bool const moved = !std::exchange(asked_, true) || now.steps != steps_;
    steps_ = now.steps;
    return now.idle || moved;
}

asio::awaitable<void> feed_watchdog(store::Store const& store, Log& log, std::chrono::microseconds every)
{
    auto const state = co_await asio::this_coro::cancellation_state;
    asio::steady_timer timer{co_await asio::this_coro::executor};
    WriterWatch watch;
    while (state.cancelled() == asio::cancellation_type::none) {
        if (watch.gets_on(store.writer_pulse()))
            notify_systemd("WATCHDOG=1");
        else
            log.error("watchdog_withheld");
        timer.expires_after(every);
        co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    }
}

} // namespace deskbridge::app
