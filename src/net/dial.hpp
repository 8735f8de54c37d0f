#pragma once

#include "deskbridge/net/http_client.hpp"
#include "tls.hpp"
#include "watch.hpp"
#include "wire.hpp"

#include <boost/asio/ip/address.hpp>

#include <memory>

namespace deskbridge::net {

using AddressRule = bool (*)(boost::asio::ip::address const&);

/// A new connection to `origin`, ready to be written to: resolved, connected, TLS shaken, host verified. Tries every
/// address in the resolver's order, each with its share of the time that is left.
/// With `allowed` only addresses it says yes to, and none other even when the name is looked up again in between.
/// Errors: forbidden (the name leads to no allowed address), unavailable (also when `deadline` passed or the caller was cancelled); the detail names host and step.
[[nodiscard]] boost::asio::awaitable<Result<std::unique_ptr<Wire>>> dial(Origin const& origin, TlsContext const& tls,
                                                                         SteadyTime deadline, AddressRule allowed = nullptr);

} // namespace deskbridge::net
