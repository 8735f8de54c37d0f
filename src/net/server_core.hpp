#pragma once

#include "guard.hpp"
#include "peers.hpp"
#include "proxies.hpp"
#include "router.hpp"
#include "tls.hpp"
#include "watch.hpp"

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string_view>
#include <utility>

namespace deskbridge::net {

class BodyShare;

/// One `listen` call, shared by its connections.
struct Site {
    Listen where;
    TlsContext tls; ///< null: in clear
    TrustedProxies proxies{};
};

/// What all connections of a server share. It lives until the last of them and the last handler have ended.
/// Threads: the reactor.
struct ServerCore {
    ServerCore(std::vector<Route> all_routes, ServerLimits the_limits, Log& the_log, Metrics& the_metrics);

    void answered(int status);
    /// Counts it and says so in the log, at most `max_lines` lines a second: strangers must not fill the disk.
    void refused(Refusal const& refusal, std::string_view route);
    /// Closes the connection that has waited longest for its client. False: nobody waits.
    bool evict_oldest(Waiters const& among);
    /// The same among all: of the neighbour with the most connections, so that a crowd displaces itself.
    bool evict_one();
    /// Makes a body's share `bytes` large, if need be at the cost of those that have held much for long. False: there is no
    /// room for it, or it is itself the one that should go. Who is alone always has room.
    [[nodiscard]] bool make_room(BodyShare& share, std::size_t bytes);
    /// See `Route::unheard`. Not while the server stops: whoever starts next knows that nobody listened.
    void unheard(Route const& route, Request const& request) const;
    void unheard(std::string_view begun) const;
    void child_started() { ++children; }
    void child_ended();
    void session_ended();
    void tell_empty();

    Router router;
    ServerLimits limits;
    GuardLimits guard;
    Log& log;
    Metrics& metrics;
    Gauge& connections;
    std::list<Session*> sessions;
    Waiters waiters;
    Peers peers;
    std::size_t max_sessions;    ///< what the limits and the process's descriptors allow
    std::size_t children{0};     ///< handlers and streams at work
    std::size_t body_bytes{0};   ///< of requests that are being read or answered, as far as they have come
    bool stopping{false};
    std::function<void()> on_empty{};

private:
    [[nodiscard]] Session* heaviest_besides(BodyShare const& share, SteadyTime now) const;
    static constexpr int max_lines = 20;
    std::map<int, Counter*> answered_;
    CounterSet refused_{metrics.counters("deskbridge_http_refused_total", "reason")};
    SteadyTime second_{};
    int lines_{0};
    int suppressed_{0};
};

/// A request's part of `body_bytes`, for as long as its body may be in memory.
class BodyShare {
public:
    explicit BodyShare(std::shared_ptr<ServerCore> core) : core_{std::move(core)}, began_{std::chrono::steady_clock::now()} {}
    ~BodyShare() { resize(0); }
    BodyShare(BodyShare const&) = delete;
    BodyShare& operator=(BodyShare const&) = delete;

    void resize(std::size_t bytes)
    {
        core_->body_bytes += bytes - bytes_;
        bytes_ = bytes;
    }
    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
    /// What it has cost the others: bytes times milliseconds.
    [[nodiscard]] std::uint64_t burden(SteadyTime now) const noexcept { return bytes_ * age(now); }
    [[nodiscard]] bool slower_than(BodyShare const& other, SteadyTime now) const noexcept
    {
        return bytes_ * other.age(now) < other.bytes_ * age(now);
    }

private:
    [[nodiscard]] std::uint64_t age(SteadyTime now) const noexcept
    {
        return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now - began_).count()) + 1;
    }
    std::shared_ptr<ServerCore> core_;
    SteadyTime began_;
    std::size_t bytes_{0};
};

} // namespace deskbridge::net
