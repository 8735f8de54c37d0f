#include "items.hpp"

#include <fmt/format.h>

#include "fault/plan.hpp"

#include <algorithm>
#include <array>

namespace bench {
namespace {

constexpr std::array<Shape, 4> shapes{Shape::sentence, Shape::kilobyte, Shape::ten_kilobytes, Shape::hundred};

LoadPlan plan_for(Ground const& ground)
{
    LoadPlan plan;
    plan.connections = 64;
    plan.at_most = ground.round;
    return plan;
}

/// No post more than customers have one message each.
Posts posts_of(Ground const& ground, Shape shape, int round)
{
    auto const all = static_cast<std::size_t>(ground.customers);
    auto const posts = shape == Shape::ten_kilobytes ? all / 2 : all / messages_in(shape);
    return plan_posts(ground, shape, posts, 200 + static_cast<std::uint64_t>(round));
}

/// Customers that nobody has heard of: contact, conversation, ticket and an acknowledgement that is armed.
double measure_newcomers(Ground& ground, int round)
{
    PostPlan plan;
    plan.posts = static_cast<std::size_t>(ground.customers);
    plan.customers = ground.customers;
    plan.first_customer = ground.customers;
    plan.at_s = fault::now_ms() / 1000;
    plan.seed = 300 + static_cast<std::uint64_t>(round);
    plan.secret = fault::Daemon::app_secret;
    auto const posts = render_posts(plan);
    return measure_daemon(ground, posts, plan_for(ground), {.acknowledge = true}).loaded.per_second();
}

} // namespace

Items measure_shapes(Ground& ground, Syncs& syncs)
{
    std::vector<Series> ours;
    std::vector<Series> theirs;
    for (auto const shape : shapes) {
        ours.push_back({fmt::format("Deskbridge, {}", render_shape(shape)), "messages/s", {}});
        theirs.push_back({fmt::format("Fastify, {}", render_shape(shape)), "messages/s", {}});
    }
    Series newcomers{"Deskbridge, one sentence, each a new ticket", "messages/s", {}};
    for (int round = 0; round < std::min(ground.rounds, 3); ++round) {
        syncs.look(ground.scratch.path());
        for (std::size_t s = 0; s < shapes.size(); ++s) {
            auto const posts = posts_of(ground, shapes[s], round);
            auto const each = static_cast<double>(messages_in(shapes[s]));
            ours[s].runs.push_back(each * measure_daemon(ground, posts, plan_for(ground)).loaded.per_second());
            if (!ground.peer.empty())
                theirs[s].runs.push_back(each * measure_peer(ground, posts, plan_for(ground)).per_second());
        }
        newcomers.runs.push_back(measure_newcomers(ground, round));
    }
    Item item{"shapes", "Bodies of other sizes", "Closed loop, 64 connections, plain HTTP, open tickets; last: customers who write for the first time, acknowledgements on.", ours, {}};
    if (!ground.peer.empty())
        item.series.insert(item.series.end(), theirs.begin(), theirs.end());
    item.series.push_back(newcomers);
    auto const more = ratio_of("", ours.back(), ours.front());
    item.goals.push_back({"messages per second of 100 in a body by one in a body", more.median(), true, 1, "×"});
    add_syncs(item, syncs);
    return {item};
}

} // namespace bench
