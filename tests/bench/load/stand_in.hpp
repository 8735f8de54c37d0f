#pragma once

#include "load.hpp"

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace bench {

/// A message as it reached whoever stands in for the provider.
struct Arrival {
    int customer{0}; ///< whom it is for, as `fault::customer_number` numbers them
    std::chrono::steady_clock::time_point at{}; ///< when its last byte was read
};

/// Stands in for the provider, without limits and without receipts: every message is accepted at once, with an id of its own. One thread, one
/// epoll, keep-alive connections. Questions and read marks are answered, and are no messages.
class StandIn {
public:
    /// Throws: std::runtime_error (cannot listen).
    StandIn();
    ~StandIn();
    StandIn(StandIn const&) = delete;
    StandIn& operator=(StandIn const&) = delete;
    [[nodiscard]] int port() const noexcept { return port_; }
    /// How many messages have come. Costs nothing.
    [[nodiscard]] std::size_t accepted() const noexcept { return accepted_.load(); }
    [[nodiscard]] std::vector<Arrival> arrivals() const;

private:
    void run();
    void take_connections();
    /// False: it ended.
    [[nodiscard]] bool serve(int fd);
    [[nodiscard]] std::string answer_to(std::string_view request, std::string_view body);
    int listener_{-1};
    int epoll_{-1};
    int stop_{-1};
    int port_{0};
    std::map<int, std::string> open_; ///< by descriptor: what has come of a request
    std::atomic<std::size_t> accepted_{0};
    mutable std::mutex mutex_;
    std::vector<Arrival> arrivals_;
    std::thread thread_;
};

/// Of posts of one message each, every customer's only one: how long after the moment at which it should have gone its message arrived.
struct Delays {
    std::vector<double> ms; ///< one per post
    std::string fault;      ///< "": every post was followed by exactly one message for its customer, and there are no others
};
/// @param rate  at which the posts were brought.
[[nodiscard]] Delays delays_of(Posts const& posts, Loaded const& loaded, double rate, std::vector<Arrival> const& arrivals);

} // namespace bench
