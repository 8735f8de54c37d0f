#include "daemon_recovery.hpp"

#include "daemon.hpp"
#include "http.hpp"
#include "image_judge.hpp"
#include "photo_host.hpp"
#include "power_cuts.hpp"
#include "recovery_cut.hpp"

#include <fmt/format.h>

#include <atomic>
#include <stdexcept>

namespace fault {
namespace {

namespace fs = std::filesystem;

/// A start and an end on what lies in `folder`, with power lost somewhere in between.
Told start_and_lose_power(DaemonRecovery const& order, fs::path const& folder, int provider, Told const& told, std::mt19937_64& dice)
{
    auto const record = order.scratch / "daemon-record";
    RecoveryCut shortened{folder, record, Disk::Promise::kept, told};
    {
        Daemon daemon{order.program, folder, provider};
        Preload const preload{{order.layer, folder, record, ""}};
        daemon.start();
        if (int const status = daemon.terminate(); status != 0)
            throw std::runtime_error(fmt::format("ended with status {}\n{}", status, daemon.log()));
    }
    return shortened.lose_power(dice);
}

std::vector<std::string> take_everything(Daemon& daemon, MixedLoad& load, Told told)
{
    std::atomic<bool> const never{false};
    daemon.start();
    load.run(daemon.port(), daemon.database().parent_path() / "c.sock", never, 20);
    daemon.terminate();
    told.answered.merge(load.answered());
    auto failures = judge(daemon.database(), {load.storm()}, {std::vector<bool>(load.storm().events.size(), true)}, false).failures;
    auto const more = judge_image(daemon.database(), load, told).failures;
    failures.insert(failures.end(), more.begin(), more.end());
    return failures;
}

} // namespace

std::vector<std::string> recover_by_daemon(DaemonRecovery const& order, Record const& record, MixedLoad& load, Cut const& cut)
{
    auto const folder = order.scratch / "daemon";
    auto told = build_image(record, cut, folder);
    ProviderSink const sink{serve_photo};
    std::mt19937_64 dice{cut.seed};
    std::vector<std::string> failures;
    try {
        for (std::uint64_t level = 0; level < order.cut_short; ++level)
            told = start_and_lose_power(order, folder, sink.port(), told, dice);
        Daemon daemon{order.program, folder, sink.port()};
        failures = take_everything(daemon, load, told);
    } catch (std::runtime_error const& error) {
        failures.emplace_back(error.what());
    }
    for (auto& failure : failures)
        failure = fmt::format("image {} through the whole daemon, {} starts cut short: {}", cut.image, order.cut_short, failure);
    return failures;
}

} // namespace fault
