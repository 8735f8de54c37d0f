#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

namespace deskbridge::async {

/// Wakes a sleeping task: "there may be something to do". Several rings before a wait count as one.
/// Threads: the reactor only.
class Bell {
public:
    explicit Bell(boost::asio::any_io_executor executor);
    void ring();
    /// Returns after the next ring (at once if it rang since the last wait), after `limit`, or when cancelled.
    [[nodiscard]] boost::asio::awaitable<void> wait(std::chrono::milliseconds limit);

private:
    boost::asio::steady_timer timer_;
    bool rung_{false};
};

} // namespace deskbridge::async
