#include "arguments.hpp"
#include "command_line.hpp"
#include "http.hpp"
#include "judge.hpp"
#include "mixed_load.hpp"
#include "photo_host.hpp"
#include "soak_watch.hpp"
#include "tally.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <future>
#include <optional>
#include <thread>

using namespace fault;

namespace {

constexpr auto usage = R"(soak --deskbridge PROGRAM [--hours H] [--rate EVENTS_PER_SECOND] [--seed S]

Customers, receipts, questions, photos and an agent at a steady pace, backups now and then, and in the first half of the time a
kill -9 every hour (of 72; shorter runs have them closer together). The second half is one undisturbed life: what grows in it
grows. Prints how it stands every few minutes, then judges what the daemon holds.
)";

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr auto round_lasts = std::chrono::seconds{20};
constexpr int customers = 200;
constexpr int tries = 3000; // of a request, 20 ms apart: as long as a start may take

struct Order {
    std::string program;
    double hours{72};
    int rate{30};
    std::uint64_t seed{1};
};

/// Rounds of load until told to stop, and what was answered 200, for the judge. Has a thread of its own.
class Load {
public:
    Load(Order const& order, int port, std::filesystem::path socket, ProviderSink const& provider)
        : order_{order}, port_{port}, socket_{std::move(socket)}, provider_{provider}, thread_{[this] { run(); }}
    {
    }
    ~Load() { stop(); }
    Load(Load const&) = delete;
    Load& operator=(Load const&) = delete;
    void stop()
    {
        stop_ = true;
        if (thread_.joinable())
            thread_.join();
    }
    /// After stop().
    std::vector<Storm> storms;
    std::vector<std::vector<bool>> answered;

private:
    void run()
    {
        for (int round = 0; !stop_; ++round) {
            auto const lasts = static_cast<int>(round_lasts.count());
            MixedLoad::Shape shape;
            shape.customers = customers;
            shape.events = std::max(order_.rate * lasts, customers);
            shape.replies = std::max(shape.events / 10, 1);
            shape.seed = order_.seed + static_cast<std::uint64_t>(round);
            shape.round = round;
            shape.questions = 0.05;
            shape.photos = 0.05;
            shape.sent_before = static_cast<int>(provider_.accepted());
            shape.spread = round_lasts;
            MixedLoad load{shape};
            load.run(port_, socket_, stop_, tries);
            keep(load);
        }
    }
    void keep(MixedLoad const& load)
    {
        std::vector<bool> taken(load.storm().events.size());
        for (auto const id : load.answered())
            for (int const event : load.events_of(id))
                taken[static_cast<std::size_t>(event)] = true;
        storms.push_back({load.storm().events, {}});
        answered.push_back(std::move(taken));
    }

    Order order_;
    int port_;
    std::filesystem::path socket_;
    ProviderSink const& provider_;
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

/// Kills, backups, samples and reports, each at its time.
class Soak {
public:
    explicit Soak(Order order)
        : order_{std::move(order)}, daemon_{order_.program, folder_.path(), provider_.port()},
          desk_{order_.program, daemon_.configuration()}
    {
    }
    void run();

private:
    void start()
    {
        daemon_.start(60);
        watch_.started();
    }
    void kill_when_due();
    void back_up_when_due();
    void report_when_due();
    void report(std::vector<Sample> const& warm) const;
    void judge_growth() const;
    void judge_store(Load const& load);
    [[nodiscard]] double elapsed() const { return Seconds{Clock::now() - begun_}.count() / total(); }
    [[nodiscard]] double total() const { return order_.hours * 3600; }
    [[nodiscard]] double between_kills() const { return std::max(total() / 72, 20.0) / total(); }

