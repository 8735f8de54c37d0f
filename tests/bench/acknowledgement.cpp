#include "items.hpp"

#include "load/stand_in.hpp"

#include "fault/plan.hpp"
#include "fault/tally.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace bench {
namespace {

constexpr double tickets_per_second = 500;

/// Customers that nobody has heard of, one message each: a ticket and an acknowledgement for every post.
Posts newcomers(Ground const& ground, std::chrono::milliseconds lasts, int round)
{
    PostPlan plan;
    plan.posts = static_cast<std::size_t>(tickets_per_second * std::chrono::duration<double>(lasts).count());
    plan.customers = static_cast<int>(plan.posts);
    plan.first_customer = ground.customers;
    plan.at_s = fault::now_ms() / 1000;
    plan.seed = 600 + static_cast<std::uint64_t>(round);
    plan.secret = fault::Daemon::app_secret;
    return render_posts(plan);
}

std::vector<double> measure_round(Ground& ground, std::chrono::milliseconds lasts, int round)
{
    auto const posts = newcomers(ground, lasts, round);
    StandIn provider;
    LoadPlan plan;
    plan.connections = 64;
    plan.rate = tickets_per_second;
    plan.at_most = lasts;
    auto setup = wide_open(provider.port());
    setup.acknowledge = setup.at_once = true;
    auto const all_there = [&] { return provider.accepted() >= posts.all.size(); };
    auto const run = measure_daemon(ground, posts, plan, setup, [&](fault::Daemon&) { (void)fault::wait_for(all_there, std::chrono::seconds{60}); });
    auto delays = delays_of(posts, run.loaded, tickets_per_second, provider.arrivals());
    if (!delays.fault.empty())
        throw std::runtime_error("acknowledgements: " + delays.fault);
    return std::move(delays.ms);
}

} // namespace

Items measure_acknowledgement(Ground& ground, Syncs& syncs)
{
    auto const lasts = 6 * ground.round;
    Series p50{"p50", "ms", {}};
    Series p99{"p99", "ms", {}};
    Series worst{"slowest", "ms", {}};
    for (int round = 0; round < std::min(ground.rounds, 3); ++round) {
        syncs.look(ground.scratch.path());
        auto const times = measure_round(ground, lasts, round);
        p50.runs.push_back(quantile_of(times, 0.5));
        p99.runs.push_back(quantile_of(times, 0.99));
        worst.runs.push_back(quantile_of(times, 1));
    }
    Item item{"acknowledgement", "From a webhook to its acknowledgement",
              fmt::format("Open loop at {:.0f} webhooks a second for {} s, each from a new customer, each a new ticket; from the moment at which the webhook should "
                          "have gone until the provider's stand-in has read its acknowledgement, of which each must come exactly once. Configured: "
                          "`acknowledgement_delay = \"0 s\"`, `messages_per_second = {}`, `in_flight = {}`; one message to a customer, so that no pace to one applies.",
                          tickets_per_second, lasts.count() / 1000, wide_open(0).per_second, wide_open(0).in_flight),
              {p50, p99, worst},
              {{"p99", p99.median(), false, 100, "ms"}}};
    add_syncs(item, syncs);
    return {item};
}

} // namespace bench
