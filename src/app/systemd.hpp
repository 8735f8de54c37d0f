#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace deskbridge::app {

/// Tells systemd something: "READY=1", "STOPPING=1", "WATCHDOG=1", "EXTEND_TIMEOUT_USEC=…". Without $NOTIFY_SOCKET it does nothing.
/// Source: sd_notify(3), systemd 252.
void notify_systemd(std::string_view state) noexcept;

/// How often the watchdog wants to hear from us (half of $WATCHDOG_USEC); nullopt: not watched.
[[nodiscard]] std::optional<std::chrono::microseconds> watchdog_interval() noexcept;

} // namespace deskbridge::app
