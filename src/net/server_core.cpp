#include "server_core.hpp"

#include "session.hpp"

#include <string>

namespace deskbridge::net {

ServerCore::ServerCore(std::vector<Route> all_routes, ServerLimits the_limits, Log& the_log, Metrics& the_metrics)
    : router{std::move(all_routes)}, limits{the_limits}, guard{limits.max_target, limits.max_header, limits.max_fields, limits.chunked_bodies},
      log{the_log}, metrics{the_metrics}, connections{the_metrics.gauge("deskbridge_http_connections")},
      max_sessions{the_limits.max_connections}
{
}

void ServerCore::answered(int status)
{
    auto*& counter = answered_[status];
    if (counter == nullptr)
        counter = &metrics.counter("deskbridge_http_requests_total", metric_label("status", std::to_string(status)));
    counter->add();
}

void ServerCore::refused(Refusal const& refusal, std::string_view route)
{
    refused_.of(refusal.reason).add();
    auto const now = std::chrono::steady_clock::now();
    if (now - second_ >= std::chrono::seconds{1}) {
        if (suppressed_ > 0)
            log.warning("http_refused_more", {{"count", suppressed_}});
        second_ = now;
        lines_ = suppressed_ = 0;
    }
    if (++lines_ > max_lines) {
        ++suppressed_;
        return;
    }
    log.info("http_refused", {{"status", refusal.status}, {"reason", refusal.reason}, {"route", route}});
}

bool ServerCore::evict_oldest(Waiters const& among)
{
    auto* const oldest = among.oldest();
    if (oldest != nullptr)
        oldest->evict();
    return oldest != nullptr;
}

bool ServerCore::evict_one()
{
    auto const* const crowd = peers.crowd();
    return evict_oldest(crowd != nullptr ? *crowd : waiters);
}

Session* ServerCore::heaviest_besides(BodyShare const& share, SteadyTime now) const
{
    Session* heaviest = nullptr;
    for (auto* const session : waiters.slow) {
        auto const* const body = session->arriving();
        if (body != nullptr && body != &share && (heaviest == nullptr || body->burden(now) > heaviest->arriving()->burden(now)))
            heaviest = session;
    }
    return heaviest;
}

bool ServerCore::make_room(BodyShare& share, std::size_t bytes)
{
    auto const now = std::chrono::steady_clock::now();
    auto const others = [&] { return body_bytes - share.bytes(); };
    if (bytes <= share.bytes())
        return true;
    while (others() > 0 && others() + bytes > limits.max_bodies) {
        auto* const heaviest = heaviest_besides(share, now);
        if (heaviest == nullptr)
            return false;
        auto const& other = *heaviest->arriving();
        if (share.burden(now) > other.burden(now) && share.slower_than(other, now))
            return false;
        heaviest->evict();
    }
    share.resize(bytes);
    return true;
}

void ServerCore::unheard(Route const& route, Request const& request) const
{
    if (route.unheard && !stopping)
        route.unheard(&request);
}

void ServerCore::unheard(std::string_view begun) const
{
    if (!stopping)
        router.tell_unheard(begun);
}

void ServerCore::child_ended()
{
    --children;
    tell_empty();
}

void ServerCore::session_ended()
{
    connections.add(-1);
    tell_empty();
}

void ServerCore::tell_empty()
{
    if (sessions.empty() && children == 0 && on_empty)
        on_empty();
}

} // namespace deskbridge::net