    Order order_;
    ScratchFolder folder_;
    ProviderSink provider_{serve_photo};
    Daemon daemon_;
    CommandLine desk_;
    SoakWatch watch_{daemon_};
    Clock::time_point begun_{Clock::now()};
    int kills_{0};
    int backups_{0};
    int reports_{0};
    int due_backups_{0};
    std::optional<std::future<bool>> backup_;
};

void Soak::kill_when_due()
{
    auto const due = between_kills() * (kills_ + 1);
    if (due > 0.5 || elapsed() < due)
        return;
    ++kills_;
    daemon_.kill();
    start();
}

/// A kill may take one with it; the next one replaces what is there.
void Soak::back_up_when_due()
{
    if (backup_ && backup_->wait_for(std::chrono::seconds{0}) == std::future_status::ready) {
        backups_ += backup_->get() ? 1 : 0;
        backup_.reset();
    }
    if (backup_ || elapsed() < between_kills() * (due_backups_ + 0.6))
        return;
    ++due_backups_;
    auto const command = fmt::format("db backup --force '{}'", (folder_.path() / "copy.db").string());
    backup_ = std::async(std::launch::async, [this, command] { return desk_.succeeds(command); });
}

void Soak::report(std::vector<Sample> const& warm) const
{
    auto const memory = trend_of(warm, &Sample::resident_kib);
    auto const& all = watch_.all();
    fmt::print("{:3.0f} % | {:.0f} MiB resident, slope {:+.0f} KiB/h over {:.2f} h | descriptors {:.0f} | threads {:.0f} | log of the store p99 {:.1f} MiB | "
               "jobs p99 {:.0f}, most {:.0f} | intents waiting p99 {:.0f}, most {:.0f} | {} messages sent, {} kills, {} backups\n",
               elapsed() * 100, all.back().resident_kib / 1024, memory.per_hour, memory.hours, quantile_of(warm, &Sample::descriptors, 0.5),
               quantile_of(warm, &Sample::threads, 0.5), quantile_of(all, &Sample::wal_mib, 0.99), quantile_of(all, &Sample::jobs, 0.99),
               quantile_of(all, &Sample::jobs, 1), quantile_of(all, &Sample::intents, 0.99), quantile_of(all, &Sample::intents, 1),
               provider_.accepted(), kills_, backups_);
    std::fflush(stdout);
}

void Soak::report_when_due()
{
    auto const often = std::clamp(300 / total(), 1.0 / 2000, 0.1);
    if (elapsed() < often * (reports_ + 1))
        return;
    ++reports_;
    report(watch_.warm());
}

void Soak::judge_growth() const
{
    auto warm = watch_.warm();
    auto const grew = growth_in(warm);
    expect(grew.empty(), grew);
    auto const wal = quantile_of(watch_.all(), &Sample::wal_mib, 0.99);
    expect(wal <= wal_allowance_mib, fmt::format("the store's log is {:.0f} MiB at its 99th percentile", wal));
    // The same samples with a leak in them: it must be found, whatever the noise is.
    for (auto& sample : warm)
        sample.resident_kib += 2 * memory_allowance_kib(trend_of(warm, &Sample::resident_kib).hours) * sample.hours / warm.back().hours;
    expect(growth_in(warm).starts_with("memory"), "control: planted growth is not found");
}

void Soak::judge_store(Load const& load)
{
    auto const settled = [this] {
        watch_.look();
        return watch_.all().back().intents + watch_.all().back().jobs == 0;
    };
    expect(wait_for(settled, std::chrono::seconds{120}), "messages still wait to be sent two minutes after the load has ended");
    expect(daemon_.terminate() == 0, "SIGTERM: not a clean end");
    expect(backups_ > 0, "no backup was made");
    expect(desk_.succeeds(fmt::format("db check '{}'", (folder_.path() / "copy.db").string())), "the latest backup is not sound");
    auto const verdict = judge(daemon_.database(), load.storms, load.answered, false);
    tally().passed += verdict.passed;
    for (auto const& failure : verdict.failures)
        expect(false, failure);
}

void Soak::run()
{
    start();
    expect(desk_.add_tester(), "no agent");
    begun_ = Clock::now();
    Load load{order_, daemon_.port(), daemon_.socket(), provider_};
    for (auto next = Clock::now(); elapsed() < 1; next += std::chrono::seconds{1}) {
        kill_when_due();
        back_up_when_due();
        watch_.look();
        report_when_due();
        std::this_thread::sleep_until(next);
    }
    report(watch_.warm());
    judge_growth();
    auto const memory = trend_of(watch_.warm(), &Sample::resident_kib);
    load.stop();
    if (backup_)
        backups_ += backup_->get() ? 1 : 0;
    judge_store(load);
    std::size_t events = 0;
    for (auto const& storm : load.storms)
        events += storm.events.size();
    fmt::print("soak: {:.2f} h, {} events, {} messages sent, {} kills, {} backups, memory {:+.0f} KiB in the last {:.2f} h, seed {}: {} passed, {} failed\n",
               order_.hours, events, provider_.accepted(), kills_, backups_, memory.growth(), memory.hours, order_.seed, tally().passed,
               tally().failed);
}

} // namespace

int main(int argc, char** argv)
{
    Arguments const arguments{argc, argv, usage};
    ::setenv("DESKBRIDGE_CORE_DUMPS", "1", 1); // so that whoever runs this may look into /proc
    Order order;
    order.program = std::filesystem::absolute(arguments.text("--deskbridge")).string();
    order.hours = std::stod(arguments.text("--hours", "72"));
    order.rate = arguments.number("--rate", order.rate);
    order.seed = static_cast<std::uint64_t>(arguments.number("--seed", 1));
    try {
        Soak{order}.run();
    } catch (std::exception const& error) { // so that the processes it started end with it
        expect(false, error.what());
        fmt::print("soak: {}: {} passed, {} failed\n", error.what(), tally().passed, tally().failed);
    }
    return tally().failed == 0 ? 0 : 1;
}
