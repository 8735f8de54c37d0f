#pragma once

#include "deskbridge/core/log.hpp"
#include "deskbridge/store/store.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>

namespace deskbridge::app {

/// Does the writer's thread get on? It does while it has nothing to do, and when it has finished something since the last
/// question. A process whose reactor turns while its writer is stuck answers nobody: systemd should start it anew.
class WriterWatch {
public:
    [[nodiscard]] bool gets_on(store::Store::WriterPulse now) noexcept;

private:
    std::uint64_t steps_{0};
    bool asked_{false};
};

/// Tells systemd every so often that the process lives, as long as the reactor and the writer both get on.
/// Lasts until cancelled.
[[nodiscard]] boost::asio::awaitable<void> feed_watchdog(store::Store const& store, Log& log, std::chrono::microseconds every);

} // namespace deskbridge::app
