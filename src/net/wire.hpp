#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

namespace deskbridge::net {

/// An operation answers its error as a value.
constexpr auto no_throw = boost::asio::as_tuple(boost::asio::use_awaitable);

using Socket = boost::asio::generic::stream_protocol::socket;
/// Error (if any) and bytes moved; of a write also when it failed: what the kernel took (of TLS: whole records).
using Transferred = std::tuple<boost::system::error_code, std::size_t>;
using Pieces = std::array<boost::asio::const_buffer, 2>;

/// A connection that bytes go through, in clear or under TLS: TCP and Unix sockets alike.
/// At most one read and one write at a time. Threads: the reactor.
class Wire {
public:
    virtual ~Wire() = default;
    [[nodiscard]] virtual boost::asio::awaitable<std::tuple<boost::system::error_code>> shake_hands() = 0;
    [[nodiscard]] virtual boost::asio::awaitable<Transferred> read_some(boost::asio::mutable_buffer into) = 0;
    /// Writes all of both pieces, or fails.
    [[nodiscard]] virtual boost::asio::awaitable<Transferred> write(Pieces const& pieces) = 0;
    /// Tells the peer that nothing more will come.
    [[nodiscard]] virtual boost::asio::awaitable<void> say_goodbye() = 0;
    [[nodiscard]] virtual Socket& socket() noexcept = 0;
    [[nodiscard]] virtual bool sealed() const noexcept = 0; ///< under TLS
    /// ": certificate has expired" and the like when the peer's certificate was refused, else "".
    [[nodiscard]] virtual std::string verify_problem() const = 0;
    /// What a certificate that was verified calls the peer: its DNS names and its common name. None without such a one.
    [[nodiscard]] virtual std::vector<std::string> peer_names() const = 0;

    /// Ends every pending operation with operation_aborted; the connection stays open.
    void cancel() noexcept;
    void close() noexcept;
    /// Open, and nothing to read: neither the peer's farewell nor bytes that nobody asked for.
    [[nodiscard]] bool quiet() noexcept;
};

[[nodiscard]] std::unique_ptr<Wire> make_plain_wire(Socket socket);
[[nodiscard]] std::unique_ptr<Wire> make_server_wire(Socket socket, std::shared_ptr<boost::asio::ssl::context> context);
/// `host` is sent as SNI and verified against the certificate; an IP address (without brackets) is verified as such.
[[nodiscard]] std::unique_ptr<Wire> make_client_wire(Socket socket, std::shared_ptr<boost::asio::ssl::context> context,
                                                     std::string const& host);

} // namespace deskbridge::net
