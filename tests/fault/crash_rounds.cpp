#include "arguments.hpp"
#include "daemon.hpp"
#include "http.hpp"
#include "judge.hpp"
#include "sender.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <thread>

using namespace fault;

namespace {

constexpr auto usage = R"(crash_rounds --deskbridge PROGRAM [--rounds N] [--seed S]

Start, storm, kill -9 at a random moment, start again, finish the storm; the database lives on through all rounds.
)";

struct Rounds {
    std::vector<Storm> storms;
    std::vector<std::vector<bool>> answered;
    double slowest_start_ms{0};
    int killed_in_work{0};
};

/// One storm; the daemon dies somewhere in it, and comes back for the rest.
void play(Daemon& daemon, Rounds& rounds, int round, std::mt19937_64& dice)
{
    StormShape shape;
    shape.customers = 50;
    shape.events = 1500;
    shape.seed = dice();
    shape.round = round;
    shape.first_ms = now_ms() - shape.events / 40 * 1000;
    auto const& storm = rounds.storms.emplace_back(plan_storm(shape));
    Sender sender{storm, daemon.port(), 8};

    rounds.slowest_start_ms = std::max(rounds.slowest_start_ms, daemon.start());
    std::atomic<bool> stop{false};
    std::thread posting{[&] { sender.run(stop); }};
    std::this_thread::sleep_for(std::chrono::milliseconds{1 + dice() % 400});
    daemon.kill();
    rounds.killed_in_work += sender.finished() ? 0 : 1;
    stop = true;
    posting.join();

    rounds.slowest_start_ms = std::max(rounds.slowest_start_ms, daemon.start());
    std::atomic<bool> const never{false};
    sender.run(never);
    rounds.answered.push_back(sender.answered());
    daemon.kill();
}

} // namespace

int main(int argc, char** argv)
{
    Arguments const arguments{argc, argv, usage};
    int const count = arguments.number("--rounds", 20);
    auto const seed = static_cast<std::uint64_t>(arguments.number("--seed", static_cast<int>(now_ms() % 1000000)));
    std::mt19937_64 dice{seed};
    ScratchFolder const folder;
    ProviderSink sink;
    Daemon daemon{arguments.text("--deskbridge"), folder.path(), sink.port()};
    Rounds rounds;
    rounds.storms.reserve(static_cast<std::size_t>(count)); // senders refer to them
    int failed = 0;
    int passed = 0;
    for (int round = 0; round < count; ++round) {
        play(daemon, rounds, round, dice);
        auto const verdict = judge(daemon.database(), rounds.storms, rounds.answered, false);
        for (auto const& failure : verdict.failures)
            fmt::print("FAILED in round {}: {}\n", round, failure);
        (verdict.failures.empty() ? passed : failed) += 1;
    }
    fmt::print("crash rounds: {} kills, {} of them in the middle of a storm, slowest start {:.0f} ms, seed {}\n", count,
               rounds.killed_in_work, rounds.slowest_start_ms, seed);
    fmt::print("{} passed, {} failed\n", passed, failed);
    return failed == 0 ? 0 : 1;
}
