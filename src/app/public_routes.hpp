#pragma once

#include "figures.hpp"
#include "file_door.hpp"

#include "deskbridge/async/clock.hpp"
#include "deskbridge/flow/intake.hpp"
#include "deskbridge/net/http_server.hpp"

#include <vector>

namespace deskbridge::app {

/// Whether the daemon is up to receiving webhooks: after recovery, until the stop signal, and while the store has room.
struct Readiness {
    bool ready{false};
    store::Store const* store{nullptr};
};

/// `/healthz` (the process answers) and `/readyz` (it takes webhooks; 503 otherwise).
[[nodiscard]] std::vector<net::Route> health_routes(Readiness const& readiness);

/// All that the public listener has, `/hooks/{name}` too; what it is made of must outlive the server. `figures`: with /metrics, null:
/// without; `door`: with /files/{token}, null: without.
[[nodiscard]] std::vector<net::Route> public_routes(flow::Intake& intake, async::Clock& clock, Readiness const& readiness, Figures* figures,
                                                    FileDoor const* door);

/// `/metrics`: Prometheus text.
[[nodiscard]] std::vector<net::Route> metrics_routes(Figures& figures);

} // namespace deskbridge::app
