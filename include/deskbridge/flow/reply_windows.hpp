#pragma once

#include "deskbridge/async/clock.hpp"
#include "deskbridge/core/log.hpp"
#include "deskbridge/core/metrics.hpp"
#include "deskbridge/flow/effects.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <vector>

namespace deskbridge::flow {

/// Follows the reply windows to their ends: writes window.closing (4 h and 30 min before) and window.closed, asks customers to
/// write in time where the account wants that, and keeps the gauge of open windows. window.opened is intake's. The same for the ends
/// of free entry points: free_entry.closed.
///
/// A message that prolongs a window sets no timer: the walk goes over the windows in the order in which they began, by an index, and
/// remembers how far it has come. What came to a mark while the daemon was down is told at the start, unless the next mark is
/// past as well.
///
/// Ownership: `run` is spawned once and lasts until cancelled; what it refers to outlives it. Threads: the reactor.
class ReplyWindows {
public:
    struct Parts {
        store::Store& store;
        async::Clock& clock;
        Surroundings around;
        Log& log;
        Metrics& metrics;
        std::function<void()> on_queued; ///< the outbox has something new
    };
    explicit ReplyWindows(Parts parts);

    [[nodiscard]] boost::asio::awaitable<void> run();
    /// One look. Answers whether there may be more to do at once. Instead of `run`, for virtual time.
    [[nodiscard]] boost::asio::awaitable<bool> step();

private:
    struct Seen;
    [[nodiscard]] Seen look(store::Reading& reading, Timestamp now) const;
    [[nodiscard]] std::int64_t count_open(store::Reading& reading, std::chrono::seconds window, Timestamp from) const;
    void show(Seen const& seen);
    [[nodiscard]] boost::asio::awaitable<bool> end_free();

    Parts parts_;
    std::vector<std::chrono::seconds> lengths_; ///< of the windows that the accounts' channels have
};

/// What a walk did.
struct WindowsWalked {
    int told{0};                       ///< events written
    bool queued{false};                ///< customers were asked to write
    bool more{false};
    std::vector<std::string> withheld; ///< why some were not asked
    std::vector<std::string> failures; ///< why something could not be written
};

/// Walks on at every mark of the windows that last `window`: at most `limit` conversations each.
[[nodiscard]] WindowsWalked walk_windows(store::Tx& tx, Surroundings const& around, std::chrono::seconds window, Timestamp now, int limit);

} // namespace deskbridge::flow
