#include "arguments.hpp"
#include "daemon.hpp"
#include "http.hpp"
#include "image_judge.hpp"
#include "judge.hpp"
#include "mixed_load.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <thread>

using namespace fault;

namespace {

constexpr auto usage = R"(crash_rounds --deskbridge PROGRAM [--rounds N] [--seed S]

Start, customers, receipts and an agent at once, kill -9 at a random moment, start again, what was not answered once more, stop;
a database lives on through five rounds.
)";

constexpr int once = 1;
constexpr int until_it_is_taken = 500;
constexpr int rounds_a_database = 5; // the judge looks through all of it after each

struct Totals {
    double slowest_start_ms{0};
    int killed_in_work{0};
    int passed{0};
    int failed{0};
};

/// One load; the daemon dies somewhere in it, and comes back for the rest.
Verdict play(Daemon& daemon, MixedLoad& load, std::mt19937_64& dice, Totals& totals)
{
    auto const socket = daemon.database().parent_path() / "c.sock";
    totals.slowest_start_ms = std::max(totals.slowest_start_ms, daemon.start());
    std::atomic<bool> stop{false};
    std::thread posting{[&] { load.run(daemon.port(), socket, stop, once); }};
    std::this_thread::sleep_for(std::chrono::milliseconds{1 + dice() % 400});
    daemon.kill();
    stop = true;
    posting.join();
    totals.killed_in_work += load.answered().size() < load.requests() ? 1 : 0;

    totals.slowest_start_ms = std::max(totals.slowest_start_ms, daemon.start());
    std::atomic<bool> const never{false};
    load.run_rest(daemon.port(), socket, never, until_it_is_taken);
    Verdict verdict;
    verdict.expect(load.answered().size() == load.requests(), "requests are still refused");
    verdict.expect(daemon.terminate() == 0, "not a clean end");
    return verdict;
}

void add(Verdict& all, Verdict const& more)
{
    all.failures.insert(all.failures.end(), more.failures.begin(), more.failures.end());
}

/// A database from its birth on, judged after each of its rounds.
void live(std::string const& program, int count, std::mt19937_64& dice, Totals& totals)
{
    ScratchFolder const folder;
    ProviderSink const sink;
    Daemon daemon{program, folder.path(), sink.port()};
    std::vector<Storm> storms;
    std::vector<std::vector<bool>> answered;
    for (int round = 0; round < count; ++round) {
        MixedLoad load{{.customers = 50, .events = 1500, .replies = 20, .seed = dice(), .round = round, .sent_before = static_cast<int>(sink.accepted())}};
        auto verdict = play(daemon, load, dice, totals);
        storms.push_back(load.storm());
        answered.emplace_back(load.storm().events.size(), true);
        add(verdict, judge(daemon.database(), storms, answered, false));
        add(verdict, judge_image(daemon.database(), load, {load.answered(), {}}));
        for (auto const& failure : verdict.failures)
            fmt::print("FAILED in round {}: {}\n", totals.passed + totals.failed, failure);
        (verdict.failures.empty() ? totals.passed : totals.failed) += 1;
    }
}

} // namespace

int main(int argc, char** argv)
{
    Arguments const arguments{argc, argv, usage};
    int const count = arguments.number("--rounds", 20);
    auto const seed = static_cast<std::uint64_t>(arguments.number("--seed", static_cast<int>(now_ms() % 1000000)));
    std::mt19937_64 dice{seed};
    Totals totals;
    for (int left = count; left > 0; left -= rounds_a_database)
        live(arguments.text("--deskbridge"), std::min(left, rounds_a_database), dice, totals);
    fmt::print("crash rounds: {} kills, {} of them in the middle of a storm, slowest start {:.0f} ms, seed {}\n", count,
               totals.killed_in_work, totals.slowest_start_ms, seed);
    fmt::print("{} passed, {} failed\n", totals.passed, totals.failed);
    return totals.failed == 0 ? 0 : 1;
}
