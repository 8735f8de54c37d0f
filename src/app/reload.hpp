#pragma once

#include "config.hpp"

#include "deskbridge/core/log.hpp"

namespace deskbridge::app {

/// Says what became of reading the configuration again: each error and warning; and, when it was good (`fresh`), each setting
/// that differs from the running one and waits for a restart, by its name alone.
void log_reload(Log& log, Config const& running, std::optional<Config> const& fresh, Problems const& problems);

} // namespace deskbridge::app
