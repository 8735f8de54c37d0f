#include "dial.hpp"

#include "deskbridge/core/ascii.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <sys/un.h>

#include <cstring>
#include <string>
#include <utility>
#include <vector>

namespace deskbridge::net {
namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using Endpoint = asio::generic::stream_protocol::endpoint;

Error unreachable(Origin const& origin, std::string_view step, std::string const& why)
{
    auto const name = origin.unix_path.empty() ? origin.host + ":" + std::to_string(origin.port) : origin.unix_path.string();
    return {Fault::unavailable, std::string{step} + " " + name + ": " + why};
}

/// getaddrinfo cannot be interrupted: when time is up it is left to end by itself, on state of its own.
struct Lookup {
    explicit Lookup(asio::any_io_executor executor) : resolver{executor}, wake{executor} {}
    tcp::resolver resolver;
    asio::steady_timer wake;
    boost::system::error_code ec{asio::error::timed_out};
    std::vector<Endpoint> found;
    bool done{false};
};

/// RFC 6761, section 6.3 (February 2013): these names are the loopback. They are not looked up: a machine may have no hosts file.
bool names_loopback(std::string_view host)
{
    constexpr std::string_view name = "localhost";
    if (host.ends_with('.'))
        host.remove_suffix(1);
    if (host.size() < name.size() || !same_word(host.substr(host.size() - name.size()), name))
        return false;
    return host.size() == name.size() || host[host.size() - name.size() - 1] == '.';
}

asio::awaitable<Result<std::vector<Endpoint>>> resolve(Origin const& origin, SteadyTime deadline)
{
    boost::system::error_code not_an_address;
    if (auto const address = asio::ip::make_address(origin.host, not_an_address); !not_an_address)
        co_return std::vector<Endpoint>{tcp::endpoint{address, origin.port}};
    if (names_loopback(origin.host))
        co_return std::vector<Endpoint>{tcp::endpoint{asio::ip::address_v4::loopback(), origin.port},
                                        tcp::endpoint{asio::ip::address_v6::loopback(), origin.port}};
    auto const lookup = std::make_shared<Lookup>(co_await asio::this_coro::executor);
    lookup->resolver.async_resolve(origin.host, std::to_string(origin.port),
                                   [lookup](boost::system::error_code ec, tcp::resolver::results_type const& results) {
                                       lookup->done = true;
                                       lookup->ec = ec;
                                       for (auto const& result : results)
                                           lookup->found.emplace_back(result.endpoint());
                                       lookup->wake.cancel();
                                   });
    lookup->wake.expires_at(deadline);
    co_await lookup->wake.async_wait(no_throw);
    if (lookup->ec || lookup->found.empty())
        co_return unreachable(origin, "resolve", lookup->done ? lookup->ec.message() : "no answer in time");
    co_return std::move(lookup->found);
}

/// Nobody's address for a Unix socket.
asio::ip::address address_of(Endpoint const& endpoint)
{
    if (endpoint.protocol().family() != AF_INET && endpoint.protocol().family() != AF_INET6)
        return {};
    tcp::endpoint out;
    out.resize(endpoint.size());
    std::memcpy(out.data(), endpoint.data(), endpoint.size());
    return out.address();
}

Result<std::vector<Endpoint>> unix_endpoint(Origin const& origin)
{
    if (origin.unix_path.string().size() >= sizeof(sockaddr_un::sun_path))
        return unreachable(origin, "connect", "socket path is too long");
    return std::vector<Endpoint>{asio::local::stream_protocol::endpoint{origin.unix_path.string()}};
}

asio::awaitable<boost::system::error_code> connect_to(Socket& socket, Endpoint const& endpoint, SteadyTime deadline)
{
    Watch watch{socket.get_executor(), [&socket] {
                    boost::system::error_code ignored;
                    socket.close(ignored);
                }};
    watch.set(deadline);
    auto const [ec] = co_await socket.async_connect(endpoint, no_throw);
    if (watch.expired())
        co_return asio::error::timed_out;
    boost::system::error_code ignored;
    socket.set_option(tcp::no_delay{true}, ignored); // a Unix socket has no such thing
    co_return ec;
}

asio::awaitable<Result<Socket>> connect_any(Origin const& origin, std::vector<Endpoint> const& endpoints, SteadyTime deadline)
{
    auto const executor = co_await asio::this_coro::executor;
    boost::system::error_code ec = asio::error::timed_out;
    for (std::size_t i = 0; i < endpoints.size() && now() < deadline; ++i) {
        Socket socket{executor};
        auto const share = (deadline - now()) / static_cast<int>(endpoints.size() - i);
        ec = co_await connect_to(socket, endpoints[i], now() + share);
        if (!ec)
            co_return std::move(socket);
        if (ec == asio::error::operation_aborted)
            break;
    }
    co_return unreachable(origin, "connect", ec.message());
}

asio::awaitable<Result<std::unique_ptr<Wire>>> seal(Origin const& origin, TlsContext const& tls, Socket socket,
                                                    SteadyTime deadline)
{
    auto wire = make_client_wire(std::move(socket), tls, origin.host);
    if (!wire)
        co_return unreachable(origin, "tls", "host name cannot be verified");
    Watch watch{wire->socket().get_executor(), [&wire] { wire->cancel(); }};
    watch.set(deadline);
    auto const [ec] = co_await wire->shake_hands();
    if (ec || watch.expired())
        co_return unreachable(origin, "tls", watch.expired() ? "no answer in time" : ec.message() + wire->verify_problem());
    co_return std::move(wire);
}

} // namespace

asio::awaitable<Result<std::unique_ptr<Wire>>> dial(Origin const& origin, TlsContext const& tls, SteadyTime deadline,
                                                    AddressRule allowed)
{
    if (origin.tls && !tls)
        co_return unreachable(origin, "tls", "no certificates to verify the host with");
    Result<std::vector<Endpoint>> endpoints{std::vector<Endpoint>{}};
    if (origin.unix_path.empty())
        endpoints = co_await resolve(origin, deadline);
    else
        endpoints = unix_endpoint(origin);
    if (!endpoints)
        co_return endpoints.error();
    if (allowed != nullptr) {
        std::erase_if(*endpoints, [allowed](Endpoint const& found) { return !allowed(address_of(found)); });
        if (endpoints->empty())
            co_return Error{Fault::forbidden, "the host leads to no address that is allowed"};
    }
    auto socket = co_await connect_any(origin, *endpoints, deadline);
    if (!socket)
        co_return socket.error();
    if (!origin.tls)
        co_return make_plain_wire(std::move(*socket));
    co_return co_await seal(origin, tls, std::move(*socket), deadline);
}

} // namespace deskbridge::net
