#include "items.hpp"

#include "limit/bare_http.hpp"
#include "limit/bare_store.hpp"

#include <fmt/format.h>

namespace bench {
namespace {

constexpr int many_connections = 256;

struct Beside {
    Series http{"bare server", "webhooks/s", {}};
    Series store{"bare store, the same rows", "webhooks/s", {}};
    Series both{"bare server and store", "webhooks/s", {}};
    Series daemon{"Deskbridge", "webhooks/s", {}};
    Series peer{"Fastify and better-sqlite3", "webhooks/s", {}};
    Series commit{"Deskbridge: webhooks per commit", "", {}};
};

double measure_http(Posts const& posts, LoadPlan plan)
{
    BareHttp const http;
    plan.port = http.port();
    auto const loaded = run_load(posts, plan);
    expect_all_taken(loaded, "the bare server");
    return loaded.per_second();
}

/// A copy of the seed for whoever writes without the daemon.
std::filesystem::path lay_bare(Ground& ground)
{
    auto const file = ground.folder("bare.db");
    lay(ground.seed().file, file);
    return file;
}

void measure_round(Ground& ground, Posts const& posts, LoadPlan const& plan, Beside& beside)
{
    beside.http.runs.push_back(measure_http(posts, plan));
    {
        BareStore store{lay_bare(ground)};
        beside.store.runs.push_back(store.write_all(posts, plan.connections, plan.at_most));
    }
    {
        BareStore store{lay_bare(ground)};
        auto const loaded = store.serve(posts, plan);
        expect_all_taken(loaded, "the bare server and store");
        beside.both.runs.push_back(loaded.per_second());
    }
    auto const run = measure_daemon(ground, posts, plan);
    beside.daemon.runs.push_back(run.loaded.per_second());
    beside.commit.runs.push_back(run.jobs_per_commit);
    if (!ground.peer.empty())
        beside.peer.runs.push_back(measure_peer(ground, posts, plan).per_second());
}

} // namespace

void add_syncs(Item& item, Syncs const& syncs)
{
    item.series.push_back(syncs.p50);
    item.series.push_back(syncs.p99);
}

Items measure_throughput(Ground& ground, Syncs& syncs)
{
    LoadPlan plan;
    plan.connections = many_connections;
    plan.at_most = ground.round;
    Beside beside;
    for (int round = 0; round < ground.rounds; ++round) {
        auto const posts = plan_posts(ground, Shape::sentence, static_cast<std::size_t>(ground.customers), 100 + static_cast<std::uint64_t>(round));
        syncs.look(ground.scratch.path());
        measure_round(ground, posts, plan, beside);
    }
    Item item{"throughput", "Durable, threaded webhooks per second",
              fmt::format("Closed loop, {} connections, plain HTTP, {} customers with an open ticket each, one sentence of 8 to 15 words in each webhook.",
                          many_connections, ground.customers),
              {}, {}};
    auto const of_limit = ratio_of("Deskbridge by bare server and store", beside.daemon, beside.both);
    auto const of_peer = ratio_of("Deskbridge by Fastify", beside.daemon, beside.peer);
    item.goals.push_back({"by the bare server and store", of_limit.median(), true, 0.8, "×"});
    item.series = {beside.daemon, beside.both, beside.store, beside.http};
    if (!ground.peer.empty()) {
        item.series.push_back(beside.peer);
        item.series.push_back(of_peer);
        item.goals.push_back({"by Fastify and better-sqlite3", of_peer.median(), true, 3, "×"});
    }
    item.series.push_back(of_limit);
    item.series.push_back(beside.commit);
    add_syncs(item, syncs);
    return {item};
}

} // namespace bench
