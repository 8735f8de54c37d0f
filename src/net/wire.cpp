#include "wire.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <openssl/x509v3.h>

#include <sys/socket.h>

#include <cerrno>
#include <utility>

namespace deskbridge::net {
namespace {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;

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
    std::vector<std::string> peer_names() const override { return {}; }

private:
    Socket socket_;
};

void add_name(ASN1_STRING const* text, std::vector<std::string>& names)
{
    unsigned char* bytes = nullptr;
    auto const size = text != nullptr ? ASN1_STRING_to_UTF8(&bytes, text) : -1;
    if (size > 0)
        names.emplace_back(reinterpret_cast<char const*>(bytes), static_cast<std::size_t>(size)); // a NUL inside is part of it
    OPENSSL_free(bytes);
}

std::vector<std::string> names_in(X509 const& certificate)
{
    std::vector<std::string> names;
    auto* const alternatives = static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr));
    for (int i = 0; i < sk_GENERAL_NAME_num(alternatives); ++i)
        if (auto const* name = sk_GENERAL_NAME_value(alternatives, i); name->type == GEN_DNS)
            add_name(name->d.dNSName, names);
    GENERAL_NAMES_free(alternatives);
    auto const* const subject = X509_get_subject_name(&certificate);
    if (auto const at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1); at >= 0)
        add_name(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)), names);
    return names;
}

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
    std::vector<std::string> peer_names() const override
    {
        auto const* const certificate = SSL_get0_peer_certificate(stream_.native_handle());
        bool const good = certificate != nullptr && SSL_get_verify_result(stream_.native_handle()) == X509_V_OK;
        return good ? names_in(*certificate) : std::vector<std::string>{};
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
