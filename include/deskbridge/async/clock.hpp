#pragma once

#include "deskbridge/core/time.hpp"

#include <boost/asio/awaitable.hpp>

namespace deskbridge::async {

/// Where time comes from; handed in through constructors, never asked for deep inside.
/// Threads: `now`, `running` any; `sleep_until` on the reactor.
class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual Timestamp now() const noexcept = 0;
    /// Time since some fixed moment of this process: it only passes, whatever is done to the wall clock.
    [[nodiscard]] virtual std::chrono::milliseconds running() const noexcept = 0;
    /// Returns at `when`, at once if it has passed, or early when cancelled. Waits are monotonic: a jump of the wall
    /// clock does not stretch them.
    [[nodiscard]] virtual boost::asio::awaitable<void> sleep_until(Timestamp when) = 0;
};

class SystemClock final : public Clock {
public:
    [[nodiscard]] Timestamp now() const noexcept override;
    [[nodiscard]] std::chrono::milliseconds running() const noexcept override;
    [[nodiscard]] boost::asio::awaitable<void> sleep_until(Timestamp when) override;
};

} // namespace deskbridge::async
