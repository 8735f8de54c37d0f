#include "run.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <catch2/catch.hpp>

#include <stdexcept>

namespace {

namespace asio = boost::asio;
using namespace deskbridge;

asio::awaitable<int> stopped_midway(asio::io_context& io)
{
    io.stop();
    co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
    co_return 7;
}

asio::awaitable<int> throws()
{
    throw std::runtime_error{"on purpose"};
    co_return 0;
}

} // namespace

TEST_CASE("run_task: a stop from outside does not end it, and what it throws is thrown")
{
    asio::io_context io{1};
    CHECK(test::run_task(io, stopped_midway(io)) == 7);
    CHECK_THROWS_AS(test::run_task(io, throws()), std::runtime_error);
}
