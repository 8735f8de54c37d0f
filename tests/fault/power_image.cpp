#include "power_cuts.hpp"

#include "opener.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <random>
#include <stdexcept>
#include <thread>

namespace fault {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t failures_told = 8;

/// Moments at which what is durable or what is promised has just changed, or is about to.
std::vector<std::size_t> turning_points(Record const& record)
{
    std::vector<std::size_t> out;
    auto const& ops = record.ops();
    for (std::size_t i = 0; i < ops.size(); ++i) {
        auto const kind = ops[i].kind;
        if (kind == faultfs_sync_begun || kind == faultfs_sync_done || kind == faultfs_answered || kind == faultfs_sent || kind == faultfs_unlink)
            for (auto const at : {i, i + 1, i + 2})
                out.push_back(std::min(at, ops.size()));
    }
    return out;
}

Disk::Pending choose_pending(std::uint64_t roll)
{
    return roll < 15 ? Disk::Pending::lost : roll < 25 ? Disk::Pending::kept : roll < 75 ? Disk::Pending::random : Disk::Pending::prefix;
}

/// The disk and the outside's knowledge, moved forward through the record.
struct Moment {
    explicit Moment(Disk::Promise promise) : disk{promise} {}
    void advance(Record const& record, std::size_t to)
    {
        for (; at < to; ++at) {
            auto const& op = record.ops()[at];
            disk.apply(op);
            if (op.kind == faultfs_answered)
                told.answered.insert(op.offset);
            else if (op.kind == faultfs_sent)
                told.sent.emplace(op.bytes);
        }
    }
    Disk disk;
    Told told;
    std::size_t at{0};
};

class Gathered {
public:
    void add(Cut const& cut, std::string const& opened, Verdict const& verdict)
    {
        std::lock_guard const lock{mutex_};
        ++outcome_.images;
        auto failures = verdict.failures;
        if (opened != "ok")
            failures.insert(failures.begin(), "recovery: " + opened);
        if (failures.empty())
            return;
        ++outcome_.broken;
        auto const missing = [](auto const& failure) { return failure.find("are missing") != std::string::npos; };
        outcome_.promises_broken += std::any_of(failures.begin(), failures.end(), missing) ? 1u : 0u;
        for (auto const& failure : failures)
            if (outcome_.failures.size() < failures_told)
                outcome_.failures.push_back(fmt::format("image {} (power lost before entry {}): {}", cut.image, cut.at, failure));
    }
    [[nodiscard]] Outcome outcome() const { return outcome_; }

private:
    std::mutex mutex_;
    Outcome outcome_;
};

void work(CutRun const& run, std::vector<Cut> const& cuts, std::size_t worker, std::size_t workers, Gathered& gathered)
{
    Moment moment{run.promise};
    Opener opener{run.opener};
    auto const folder = folder_of(run.record);
    auto const image = run.scratch / fmt::format("image{}", worker);
    for (std::size_t i = worker; i < cuts.size(); i += workers) {
        moment.advance(run.record, cuts[i].at);
        std::mt19937_64 dice{cuts[i].seed};
        moment.disk.build(folder, image, cuts[i].pending, dice);
        auto const opened = opener.open(image / "deskbridge.db");
        gathered.add(cuts[i], opened, opened == "ok" ? judge_image(image / "deskbridge.db", run.load, moment.told) : Verdict{});
    }
    fs::remove_all(image);
}

} // namespace

std::vector<Cut> choose_cuts(Record const& record, std::uint64_t seed, std::uint64_t first, std::uint64_t count)
{
    auto const turning = turning_points(record);
    std::vector<Cut> cuts;
    for (auto image = first; image < first + count; ++image) {
        std::seed_seq mixed{seed, image};
        std::mt19937_64 dice{mixed};
        Cut cut;
        cut.image = image;
        cut.at = dice() % 2 == 0 && !turning.empty() ? turning[dice() % turning.size()] : dice() % (record.ops().size() + 1);
        cut.pending = choose_pending(dice() % 100);
        cut.seed = dice();
        cuts.push_back(cut);
    }
    return cuts;
}

fs::path folder_of(Record const& record)
{
    for (auto const& op : record.ops())
        if (op.kind == faultfs_open && op.bytes.ends_with("/deskbridge.db"))
            return fs::path{op.bytes}.parent_path();
    throw std::runtime_error("no database in the record");
}

Outcome run_cuts(CutRun const& run, std::vector<Cut> cuts)
{
    std::sort(cuts.begin(), cuts.end(), [](auto const& a, auto const& b) { return a.at < b.at; });
    auto const workers = std::max<std::size_t>(1, std::thread::hardware_concurrency());
    Gathered gathered;
    std::vector<std::thread> threads;
    for (std::size_t worker = 0; worker < workers; ++worker)
        threads.emplace_back([&, worker] { work(run, cuts, worker, workers, gathered); });
    for (auto& thread : threads)
        thread.join();
    return gathered.outcome();
}

Told build_image(Record const& record, Cut const& cut, fs::path const& into)
{
    Moment moment{Disk::Promise::kept};
    moment.advance(record, cut.at);
    std::mt19937_64 dice{cut.seed};
    moment.disk.build(folder_of(record), into, cut.pending, dice);
    return moment.told;
}

} // namespace fault
