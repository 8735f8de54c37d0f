#include "arguments.hpp"
#include "daemon.hpp"
#include "database.hpp"
#include "image_judge.hpp"
#include "judge.hpp"
#include "ledger_provider.hpp"
#include "mixed_load.hpp"
#include "outbound_judge.hpp"
#include "progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <random>
#include <thread>

using namespace fault;

namespace {

constexpr auto usage = R"(crash_rounds --deskbridge PROGRAM [--rounds N] [--seed S] [--jobs N]

Start, customers, receipts and an agent at once, kill -9 at a random moment, start again, what was not answered once more, stop;
a database lives on through five rounds. After each the store is judged, and what reached the provider against its journal.
--jobs: databases at once; two for each core, if nothing is said: a round waits for the disk half of its time.
)";

constexpr int once = 1;
constexpr int until_it_is_taken = 500;
constexpr int rounds_a_database = 5; // the judge looks through all of it after each

struct Totals {
    double slowest_start_ms{0};
    int killed_in_work{0};
    int killed_in_sends{0};
    int in_doubt{0};
    int arrived{0};
    int passed{0};
    int failed{0};
    int falsified{0};
};

void add(Totals& all, Totals const& more)
{
    all.slowest_start_ms = std::max(all.slowest_start_ms, more.slowest_start_ms);
    all.killed_in_work += more.killed_in_work;
    all.killed_in_sends += more.killed_in_sends;
    all.in_doubt += more.in_doubt;
    all.arrived += more.arrived;
    all.passed += more.passed;
    all.failed += more.failed;
    all.falsified += more.falsified;
}

void add(Verdict& all, Verdict const& more)
{
    all.failures.insert(all.failures.end(), more.failures.begin(), more.failures.end());
}

/// A database from its birth on, judged after each of its rounds.
class Life {
public:
    Life(std::string const& program, std::uint64_t seed, Progress& progress)
        : progress_{progress}, seed_{seed}, dice_{seed}, provider_{dice_()}, daemon_{program, folder_.path(), provider_.port()}
    {
    }

    Totals const& live(int rounds, bool falsify)
    {
        for (int round = 0; round < rounds; ++round)
            conclude(round, play_round(round));
        if (falsify)
            judge_the_judge();
        totals_.arrived = static_cast<int>(provider_.arrivals().size());
        return totals_;
    }

private:
    Verdict play_round(int round)
    {
        Verdict verdict;
        try {
            if (round > 0)
                let_acknowledgements_fall_due();
            MixedLoad load{{.customers = 30, .events = 1500, .replies = 16, .seed = dice_(), .round = round, .questions = 0.003,
                            .sent_before = provider_.taken(), .between_replies = std::chrono::milliseconds{10}}};
            verdict = play(load);
            storms_.push_back(load.storm());
            answered_.emplace_back(load.storm().events.size(), true);
            add(verdict, judge(daemon_.database(), storms_, answered_, false));
            add(verdict, judge_image(daemon_.database(), load, {load.answered(), {}}));
            add(verdict, judge_outbound(daemon_.database(), provider_.arrivals()));
            count_doubts();
        } catch (std::exception const& error) {
            verdict.expect(false, error.what());
        }
        return verdict;
    }

    /// One load; the daemon dies somewhere in it, and comes back for the rest.
    Verdict play(MixedLoad& load)
    {
        totals_.slowest_start_ms = std::max(totals_.slowest_start_ms, daemon_.start());
        std::atomic<bool> stop{false};
        std::thread posting{[&] { load.run(daemon_.port(), daemon_.socket(), stop, once); }};
        std::this_thread::sleep_for(std::chrono::milliseconds{1 + dice_() % 400});
        daemon_.kill();
        stop = true;
        posting.join();
        provider_.await_parting(); // else the order of what this life sent and what the next one sends could not be told
        totals_.killed_in_work += load.answered().size() < load.requests() ? 1 : 0;

        totals_.slowest_start_ms = std::max(totals_.slowest_start_ms, daemon_.start());
        std::atomic<bool> const never{false};
        load.run_rest(daemon_.port(), daemon_.socket(), never, until_it_is_taken);
        Verdict verdict;
        verdict.expect(load.answered().size() == load.requests(), "requests are still refused");
        verdict.expect(daemon_.terminate() == 0, "not a clean end");
        return verdict;
    }

