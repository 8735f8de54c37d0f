#pragma once

#include "deskbridge/net/http_server.hpp"
#include "wire.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace deskbridge::net {

/// A bound, listening socket. A Unix socket's file is removed with it, if it is still the one that was made here.
class Listener {
public:
    using Acceptor = boost::asio::basic_socket_acceptor<boost::asio::generic::stream_protocol>;

    /// Errors: as HttpServer::listen.
    [[nodiscard]] static Result<std::unique_ptr<Listener>> open(boost::asio::io_context& io, Listen const& where);
    ~Listener();
    Listener(Listener const&) = delete;
    Listener& operator=(Listener const&) = delete;

    void close();
    [[nodiscard]] Acceptor& acceptor() noexcept { return acceptor_; }
    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

private:
    explicit Listener(boost::asio::io_context& io) : acceptor_{io} {}
    [[nodiscard]] Result<void> bind_tcp(std::string_view address);
    [[nodiscard]] Result<void> bind_unix(std::filesystem::path const& path, std::string const& group);
    [[nodiscard]] Result<void> bind_to(boost::asio::generic::stream_protocol::endpoint const& endpoint, std::string const& name);

    Acceptor acceptor_;
    std::uint16_t port_{0};
    std::filesystem::path path_;
    dev_t device_{};
    ino_t inode_{};
};

/// "127.0.0.1:8080" or "[::1]:8080". Errors: malformed.
[[nodiscard]] Result<boost::asio::ip::tcp::endpoint> parse_endpoint(std::string_view text);

/// The address at the other end, without the port; "unix" on a Unix socket, "" if it has gone.
[[nodiscard]] std::string peer_address(Socket& socket);
/// Who is at the other end of a Unix socket.
[[nodiscard]] std::optional<std::uint32_t> peer_uid(Socket& socket);

} // namespace deskbridge::net
