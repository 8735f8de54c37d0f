#pragma once

#include "deskbridge/core/result.hpp"

#include <boost/asio/ssl/context.hpp>

#include <filesystem>
#include <memory>

namespace deskbridge::net {

using TlsContext = std::shared_ptr<boost::asio::ssl::context>;

/// TLS 1.2 with AEAD and forward secrecy, TLS 1.3; no compression, no renegotiation; the server's order of ciphers.
/// With `client_ca` clients are asked for a certificate; the handshake goes on whatever they show: `Wire::peer_names` tells what
/// it is good for, and whoever serves the request decides.
/// Errors: malformed (a file is unreadable or not PEM, or the key does not belong to the certificate).
[[nodiscard]] Result<TlsContext> make_server_tls(std::filesystem::path const& certificate, std::filesystem::path const& key,
                                                 std::filesystem::path const& client_ca = {});

/// What a client shows to a server that asks; empty: nothing.
struct ClientIdentity {
    std::filesystem::path certificate{};
    std::filesystem::path key{};
};

/// The same floor; the peer's chain must lead to `ca_file`, or to the system's certificates when it is empty.
/// Errors: malformed (a file is unreadable or not PEM, or the key does not belong to the certificate).
[[nodiscard]] Result<TlsContext> make_client_tls(std::filesystem::path const& ca_file, ClientIdentity const& identity = {});

} // namespace deskbridge::net
