#include "ground.hpp"

#include "fault/plan.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace bench {

namespace {

constexpr auto patience = std::chrono::minutes{10};

Posts first_messages(int customers)
{
    PostPlan plan;
    plan.shape = Shape::hundred;
    plan.posts = static_cast<std::size_t>(customers) / messages_in(plan.shape);
    plan.customers = customers;
    plan.at_s = fault::now_ms() / 1000 - 3600;
    plan.secret = fault::Daemon::app_secret;
    return render_posts(plan);
}

LoadPlan filling(int port)
{
    LoadPlan plan;
    plan.port = port;
    plan.connections = 8;
    plan.at_most = patience;
    return plan;
}

void expect_sound(std::string const& fault, std::string const& whose)
{
    if (!fault.empty())
        throw std::runtime_error(fmt::format("the database of {}: {}", whose, fault));
}

double jobs_per_commit(int port, fault::HttpConnection::Over over)
{
    auto const scrape = fault::HttpConnection{port, over}.read("/metrics");
    auto const commits = fault::figure_in(scrape, "deskbridge_store_batches_total");
    return commits > 0 ? fault::figure_in(scrape, "deskbridge_store_batch_jobs_total") / commits : 0;
}

} // namespace

Seed const& Ground::seed()
{
    if (seed_)
        return *seed_;
    seed_.emplace(folder("seed") / "deskbridge.db", first_messages(customers), std::vector<bool>{});
    auto daemon = make_daemon(program, folder("seed"), {.api_port = provider.port()});
    daemon->start();
    auto loaded = run_load(seed_->posts, filling(daemon->port()));
    expect_all_taken(loaded, "the daemon");
    daemon->terminate();
    seed_->answered = std::move(loaded.answered);
    return *seed_;
}

Seed const& Ground::peer_seed()
{
    if (peer_seed_)
        return *peer_seed_;
    peer_seed_.emplace(folder("peer.db"), first_messages(customers), std::vector<bool>{});
    Peer service{peer, peer_seed_->file};
    auto loaded = run_load(peer_seed_->posts, filling(service.port()));
    expect_all_taken(loaded, "the peer");
    service.terminate();
    peer_seed_->answered = std::move(loaded.answered);
    return *peer_seed_;
}

Posts plan_posts(Ground const& ground, Shape shape, std::size_t posts, std::uint64_t seed)
{
    PostPlan plan;
    plan.shape = shape;
    plan.posts = posts;
    plan.customers = ground.customers;
    plan.at_s = fault::now_ms() / 1000;
    plan.seed = seed;
    plan.secret = fault::Daemon::app_secret;
    return render_posts(plan);
}

DaemonRun measure_daemon(Ground& ground, Posts const& posts, LoadPlan plan, Setup setup, std::function<void(fault::Daemon&)> const& before_end)
{
    auto const& seed = ground.seed();
    if (setup.api_port == 0)
        setup.api_port = ground.provider.port();
    auto const folder = ground.folder("daemon");
    auto daemon = make_daemon(ground.program, folder, setup);
    lay(seed.file, daemon->database());
    daemon->start();
    plan.port = daemon->port();
    plan.over = daemon->over();
    DaemonRun run;
    run.loaded = run_load(posts, plan);
    run.resident_kib = daemon->resident_kib();
    run.jobs_per_commit = jobs_per_commit(plan.port, plan.over);
    if (before_end)
        before_end(*daemon);
    daemon->terminate();
    expect_all_taken(run.loaded, "the daemon");
    expect_sound(fault_of(daemon->database(), {{seed.posts, seed.answered}, {posts, run.loaded.answered}}), "the daemon");
    std::filesystem::remove_all(folder);
    return run;
}

Loaded measure_peer(Ground& ground, Posts const& posts, LoadPlan plan)
{
    auto const& seed = ground.peer_seed();
    auto const file = ground.folder("peer-run.db");
    lay(seed.file, file);
    Peer service{ground.peer, file};
    plan.port = service.port();
    auto loaded = run_load(posts, plan);
    service.terminate();
    expect_all_taken(loaded, "the peer");
    expect_sound(fault_of(file, {{seed.posts, seed.answered}, {posts, loaded.answered}}), "the peer");
    return loaded;
}

void expect_all_taken(Loaded const& loaded, std::string const& who)
{
    if (loaded.refused + loaded.broken > 0 || loaded.taken() == 0)
        throw std::runtime_error(fmt::format("{} took {} posts, refused {}, and broke off {}", who, loaded.taken(), loaded.refused, loaded.broken));
}

} // namespace bench
