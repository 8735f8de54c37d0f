#pragma once

#include "deskbridge/core/http.hpp"
#include "deskbridge/core/result.hpp"

#include <boost/asio/ip/address.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace deskbridge::net {

/// The proxies that an operator has named: only they are believed about who is behind them.
/// Threads: const; any thread.
class TrustedProxies {
public:
    /// "127.0.0.1", "::1", "10.0.0.0/8". Errors: malformed.
    [[nodiscard]] static Result<TrustedProxies> read(std::vector<std::string> const& texts);

    [[nodiscard]] bool contains(std::string_view address) const;
    /// Whom a trusted proxy speaks for: of X-Forwarded-For, from the right, the first address that is no trusted proxy. What
    /// stands left of it anybody may have written. "" if it names nobody, or what it names is no address.
    [[nodiscard]] std::string client_of(Headers const& headers) const;

private:
    struct Range {
        boost::asio::ip::address_v6 from; ///< IPv4 as v4-mapped
        int bits;
    };
    [[nodiscard]] bool contains(boost::asio::ip::address_v6 const& address) const;
    [[nodiscard]] static Result<Range> read_range(std::string_view text);
    std::vector<Range> ranges_;
};

/// What one neighbour can take from a whole subscriber line: an IPv4 address, or an IPv6 network of 64 bits.
[[nodiscard]] std::string neighbour_of(std::string_view address);

} // namespace deskbridge::net
