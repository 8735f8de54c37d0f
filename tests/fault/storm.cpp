#include "arguments.hpp"
#include "daemon.hpp"
#include "http.hpp"
#include "judge.hpp"
#include "sender.hpp"

#include <fmt/format.h>

#include <chrono>
#include <thread>

using namespace fault;

namespace {

constexpr auto usage = R"(storm --deskbridge PROGRAM [--events N] [--customers N] [--seed S]

A storm against the real process, then a judgement of its database. Prints one line per failure and a summary.
)";

/// Acknowledgements come at most 25 s after a burst's first message; a little more for the sends.
void wait_for_acknowledgements(ProviderSink const& sink, int customers)
{
    for (int i = 0; i < 450 && sink.messages().size() < static_cast<std::size_t>(customers); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds{100});
    std::this_thread::sleep_for(std::chrono::milliseconds{500}); // would show a second one
}

} // namespace

int main(int argc, char** argv)
{
    Arguments const arguments{argc, argv, usage};
    StormShape shape;
    shape.events = arguments.number("--events", shape.events);
    shape.customers = arguments.number("--customers", shape.customers);
    shape.seed = static_cast<std::uint64_t>(arguments.number("--seed", 1));
    shape.first_ms = now_ms() - shape.events / 40 * 1000;
    auto const storm = plan_storm(shape);

    ScratchFolder const folder;
    ProviderSink sink;
    Daemon daemon{arguments.text("--deskbridge"), folder.path(), sink.port()};
    auto const ready_ms = daemon.start();
    std::atomic<bool> const never{false};
    Sender sender{storm, daemon.port(), 16};
    auto const begun = std::chrono::steady_clock::now();
    sender.run(never);
    std::chrono::duration<double> const took = std::chrono::steady_clock::now() - begun;
    wait_for_acknowledgements(sink, shape.customers);
    auto const resident = daemon.resident_kib();
    int const status = daemon.terminate();

    auto verdict = judge(daemon.database(), {storm}, {sender.answered()}, true);
    verdict.expect(status == 0, fmt::format("SIGTERM ended the daemon with status {}", status));
    verdict.expect(sink.messages().size() == static_cast<std::size_t>(shape.customers),
                   fmt::format("the provider got {} messages for {} tickets", sink.messages().size(), shape.customers));
    for (auto const& failure : verdict.failures)
        fmt::print("FAILED: {}\n", failure);
    fmt::print("storm: {} events in {} posts from {} customers, {:.0f} posts/s, ready after {:.0f} ms, {} MiB resident, {} posts refused and repeated, seed {}\n",
               storm.events.size(), storm.deliveries.size(), shape.customers, static_cast<double>(storm.deliveries.size()) / took.count(),
               ready_ms, resident / 1024, sender.refused(), shape.seed);
    fmt::print("{} passed, {} failed\n", verdict.passed, verdict.failures.size());
    return verdict.failures.empty() ? 0 : 1;
}
