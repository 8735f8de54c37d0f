#include "items.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace bench {
namespace {

constexpr double rate = 1000;
constexpr auto measured = std::chrono::seconds{30};

} // namespace

Items measure_latency(Ground& ground, Syncs& syncs)
{
    Series p50{"p50", "ms", {}};
    Series p99{"p99", "ms", {}};
    Series worst{"slowest", "ms", {}};
    Series over_p50{"p50 without the disk's p50", "ms", {}};
    Series over_p99{"p99 without twice the disk's p99", "ms", {}};
    for (int round = 0; round < std::min(ground.rounds, 3); ++round) {
        syncs.look(ground.scratch.path());
        LoadPlan plan;
        plan.connections = 64;
        plan.rate = rate;
        plan.at_most = measured;
        auto const posts = plan_posts(ground, Shape::sentence, static_cast<std::size_t>(rate * 30), 400 + static_cast<std::uint64_t>(round));
        auto const times = measure_daemon(ground, posts, plan, {.tls = true}).loaded.latency_ms;
        p50.runs.push_back(quantile_of(times, 0.5));
        p99.runs.push_back(quantile_of(times, 0.99));
        worst.runs.push_back(quantile_of(times, 1));
        over_p50.runs.push_back(p50.runs.back() - syncs.p50.runs.back());
        over_p99.runs.push_back(p99.runs.back() - 2 * syncs.p99.runs.back());
    }
    Item item{"latency", "Latency at a steady rate",
              "Open loop at 1,000 webhooks a second for 30 s, TLS, 64 keep-alive connections; each counted from the moment at which it should have gone.",
              {p50, p99, worst, over_p50, over_p99},
              {{"p50 above the disk's own", over_p50.median(), false, 5, "ms"}, {"p99 above twice the disk's own", over_p99.median(), false, 25, "ms"}}};
    add_syncs(item, syncs);
    return {item};
}

} // namespace bench
