#include "deskbridge/async/bell.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace deskbridge::async {

namespace asio = boost::asio;

Bell::Bell(asio::any_io_executor executor) : timer_{std::move(executor)} {}

void Bell::ring()
{
    rung_ = true;
    timer_.cancel();
}

asio::awaitable<void> Bell::wait(std::chrono::milliseconds limit)
{
    if (!rung_) {
        timer_.expires_after(limit);
        co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    rung_ = false;
}

} // namespace deskbridge::async
