#include "power_cuts.hpp"

#include "opener.hpp"
#include "recovery_cut.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <stdexcept>
#include <thread>

namespace fault {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t failures_told = 8;

class Gathered {
public:
    /// @param level  how many recoveries were cut short before this one; answers whether all holds
    bool add(Cut const& cut, std::uint64_t level, std::string const& opened, Verdict const& verdict)
    {
        std::lock_guard const lock{mutex_};
        ++outcome_.images;
        outcome_.again += level > 0 ? 1u : 0u;
        auto failures = verdict.failures;
        if (opened != "ok")
            failures.insert(failures.begin(), "recovery: " + opened);
        if (failures.empty())
            return true;
        ++outcome_.broken;
        outcome_.again_broken += level > 0 ? 1u : 0u;
        auto const missing = [](auto const& failure) { return failure.find("are missing") != std::string::npos; };
        outcome_.promises_broken += std::any_of(failures.begin(), failures.end(), missing) ? 1u : 0u;
        for (auto const& failure : failures)
            if (outcome_.failures.size() < failures_told)
                outcome_.failures.push_back(fmt::format("image {} (power lost before entry {}, and in {} recoveries): {}", cut.image, cut.at, level, failure));
        return false;
    }
    [[nodiscard]] Outcome outcome() const { return outcome_; }

private:
    std::mutex mutex_;
    Outcome outcome_;
};

/// Takes the share of one thread.
class Worker {
public:
    Worker(CutRun const& run, std::size_t number, Gathered& gathered)
        : run_{run},
          gathered_{gathered},
          image_{run.scratch / fmt::format("image{}", number)},
          record_{run.scratch / fmt::format("recovery{}", number)},
          moment_{run.promise},
          opener_{run.opener}
    {
    }
    ~Worker()
    {
        std::error_code ignored;
        fs::remove_all(image_, ignored);
        fs::remove(record_, ignored);
    }
    Worker(Worker const&) = delete;
    Worker& operator=(Worker const&) = delete;

    /// Those of one worker come in the order of their moments. Answers whether all holds.
    bool recover(Cut const& cut)
    {
        moment_.advance(run_.record, cut.at);
        std::mt19937_64 dice{cut.seed};
        moment_.disk.build(folder_of(run_.record), image_, cut.pending, dice);
        auto told = moment_.told;
        auto const again = recoveries_cut_short(cut.image);
        std::unique_ptr<RecoveryCut> before;
        for (std::uint64_t level = 0; level < again; ++level) {
            auto shortened = std::make_unique<RecoveryCut>(image_, record_, run_.during_recovery, told);
            // A process of its own: whatever it touches is opened in this record.
            std::optional<Opener> recorded{std::in_place, run_.opener, environment_of({run_.layer, image_, record_, ""})};
            if (!judged(cut, level, *recorded, told, before.get()))
                return false;
            recorded.reset(); // what it still writes is in the record before power is lost
            told = shortened->lose_power(dice);
            before = std::move(shortened);
        }
        return judged(cut, again, opener_, told, before.get());
    }

private:
    [[nodiscard]] std::uint64_t recoveries_cut_short(std::uint64_t image) const
    {
        return run_.again_every == 0 || image % run_.again_every != 0 ? 0 : 1 + image / run_.again_every % deepest_cut;
    }
    /// @param before  what left the image; null: the record alone
    bool judged(Cut const& cut, std::uint64_t level, Opener& opener, Told const& told, RecoveryCut const* before)
    {
        auto const database = image_ / "deskbridge.db";
        auto const opened = opener.open(database);
        bool const holds = gathered_.add(cut, level, opened, opened == "ok" ? judge_image(database, run_.load, told) : Verdict{});
        if (!holds && before && run_.during_recovery == Disk::Promise::kept)
            before->leave_again(fs::path{"/tmp"} / fmt::format("deskbridge-image-{}-{}", cut.image, level)); // the record alone cannot make it again
        return holds;
    }

    CutRun const& run_;
    Gathered& gathered_;
    fs::path image_;
    fs::path record_;
    Moment moment_;
    Opener opener_;
};

} // namespace

std::vector<Cut> choose_cuts(Record const& record, std::uint64_t seed, std::uint64_t first, std::uint64_t count)
{
    auto const turning = turning_points(record);
    std::vector<Cut> cuts;
    for (auto image = first; image < first + count; ++image) {
        std::seed_seq mixed{seed, image};
        std::mt19937_64 dice{mixed};
        cuts.push_back(choose_cut(record, turning, dice));
        cuts.back().image = image;
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
        threads.emplace_back([&, worker] {
            Worker one{run, worker, gathered};
            for (std::size_t i = worker; i < cuts.size(); i += workers) {
                bool const holds = one.recover(cuts[i]);
                if (run.progress != nullptr)
                    run.progress->done(1, holds ? 0 : 1);
            }
        });
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
