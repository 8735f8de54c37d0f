#include "bare_http.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <stdexcept>
#include <thread>

namespace bench {

namespace asio = boost::asio;
using namespace deskbridge;

namespace {

asio::awaitable<net::Reply> answer_ok(net::Request&)
{
    HttpResponse response;
    co_return net::Reply{std::move(response)};
}

std::vector<net::Route> only_route(net::Handler handler)
{
    return {net::Route{"POST", "/{path*}", handler ? std::move(handler) : net::Handler{answer_ok}, 4u << 20}};
}

net::ServerLimits wide()
{
    net::ServerLimits limits;
    limits.max_per_address = limits.max_connections;
    return limits;
}

} // namespace

struct BareHttp::Parts {
    explicit Parts(net::Handler handler) : server{io, only_route(std::move(handler)), wide(), log, metrics} {}
    asio::io_context io{1};
    NoLog log;
    Metrics metrics;
    net::HttpServer server;
    int port{0};
    std::thread thread;
};

BareHttp::BareHttp(net::Handler handler) : parts_{std::make_unique<Parts>(std::move(handler))}
{
    net::Listen where;
    where.address = "127.0.0.1:0";
    auto const port = parts_->server.listen(where);
    if (!port)
        throw std::runtime_error(port.error().detail);
    parts_->port = *port;
    parts_->thread = std::thread{[this] { parts_->io.run(); }};
}

BareHttp::~BareHttp()
{
    asio::co_spawn(parts_->io, parts_->server.stop(std::chrono::seconds{1}), asio::use_future).wait();
    parts_->io.stop();
    parts_->thread.join();
}

int BareHttp::port() const noexcept
{
    return parts_->port;
}

} // namespace bench
