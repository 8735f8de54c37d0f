#pragma once

#include "config.hpp"

#include "deskbridge/core/log.hpp"

#include <memory>

namespace deskbridge::app {

/// A log on standard error. Text: `2026-11-21T14:03:09.120Z info event=… key=value`; under journald with its priority
/// prefix and without the time; or one JSON object per line. Threads: any.
[[nodiscard]] std::unique_ptr<Log> make_log(LogConfig const& config);

} // namespace deskbridge::app
