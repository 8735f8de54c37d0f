#pragma once

#include "plan.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace fault {

/// Customers, receipts and an agent at once, each request with an id (`X-Storm`) by which a record knows it again.
///
/// What an id stands for follows from the seed alone, so that a record of an earlier run can be judged again.
class MixedLoad {
public:
    struct Shape {
        int customers{30};
        int events{400};
        int replies{60}; ///< of an agent, over the customers' tickets
        std::uint64_t seed{1};
        int round{0};    ///< makes ids of rounds differ
        double questions{0}; ///< as in StormShape
        double photos{0};
        int sent_before{0};  ///< messages that the provider accepted in earlier rounds: the receipts are for later ones
        std::chrono::milliseconds spread{0}; ///< a run is spread over so long; 0: as fast as it goes
        std::chrono::milliseconds between_replies{15};
    };
    explicit MixedLoad(Shape const& shape);

    /// Posts everything, webhooks over some connections and the agent's requests over the control socket.
    /// What is not answered 2xx is repeated, `tries` times in all. Ends early when `stop` turns true. May run again.
    void run(int port, std::filesystem::path const& socket, std::atomic<bool> const& stop, int tries);
    /// The same for what no run has had answered 2xx so far.
    void run_rest(int port, std::filesystem::path const& socket, std::atomic<bool> const& stop, int tries);

    [[nodiscard]] Storm const& storm() const noexcept { return storm_; }
    /// Ids whose request was answered 2xx in the latest run (and in the rest of it), as its sender saw it.
    [[nodiscard]] std::set<std::uint64_t> answered() const;
    /// How many requests it is made of.
    [[nodiscard]] std::size_t requests() const noexcept { return storm_.deliveries.size() + static_cast<std::size_t>(shape_.replies); }
    /// The events of the storm in the request with this id; empty for an agent's request.
    [[nodiscard]] std::vector<int> events_of(std::uint64_t id) const;
    /// What the agent wrote in the request with this id; "" for others.
    [[nodiscard]] std::string reply_of(std::uint64_t id) const;

private:
    void post_webhooks(int port, std::atomic<bool> const& stop, int tries);
    void post_replies(std::filesystem::path const& socket, std::atomic<bool> const& stop, int tries);
    void note(std::uint64_t id);
    [[nodiscard]] bool is_answered(std::uint64_t id) const;
    /// Waits for the turn of the n-th of `count`, when the run is spread; the first 15 of 16 parts of it are for work.
    void await_turn(std::size_t n, std::size_t count, std::atomic<bool> const& stop) const;
    /// The others are left to the acknowledgement.
    [[nodiscard]] int answered_tickets() const noexcept { return (shape_.customers + 1) / 2; }

    Shape shape_;
    Storm storm_;
    std::chrono::steady_clock::time_point begun_{};
    std::atomic<std::size_t> next_{0};
    mutable std::mutex mutex_;
    std::set<std::uint64_t> answered_;
};

/// One request over a Unix socket, with its answer's status; 0 if there was none.
[[nodiscard]] int ask_control(std::filesystem::path const& socket, std::string const& head, std::string const& body);

} // namespace fault
