#pragma once

#include "deskbridge/desk/desk.hpp"
#include "deskbridge/net/http_server.hpp"
#include "deskbridge/store/store.hpp"

#include <vector>

namespace deskbridge::app {

/// Adds, for administrators on the control socket: `POST /v1/backups` with {"file": absolute path, "replace": bool}, which
/// begins a copy and answers 202, and `GET /v1/backups/latest`, which tells how it gets on.
[[nodiscard]] std::vector<net::Route> with_backups(std::vector<net::Route> routes, store::Store& store, desk::Desk& desk);

} // namespace deskbridge::app
