#include "full.hpp"

#include "fault/plan.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace bench {

FullDaemon::FullDaemon(Ground& ground, std::size_t messages)
    : ground_{ground}, daemon_{make_daemon(ground.program, ground.folder("full"), {.api_port = ground.provider.port()})}
{
    daemon_->start();
    fill(messages);
}

void FullDaemon::fill(std::size_t messages)
{
    constexpr std::size_t at_once = 100'000; // messages: what is rendered lies in memory
    LoadPlan plan;
    plan.connections = 8;
    plan.at_most = std::chrono::hours{5};
    // Two minutes between one customer's messages: what is nearer is a burst, and no burst lasts for days.
    auto const lots = static_cast<int>((messages + at_once - 1) / at_once);
    for (int lot = 0; lot < lots; ++lot)
        (void)bring(Shape::hundred, at_once / 100, plan, std::chrono::minutes{2 * (lots - lot)});
}

Loaded FullDaemon::bring(Shape shape, std::size_t posts, LoadPlan plan, std::chrono::seconds ago)
{
    PostPlan what;
    what.shape = shape;
    what.posts = posts;
    what.customers = customers;
    what.at_s = fault::now_ms() / 1000 - ago.count();
    what.seed = ++seeds_;
    what.secret = fault::Daemon::app_secret;
    auto& lot = lots_.emplace_back(Lot{render_posts(what), {}});
    plan.port = daemon_->port();
    auto loaded = run_load(lot.posts, plan);
    expect_all_taken(loaded, "the daemon with a large database");
    lot.answered = loaded.answered;
    messages_ += loaded.taken() * messages_in(shape);
    for (auto& post : lot.posts.all)
        std::string{}.swap(post.bytes);
    return loaded;
}

double FullDaemon::megabytes() const
{
    auto const file = daemon_->database().string();
    std::error_code none;
    auto const log = std::filesystem::file_size(file + "-wal", none);
    return static_cast<double>(std::filesystem::file_size(file) + (none ? 0 : log)) / 1e6;
}

void FullDaemon::conclude()
{
    daemon_->terminate();
    std::vector<Brought> brought;
    for (auto const& lot : lots_)
        brought.push_back({lot.posts, lot.answered});
    if (auto const fault = fault_of(daemon_->database(), brought); !fault.empty())
        throw std::runtime_error("the large database: " + fault);
}

} // namespace bench
