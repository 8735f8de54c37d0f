#pragma once

#include "deskbridge/net/http_client.hpp"
#include "tls.hpp"
#include "watch.hpp"
#include "wire.hpp"

#include <memory>

namespace deskbridge::net {

/// A new connection to `origin`, ready to be written to: resolved, connected, TLS shaken, host verified. Tries every
/// address in the resolver's order, each with its share of the time that is left.
/// Errors: unavailable (also when `deadline` passed or the caller was cancelled); the detail names host and step.
[[nodiscard]] boost::asio::awaitable<Result<std::unique_ptr<Wire>>> dial(Origin const& origin, TlsContext const& tls,
                                                                         SteadyTime deadline);

} // namespace deskbridge::net
