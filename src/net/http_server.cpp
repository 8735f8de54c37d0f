#include "deskbridge/net/http_server.hpp"

#include "listener.hpp"
#include "message.hpp"
#include "server_core.hpp"
#include "session.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <sys/socket.h>

#include <utility>
#include <vector>

namespace deskbridge::net {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr auto no_throw = asio::as_tuple(asio::use_awaitable);
constexpr auto accept_pause = 100ms; ///< when no file descriptor is free
constexpr auto last_patience = 1s;   ///< for handlers that were told to stop

/// One place to listen. Reloading certificates replaces the site; connections keep the one they began with.
struct Gate {
    std::unique_ptr<Listener> listener;
    std::shared_ptr<Site const> site;
    bool closed{false};
};

void admit(std::shared_ptr<ServerCore> const& core, Gate const& gate, Socket socket)
{
    if (core->sessions.size() >= core->limits.max_connections && !core->evict_oldest()) {
        core->refused({503, "connection_limit"}, {});
        if (!gate.site->tls) {
            constexpr std::string_view busy = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\n"
                                              "Content-Length: 0\r\nConnection: close\r\n\r\n";
            static_cast<void>(::send(socket.native_handle(), busy.data(), busy.size(), MSG_DONTWAIT | MSG_NOSIGNAL));
        }
        return;
    }
    boost::system::error_code ignored;
    socket.set_option(asio::ip::tcp::no_delay{true}, ignored); // a Unix socket has no such thing
    auto const executor = socket.get_executor();
    auto wire = gate.site->tls ? make_server_wire(std::move(socket), gate.site->tls) : make_plain_wire(std::move(socket));
    auto session = std::make_shared<Session>(core, gate.site, std::move(wire));
    core->connections.add(1);
    auto running = Session::run(session);
    auto ended = [core, session = std::move(session)](std::exception_ptr crash) mutable {
        if (crash)
            core->log.error("http_session_failed");
        session.reset();
        core->session_ended();
    };
    asio::co_spawn(executor, std::move(running), std::move(ended));
}

asio::awaitable<void> accept_all(std::shared_ptr<ServerCore> core, std::shared_ptr<Gate> gate)
{
    asio::steady_timer pause{co_await asio::this_coro::executor};
    bool complained = false;
    while (!gate->closed) {
        auto [ec, socket] = co_await gate->listener->acceptor().async_accept(no_throw);
        if (gate->closed)
            co_return;
        if (!ec) {
            complained = false;
            admit(core, *gate, std::move(socket));
        } else if (ec != asio::error::connection_aborted) {
            // Out of descriptors or memory: who waits longest makes room, and the loop must not spin.
            if (!std::exchange(complained, true))
                core->log.warning("http_accept_failed", {{"reason", ec.message()}});
            core->evict_oldest();
            pause.expires_after(accept_pause);
            co_await pause.async_wait(no_throw);
        }
    }
}

} // namespace

class HttpServer::Impl {
public:
    Impl(asio::io_context& io, std::vector<Route> routes, ServerLimits limits, Log& log, Metrics& metrics)
        : io_{io}, core_{std::make_shared<ServerCore>(std::move(routes), limits, log, metrics)}
    {
    }
    ~Impl()
    {
        core_->stopping = true;
        core_->on_empty = nullptr;
        close_gates();
        abort_sessions();
    }

    Result<std::uint16_t> listen(Listen const& where)
    {
        auto site = std::make_shared<Site>(Site{where, nullptr});
        if (where.certificate.empty() != where.key.empty())
            return Error{Fault::malformed, "certificate and key belong together"};
        if (!where.certificate.empty()) {
            auto tls = make_server_tls(where.certificate, where.key);
            if (!tls)
                return tls.error();
            site->tls = std::move(*tls);
        }
        auto listener = Listener::open(io_, where);
        if (!listener)
            return listener.error();
        auto const port = (*listener)->port();
        auto gate = std::make_shared<Gate>(Gate{std::move(*listener), std::move(site)});
        gates_.push_back(gate);
        asio::co_spawn(io_, accept_all(core_, gate), [gate](std::exception_ptr) {});
        return port;
    }

    Result<void> reload_certificates()
    {
        std::vector<std::shared_ptr<Site const>> fresh;
        for (auto const& gate : gates_) {
            auto site = std::make_shared<Site>(*gate->site);
            if (site->tls) {
                auto tls = make_server_tls(site->where.certificate, site->where.key);
                if (!tls)
                    return tls.error();
                site->tls = std::move(*tls);
            }
            fresh.push_back(std::move(site));
        }
        for (std::size_t i = 0; i < gates_.size(); ++i)
            gates_[i]->site = std::move(fresh[i]);
        return {};
    }

    asio::awaitable<void> stop(std::chrono::milliseconds limit)
    {
        core_->stopping = true;
        close_gates();
        auto const sessions = core_->sessions;
        for (auto* session : sessions)
            session->stop_gently();
        co_await wait_empty(limit);
        abort_sessions();
        co_await wait_empty(last_patience);
    }

private:
    void close_gates()
    {
        for (auto const& gate : gates_) {
            gate->closed = true;
            gate->listener->close();
        }
    }
    void abort_sessions()
    {
        auto const sessions = core_->sessions;
        for (auto* session : sessions)
            session->abort();
    }
    asio::awaitable<void> wait_empty(std::chrono::milliseconds limit)
    {
        if (core_->sessions.empty() && core_->children == 0)
            co_return;
        asio::steady_timer timer{io_, limit};
        core_->on_empty = [&timer] { timer.cancel(); };
        co_await timer.async_wait(no_throw);
        core_->on_empty = nullptr;
    }

    asio::io_context& io_;
    std::shared_ptr<ServerCore> core_;
    std::vector<std::shared_ptr<Gate>> gates_;
};

HttpServer::HttpServer(asio::io_context& io, std::vector<Route> routes, ServerLimits limits, Log& log, Metrics& metrics)
    : impl_{std::make_unique<Impl>(io, std::move(routes), limits, log, metrics)}
{
}

HttpServer::~HttpServer() = default;

Result<std::uint16_t> HttpServer::listen(Listen const& where)
{
    return impl_->listen(where);
}

Result<void> HttpServer::reload_certificates()
{
    return impl_->reload_certificates();
}

asio::awaitable<void> HttpServer::stop(std::chrono::milliseconds limit)
{
    return impl_->stop(limit);
}

} // namespace deskbridge::net
