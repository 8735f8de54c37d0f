#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>

namespace deskbridge::async {

/// Wakes sleeping tasks: "there may be something to do". Several rings before a wait count as one; a ring wakes everybody who
/// waits at that moment.
/// Threads: the reactor only.
class Bell {
public:
    explicit Bell(boost::asio::any_io_executor executor);
    ~Bell(); ///< wakes who still waits
    Bell(Bell const&) = delete;
    Bell& operator=(Bell const&) = delete;

    void ring();
    /// Returns after the next ring (at once if it rang since the last wait), after `limit`, or when cancelled.
    [[nodiscard]] boost::asio::awaitable<void> wait(std::chrono::milliseconds limit);

private:
    struct State;
    std::shared_ptr<State> state_;
};

} // namespace deskbridge::async
