#pragma once

#include "config.hpp"

#include "deskbridge/core/log.hpp"

namespace deskbridge::app {

/// Runs the daemon until SIGTERM or SIGINT. SIGHUP reloads certificates and secrets. Answers the exit status.
int serve(Config config, Log& log);

} // namespace deskbridge::app
