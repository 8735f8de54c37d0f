#include "deskbridge/net/http_server.hpp"

#include "listener.hpp"
#include "message.hpp"
#include "server_core.hpp"
#include "session.hpp"
#include "wire.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

namespace deskbridge::net {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr auto accept_pause = 100ms; ///< when no file descriptor is free
constexpr auto short_pause = 10ms;   ///< the same when somebody made room
constexpr auto last_patience = 1s;   ///< for handlers that were told to stop

/// One place to listen. Reloading certificates replaces the site; connections keep the one they began with.
struct Gate {
    std::unique_ptr<Listener> listener;
    std::shared_ptr<Site const> site;
    bool closed{false};
};

void turn_away(ServerCore& core, Gate const& gate, Socket& socket, std::string_view reason)
{
    core.refused({503, reason}, {});
    core.unheard({});
    if (gate.site->tls)
        return;
    constexpr std::string_view busy = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\n"
                                      "Content-Length: 0\r\nConnection: close\r\n\r\n";
    static_cast<void>(::send(socket.native_handle(), busy.data(), busy.size(), MSG_DONTWAIT | MSG_NOSIGNAL));
}

void begin_session(std::shared_ptr<ServerCore> const& core, Gate const& gate, Socket socket, std::string remote, Peers::Seat seat)
{
    boost::system::error_code ignored;
    socket.set_option(asio::ip::tcp::no_delay{true}, ignored); // a Unix socket has no such thing
    auto const executor = socket.get_executor();
    auto wire = gate.site->tls ? make_server_wire(std::move(socket), gate.site->tls) : make_plain_wire(std::move(socket));
    auto session = std::make_shared<Session>(core, gate.site, std::move(wire), std::move(remote), std::move(seat));
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

void admit(std::shared_ptr<ServerCore> const& core, Gate const& gate, Socket socket)
{
    auto remote = peer_address(socket);
    if (remote.empty())
        return; // gone before it was looked at
    bool const counts = remote != "unix" && !gate.site->proxies.contains(remote);
    auto name = counts ? neighbour_of(remote) : std::string{};
    auto const* const peer = core->peers.find(name);
    if (peer != nullptr && peer->seats >= core->limits.max_per_address && !core->evict_oldest(peer->waiters))
        return turn_away(*core, gate, socket, "address_limit");
    if (core->sessions.size() >= core->max_sessions && !core->evict_one())
        return turn_away(*core, gate, socket, "connection_limit");
    auto seat = counts ? core->peers.take(std::move(name)) : Peers::Seat{};
    begin_session(core, gate, std::move(socket), std::move(remote), std::move(seat));
}

/// How many connections the process's descriptors allow, with some left for the store and for what is sent.
std::size_t connections_possible()
{
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur == RLIM_INFINITY)
        return std::numeric_limits<std::size_t>::max();
    auto const spared = std::clamp<rlim_t>(files.rlim_cur / 4, 16, 128);
    return files.rlim_cur > 2 * spared ? files.rlim_cur - spared : std::max<rlim_t>(files.rlim_cur / 2, 1);
}

asio::awaitable<void> accept_all(std::shared_ptr<ServerCore> core, std::shared_ptr<Gate> gate)
{
    asio::steady_timer pause{co_await asio::this_coro::executor};
    std::chrono::steady_clock::time_point quiet_until{};
    while (!gate->closed) {
        auto [ec, socket] = co_await gate->listener->acceptor().async_accept(no_throw);
        if (gate->closed)
            co_return;
        if (!ec) {
            admit(core, *gate, std::move(socket));
        } else if (ec != asio::error::connection_aborted) {
            // Out of descriptors or memory: who waits longest makes room, and the loop must not spin.
            auto const now = std::chrono::steady_clock::now();
            if (now >= std::exchange(quiet_until, std::max(quiet_until, now + std::chrono::minutes{1})))
                core->log.warning("http_accept_failed", {{"reason", ec.message()}});
            bool const made_room = core->evict_one() && ec == asio::error::no_descriptors;
            pause.expires_after(made_room ? short_pause : accept_pause);
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
        auto proxies = TrustedProxies::read(where.trusted_proxies);
        if (!proxies)
            return proxies.error();
        site->proxies = std::move(*proxies);
        if (where.certificate.empty() != where.key.empty())
            return Error{Fault::malformed, "certificate and key belong together"};
        if (!where.certificate.empty()) {
            auto tls = make_server_tls(where.certificate, where.key, where.client_ca);
            if (!tls)
                return tls.error();
            site->tls = std::move(*tls);
        }
        auto listener = Listener::open(io_, where);
        if (!listener)
            return listener.error();
        measure_room();
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
                auto tls = make_server_tls(site->where.certificate, site->where.key, site->where.client_ca);
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
    void measure_room()
    {
        core_->max_sessions = std::min(core_->limits.max_connections, connections_possible());
        if (core_->max_sessions < core_->limits.max_connections)
            core_->log.warning("http_connections_limited", {{"count", core_->max_sessions}});
    }
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
