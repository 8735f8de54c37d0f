#pragma once

#include "deskbridge/async/bell.hpp"
#include "deskbridge/async/clock.hpp"
#include "deskbridge/core/log.hpp"
#include "deskbridge/core/metrics.hpp"
#include "deskbridge/core/wall_clock.hpp"
#include "deskbridge/flow/acknowledgement.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <optional>

namespace deskbridge::flow {

/// Fires durable alarms when they are due. Those that fell due while the daemon was down fire at the start. Looks at the wall
/// clock every few seconds: if it was set back, what waits for a moment must not wait longer for it.
///
/// Ownership: `run` is spawned once by the composition and lasts until cancelled; what it refers to outlives it.
/// Threads: the reactor.
class Timers {
public:
    struct Parts {
        store::Store& store;
        async::Clock& clock;
        Surroundings around;
        Log& log;
        Metrics& metrics;
        std::function<void()> on_queued; ///< the outbox has something new
        std::function<void(std::chrono::milliseconds)> on_clock_set_back{}; ///< by so much; the store is told at once
    };
    Timers(Parts parts, boost::asio::any_io_executor executor);

    [[nodiscard]] boost::asio::awaitable<void> run();
    /// A timer will be due then: wakes the loop if that is earlier than what it waits for.
    void expect(Timestamp due);

private:
    [[nodiscard]] boost::asio::awaitable<void> round();
    [[nodiscard]] boost::asio::awaitable<void> mind_clock();

    Parts parts_;
    CounterSet acknowledgements_;
    async::Bell bell_;
    std::optional<Timestamp> waiting_for_;
    WallClock wall_clock_;
    std::chrono::milliseconds set_back_{0}; // what the store has not been told yet
};

} // namespace deskbridge::flow
