#include "deskbridge/async/within.hpp"

#include "net_world.hpp"

#include <catch2/catch.hpp>

#include <stdexcept>

namespace {

namespace asio = boost::asio;
using namespace deskbridge;
using namespace std::chrono_literals;

asio::awaitable<int> answer_after(std::chrono::milliseconds how_long, bool& cancelled)
{
    asio::steady_timer timer{co_await asio::this_coro::executor, how_long};
    try {
        co_await timer.async_wait(asio::use_awaitable);
    } catch (boost::system::system_error const&) {
        cancelled = true;
        throw;
    }
    co_return 7;
}

asio::awaitable<void> nothing()
{
    co_return;
}

asio::awaitable<int> failing()
{
    throw std::domain_error{"as it is"};
    co_return 1;
}

} // namespace

TEST_CASE("within: the answer in time, nullopt and a cancellation when not")
{
    asio::io_context io{1};
    bool cancelled = false;
    CHECK(test::drive(io, async::within(5s, answer_after(1ms, cancelled))) == 7);
    CHECK_FALSE(cancelled);
    CHECK(test::drive(io, async::within(5ms, answer_after(30s, cancelled))) == std::nullopt);
    CHECK(cancelled);
    CHECK(test::drive(io, async::within(5s, nothing())) == true);
    CHECK_THROWS_AS(test::drive(io, async::within(5s, failing())), std::domain_error);
}
