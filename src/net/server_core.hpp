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
    /// Closes the connection that has waited longest for its client, of all or of one neighbour's. False: nobody waits.
    bool evict_oldest() { return evict_oldest(waiters); }
    bool evict_oldest(Waiters const& among);
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
    std::size_t body_bytes{0};   ///< announced by requests that are being read or answered
    bool stopping{false};
    std::function<void()> on_empty{};

private:
    static constexpr int max_lines = 20;
    std::map<int, Counter*> answered_;
    SteadyTime second_{};
    int lines_{0};
    int suppressed_{0};
};

/// A request's part of `body_bytes`, for as long as its body may be in memory.
class BodyShare {
public:
    BodyShare(std::shared_ptr<ServerCore> core, std::size_t bytes) : core_{std::move(core)}, bytes_{bytes} { core_->body_bytes += bytes_; }
    ~BodyShare() { core_->body_bytes -= bytes_; }
    BodyShare(BodyShare const&) = delete;
    BodyShare& operator=(BodyShare const&) = delete;

private:
    std::shared_ptr<ServerCore> core_;
    std::size_t bytes_;
};

} // namespace deskbridge::net
