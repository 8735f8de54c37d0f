#pragma once

#include "posts.hpp"

#include "fault/http.hpp"

#include <chrono>
#include <vector>

namespace bench {

/// How posts are brought. One thread, one epoll, keep-alive connections that are open before the clock starts.
struct LoadPlan {
    int port{0};
    fault::HttpConnection::Over over{fault::HttpConnection::Over::tcp};
    int connections{64};
    std::chrono::milliseconds at_most{5000}; ///< no post begins after that
    double rate{0}; ///< posts a second at fixed moments, answered or not (open loop); 0: as soon as a connection is free
};

/// What became of them.
struct Loaded {
    std::chrono::steady_clock::time_point begun{}; ///< when the first post went
    std::vector<bool> answered;      ///< per post begun: status 200 and an empty body
    std::vector<double> latency_ms;  ///< of those; in an open loop from the moment at which it should have gone
    double seconds{0};               ///< from the first post to the last answer
    std::size_t refused{0};          ///< answered with anything else
    std::size_t broken{0};           ///< connections that ended under a post
    [[nodiscard]] std::size_t taken() const noexcept { return latency_ms.size(); }
    [[nodiscard]] double per_second() const noexcept { return seconds > 0 ? static_cast<double>(taken()) / seconds : 0; }
};

/// Begins every post once at most, in order. Throws: std::runtime_error (cannot connect, nothing moves for 30 s).
[[nodiscard]] Loaded run_load(Posts const& posts, LoadPlan const& plan);

/// The smallest value that at least `share` of them do not exceed; 0 of none.
[[nodiscard]] double quantile_of(std::vector<double> values, double share);

} // namespace bench