    /// They wait for a customer's silence, which no round lasts long enough for: as if that time had passed.
    void let_acknowledgements_fall_due() const
    {
        (void)Database{daemon_.database()}.rows("UPDATE timer SET due_at_ms = due_at_ms - 30000, deadline_ms = deadline_ms - 30000");
    }

    void count_doubts()
    {
        auto const doubts = std::stoi(Database{daemon_.database()}.value("SELECT count(*) FROM attempt WHERE settled_by='recovery'"));
        totals_.killed_in_sends += doubts > totals_.in_doubt ? 1 : 0;
        totals_.in_doubt = doubts;
    }

    void conclude(int round, Verdict const& verdict)
    {
        for (auto const& failure : verdict.failures)
            fmt::print("FAILED in round {} of its database: {}; again with: --rounds {} --seed {}\n", round + 1, failure, rounds_a_database, seed_);
        (verdict.failures.empty() ? totals_.passed : totals_.failed) += 1;
        progress_.done(1, verdict.failures.empty() ? 0 : 1);
    }

    void judge_the_judge()
    {
        auto const falsified = falsify_outbound(daemon_.database(), provider_.arrivals());
        for (auto const& each : falsified.overlooked)
            fmt::print("FAILED: {}\n", each);
        totals_.falsified = falsified.found;
        totals_.passed += falsified.found;
        totals_.failed += static_cast<int>(falsified.overlooked.size());
    }

    Progress& progress_;
    std::uint64_t seed_;
    std::mt19937_64 dice_;
    ScratchFolder const folder_;
    LedgerProvider provider_;
    Daemon daemon_;
    std::vector<Storm> storms_;
    std::vector<std::vector<bool>> answered_;
    Totals totals_;
};

/// The n-th database has the n-th seed, whichever job it falls to.
Totals live_all(Arguments const& arguments, int rounds, std::uint64_t seed, int jobs)
{
    Totals all;
    Progress progress{"crash_rounds", static_cast<std::uint64_t>(rounds)};
    std::mutex mutex;
    std::atomic<int> next{0};
    auto const work = [&] {
        for (int n = next++; n * rounds_a_database < rounds; n = next++) {
            Life life{arguments.text("--deskbridge"), seed + static_cast<std::uint64_t>(n), progress};
            auto const& totals = life.live(std::min(rounds - n * rounds_a_database, rounds_a_database), n == 0);
            std::lock_guard const lock{mutex};
            add(all, totals);
        }
    };
    std::vector<std::thread> threads;
    for (int i = 0; i < jobs; ++i)
        threads.emplace_back(work);
    for (auto& thread : threads)
        thread.join();
    return all;
}

} // namespace

int main(int argc, char** argv)
{
    Arguments const arguments{argc, argv, usage};
    int const rounds = arguments.number("--rounds", 20);
    int const jobs = std::max(1, arguments.number("--jobs", 2 * static_cast<int>(std::thread::hardware_concurrency())));
    auto const seed = static_cast<std::uint64_t>(arguments.number("--seed", static_cast<int>(now_ms() % 1000000)));
    auto const begun = std::chrono::steady_clock::now();
    auto const totals = live_all(arguments, rounds, seed, jobs);
    std::chrono::duration<double> const took = std::chrono::steady_clock::now() - begun;
    fmt::print("crash rounds: {} kills, {} of them in the middle of a storm, {} with sends on their way ({} in doubt of {} that arrived), {} falsifications "
               "of 15 found, slowest start {:.0f} ms, {:.2f} s a round with {} jobs, seed {}\n",
               rounds, totals.killed_in_work, totals.killed_in_sends, totals.in_doubt, totals.arrived, totals.falsified, totals.slowest_start_ms,
               took.count() / rounds, jobs, seed);
    fmt::print("{} passed, {} failed\n", totals.passed, totals.failed);
    return totals.failed == 0 ? 0 : 1;
}
