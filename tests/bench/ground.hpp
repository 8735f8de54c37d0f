#pragma once

#include "figures.hpp"
#include "load/verify.hpp"
#include "machine.hpp"
#include "service.hpp"

#include "fault/arguments.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>

namespace bench {

/// A database that was filled by bringing every customer's first message to whom it belongs.
struct Seed {
    std::filesystem::path file;
    Posts posts;
    std::vector<bool> answered;
};

/// What all measurements stand on.
struct Ground {
    std::filesystem::path program;   ///< the daemon
    std::filesystem::path peer{};    ///< the comparison's folder; empty: it is not there
    int customers{50000};
    std::size_t messages{1'000'000}; ///< of a large database
    int rounds{5};
    std::chrono::milliseconds round{5000}; ///< how long each load is brought
    fault::ScratchFolder scratch{};
    fault::ProviderSink provider{};
    std::filesystem::path budget{}; ///< of what a webhook may cost
    std::vector<std::string> missing{}; ///< what could not be measured, and why

    [[nodiscard]] std::filesystem::path folder(std::string const& name) const { return scratch.path() / name; }
    /// Made by the daemon, with acknowledgements off, an hour ago by the provider's clock.
    [[nodiscard]] Seed const& seed();
    [[nodiscard]] Seed const& peer_seed();

private:
    std::optional<Seed> seed_;
    std::optional<Seed> peer_seed_;
};

/// Signed for the daemon and the peer alike. `seed` as in PostPlan: above 1, which the first messages have.
[[nodiscard]] Posts plan_posts(Ground const& ground, Shape shape, std::size_t posts, std::uint64_t seed);

/// A load on the daemon, begun on a copy of the seed and looked into afterwards. Throws: std::runtime_error (a post was not answered 200,
/// or the database is not what it should be): a figure without that is none.
struct DaemonRun {
    Loaded loaded;
    double jobs_per_commit{0};
    long resident_kib{0};
};
/// @param setup       without an `api_port`: that of the ground's provider.
/// @param before_end  called when all answers are there and the daemon still runs.
[[nodiscard]] DaemonRun measure_daemon(Ground& ground, Posts const& posts, LoadPlan plan, Setup setup = {},
                                       std::function<void(fault::Daemon&)> const& before_end = {});
/// The same on the peer.
[[nodiscard]] Loaded measure_peer(Ground& ground, Posts const& posts, LoadPlan plan);

/// Throws: std::runtime_error, if anything was not answered 200.
void expect_all_taken(Loaded const& loaded, std::string const& who);

} // namespace bench
