#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <functional>
#include <memory>

namespace deskbridge::net {

using SteadyTime = std::chrono::steady_clock::time_point;

[[nodiscard]] inline SteadyTime now() noexcept
{
    return std::chrono::steady_clock::now();
}

/// A deadline that can be moved cheaply: `bark` is called once when it passes, normally to cancel a socket's operations.
///
/// Whoever starts an operation asks `expired()` first: a bark between two operations has nothing to cancel.
/// Destroying it keeps `bark` from being called. Threads: the reactor.
class Watch {
public:
    Watch(boost::asio::any_io_executor executor, std::function<void()> bark);
    ~Watch();
    Watch(Watch const&) = delete;
    Watch& operator=(Watch const&) = delete;

    /// Sets the deadline; one that has passed is forgotten.
    void set(SteadyTime deadline);
    void rest() { set(SteadyTime::max()); }
    [[nodiscard]] bool expired() const noexcept;

private:
    struct State;
    static void arm(std::shared_ptr<State> const& state);
    std::shared_ptr<State> state_;
};

} // namespace deskbridge::net
