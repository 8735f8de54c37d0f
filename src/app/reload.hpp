#pragma once

#include "config.hpp"

#include "deskbridge/async/pool.hpp"
#include "deskbridge/async/task_group.hpp"
#include "deskbridge/core/log.hpp"

#include <functional>
#include <optional>

namespace deskbridge::app {

/// Says what became of reading the configuration again: each error and warning; and, when it was good (`fresh`), each setting
/// that differs from the running one and waits for a restart, by its name alone.
void log_reload(Log& log, Config const& running, std::optional<Config> const& fresh, Problems const& problems);

/// Reads the configuration and its secrets again: on the pool, for disks and the look-up of groups may take their time.
/// Threads: the reactor. What `Parts` refers to must outlive its task.
class Reload {
public:
    struct Parts {
        async::TaskGroup& tasks;
        async::Pool& pool;
        Config const& running;
        Log& log;
        std::function<void(std::optional<Config> const& fresh)> take_over; ///< without a value when it was not good
    };
    explicit Reload(Parts parts) : parts_{std::move(parts)} {}
    /// While it reads, this makes it read once more.
    void begin();

private:
    [[nodiscard]] boost::asio::awaitable<void> run();
    Parts parts_;
    int wanted_{0}; // the one under way included
};

} // namespace deskbridge::app
