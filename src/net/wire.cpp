#include "wire.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <sys/socket.h>

#include <cerrno>
#include <utility>

namespace deskbridge::net {
namespace {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
constexpr auto no_throw = asio::as_tuple(asio::use_awaitable);

void shut_down_send(Socket& socket) noexcept
{
    boost::system::error_code ignored;
    socket.shutdown(Socket::shutdown_send, ignored);
}

class PlainWire final : public Wire {
public:
    explicit PlainWire(Socket socket) : socket_{std::move(socket)} {}

    asio::awaitable<std::tuple<boost::system::error_code>> shake_hands() override
    {
        co_return std::tuple<boost::system::error_code>{};
    }
    asio::awaitable<Transferred> read_some(asio::mutable_buffer into) override
    {
        return socket_.async_read_some(into, no_throw);
    }
    asio::awaitable<Transferred> write(Pieces const& pieces) override
    {
        return asio::async_write(socket_, pieces, no_throw);
    }
    asio::awaitable<void> say_goodbye() override
    {
        shut_down_send(socket_);
        co_return;
    }
    Socket& socket() noexcept override { return socket_; }
    bool sealed() const noexcept override { return false; }
    std::string verify_problem() const override { return {}; }

private:
    Socket socket_;
};

class TlsWire final : public Wire {
public:
    TlsWire(Socket socket, std::shared_ptr<ssl::context> context, ssl::stream_base::handshake_type side)
        : context_{std::move(context)}, stream_{std::move(socket), *context_}, side_{side}
    {
    }
    asio::awaitable<std::tuple<boost::system::error_code>> shake_hands() override
    {
        return stream_.async_handshake(side_, no_throw);
    }
    asio::awaitable<Transferred> read_some(asio::mutable_buffer into) override
    {
        return stream_.async_read_some(into, no_throw);
    }
    asio::awaitable<Transferred> write(Pieces const& pieces) override
    {
        return asio::async_write(stream_, pieces, no_throw);
    }
    asio::awaitable<void> say_goodbye() override
    {
        co_await stream_.async_shutdown(no_throw); // fails when the peer does not answer it: nothing is lost by that
        shut_down_send(stream_.next_layer());
    }
    Socket& socket() noexcept override { return stream_.next_layer(); }
    bool sealed() const noexcept override { return true; }
    std::string verify_problem() const override
    {
        auto const result = SSL_get_verify_result(stream_.native_handle());
        return result == X509_V_OK ? std::string{} : std::string{": "} + X509_verify_cert_error_string(result);
    }
    SSL* native() noexcept { return stream_.native_handle(); }

private:
    std::shared_ptr<ssl::context> context_; // reloading certificates must not take it from under an open connection
    mutable ssl::stream<Socket> stream_; // native_handle() is not const
    ssl::stream_base::handshake_type side_;
};

/// False when OpenSSL refuses a parameter; the handshake must not happen then.
bool expect_host(SSL* connection, std::string const& host)
{
    auto* const parameters = SSL_get0_param(connection);
    boost::system::error_code not_an_address;
    asio::ip::make_address(host, not_an_address);
    if (!not_an_address)
        return X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str()) == 1;
    X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return X509_VERIFY_PARAM_set1_host(parameters, host.c_str(), host.size()) == 1 &&
           SSL_ctrl(connection, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, const_cast<char*>(host.c_str())) == 1;
}

} // namespace

void Wire::cancel() noexcept
{
    boost::system::error_code ignored;
    socket().cancel(ignored);
}

void Wire::close() noexcept
{
    boost::system::error_code ignored;
    socket().close(ignored);
}

bool Wire::quiet() noexcept
{
    if (!socket().is_open())
        return false;
    char byte = 0;
    auto const n = ::recv(socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

std::unique_ptr<Wire> make_plain_wire(Socket socket)
{
    return std::make_unique<PlainWire>(std::move(socket));
}

std::unique_ptr<Wire> make_server_wire(Socket socket, std::shared_ptr<ssl::context> context)
{
    return std::make_unique<TlsWire>(std::move(socket), std::move(context), ssl::stream_base::server);
}

std::unique_ptr<Wire> make_client_wire(Socket socket, std::shared_ptr<ssl::context> context, std::string const& host)
{
    auto wire = std::make_unique<TlsWire>(std::move(socket), std::move(context), ssl::stream_base::client);
    if (!expect_host(wire->native(), host))
        return nullptr;
    return wire;
}

} // namespace deskbridge::net
