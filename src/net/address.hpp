#pragma once

#include <boost/asio/ip/address.hpp>

namespace deskbridge::net {

/// Does the address belong to the public Internet? Not so: this host, private networks, shared address space, link-local
/// (cloud metadata among them), multicast, unique local addresses, documentation and benchmarking, and what carries an
/// IPv4 address inside (v4-mapped and v4-compatible, 6to4, Teredo); of NAT64 the address inside decides.
///
/// Threads: pure; any thread.
/// Source:  IANA special-purpose address registries for IPv4 and IPv6; read 2026-11-22.
[[nodiscard]] bool is_public_address(boost::asio::ip::address const& address) noexcept;
/// The same, and the host itself: for a provider's stand-in.
[[nodiscard]] bool is_public_or_loopback(boost::asio::ip::address const& address) noexcept;

} // namespace deskbridge::net
