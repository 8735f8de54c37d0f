#include "power_cuts.hpp"

#include "arguments.hpp"
#include "daemon.hpp"
#include "daemon_recovery.hpp"
#include "http.hpp"
#include "opener.hpp"
#include "photo_host.hpp"
#include "planted_damage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <optional>
#include <thread>

#include <malloc.h>
#include <unistd.h>

using namespace fault;
namespace fs = std::filesystem;

namespace {

constexpr auto usage = R"(power_cuts --deskbridge PROGRAM --layer faultfs.so --opener image_opener [--images N] [--again N] [--daemons N] [--seed S]
           [--record FILE [--image K]] [--keep FOLDER]

Records what the daemon does to its files under a mixed load, from an empty folder on and through a kill -9; loses power at chosen moments of
it, on disks that keep their promise and no more; recovers every image, a few of them by the whole daemon, and judges it.
Of every N-th image (--again, 0: of none) power is lost again during the recovery, up to three times, and each time judged.
Controls are a disk that syncs the log as synchronous=NORMAL would, where promises must be found broken, and one that syncs
nothing while it recovers.
A failure keeps its record (in --keep); --record (with the same seed) judges it again, --image K leaves one image to look at.
)";

constexpr std::uint64_t images_a_record = 20000;
constexpr std::uint64_t control_images = 200;
constexpr std::uint64_t again_control_images = 60;
constexpr auto acknowledgements_take = std::chrono::seconds{10};

struct Plan {
    fs::path program{};
    fs::path layer{};
    fs::path opener{};
    fs::path scratch{};
    std::uint64_t images{0};
    std::uint64_t daemons{0}; ///< images that the whole daemon recovers
    std::uint64_t again_every{0};
    std::uint64_t seed{0};
    Progress* progress{nullptr};
};

struct Totals {
    std::uint64_t passed{0};
    std::uint64_t failed{0};
    std::uint64_t control_images{0};
    std::uint64_t control_broken{0};
    std::uint64_t again{0};
    std::uint64_t again_control_images{0};
    std::uint64_t again_control_broken{0};
    std::uint64_t daemons{0};
    std::size_t entries{0};
    std::size_t syncs{0};
    std::size_t answers{0};
};

void tell(std::vector<std::string> const& failures)
{
    for (auto const& failure : failures)
        fmt::print("FAILED: {}\n", failure);
}

MixedLoad::Shape shape_of(std::uint64_t seed)
{
    MixedLoad::Shape shape;
    shape.seed = seed;
    shape.photos = 0.1;
    return shape;
}

/// Waits for the end that the layer brings about in the middle of a write; if the load had too few writes for that, brings it about itself.
void wait_for_end(Daemon& daemon)
{
    auto const patience = std::chrono::steady_clock::now() + std::chrono::minutes{1};
    while (daemon.resident_kib() > 0 && std::chrono::steady_clock::now() < patience)
        std::this_thread::sleep_for(std::chrono::milliseconds{2});
    if (daemon.resident_kib() > 0) {
        fmt::print("the write at which it should have been killed has not come: killed where it is\n");
        return daemon.kill();
    }
    daemon.terminate(); // takes its status
}

/// Three lives in one record: under load until the layer kills it in the middle of a write; the rest of the load, until the
/// acknowledgements are out; and one that only comes and goes.
void make_record(Plan const& plan, MixedLoad& load, fs::path const& record)
{
    auto const folder = plan.scratch / "recorded";
    fs::remove_all(folder);
    fs::remove(record);
    ProviderSink const sink{serve_photo};
    Daemon daemon{plan.program, folder, sink.port()};
    std::atomic<bool> const never{false};
    {
        Preload const preload{{plan.layer, folder, record, fmt::format("write:{}:KILL:once", 200 + plan.seed * 7919 % 400)}};
        daemon.start();
    }
    std::thread customers{[&] { load.run(daemon.port(), folder / "c.sock", never, 500); }};
    wait_for_end(daemon);
    Preload const preload{{plan.layer, folder, record, ""}};
    daemon.start();
    customers.join();
    std::this_thread::sleep_for(acknowledgements_take);
    daemon.terminate();
    daemon.start();
    daemon.terminate();
}

/// The whole record recovered and then damaged on purpose, row by row.
std::vector<std::string> judge_the_judge(Plan const& plan, Record const& record, MixedLoad const& load)
{
    auto const image = plan.scratch / "sound";
    Cut cut;
    cut.at = record.ops().size();
    cut.pending = Disk::Pending::kept;
    auto const told = build_image(record, cut, image);
    Opener opener{plan.opener};
    if (auto const opened = opener.open(image / "deskbridge.db"); opened != "ok")
        return {"the end of the record cannot be recovered: " + opened};
    return overlooked_damage(image / "deskbridge.db", load, told);
}

CutRun run_of(Plan const& plan, Record const& record, MixedLoad const& load)
{
    CutRun run{record, load};
    run.opener = plan.opener;
    run.scratch = plan.scratch;
    run.layer = plan.layer;
    run.again_every = plan.again_every;
    return run;
}

void run_controls(Plan const& plan, Record const& record, MixedLoad const& load, std::uint64_t first, Totals& totals)
{
    auto const cuts = choose_cuts(record, plan.seed + 1, first, std::min(plan.images, control_images));
    auto run = run_of(plan, record, load);
    run.again_every = 0;
    run.promise = Disk::Promise::log_is_not_synced;
    auto const control = run_cuts(run, cuts);
    totals.control_images += control.images;
    totals.control_broken += control.promises_broken;
    if (plan.again_every == 0)
        return;
    run.again_every = 1;
    run.promise = Disk::Promise::kept;
    run.during_recovery = Disk::Promise::none;
    auto const again = run_cuts(run, {cuts.begin(), cuts.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(cuts.size(), again_control_images))});
    totals.again_control_images += again.again;
    totals.again_control_broken += again.again_broken;
}

void judge_record(Plan const& plan, Record const& record, MixedLoad& load, std::uint64_t first, Totals& totals)
{
    auto const images = std::min(images_a_record, plan.images - first);
    auto const cuts = choose_cuts(record, plan.seed, first, images);
    auto run = run_of(plan, record, load);
    run.progress = plan.progress;
    auto const outcome = run_cuts(run, cuts);
    tell(outcome.failures);
    totals.passed += outcome.images - outcome.broken;
    totals.failed += outcome.broken;
    totals.again += outcome.again;
    run_controls(plan, record, load, first, totals);
    auto const overlooked = judge_the_judge(plan, record, load);
    tell(overlooked);
    totals.failed += overlooked.size();
    totals.passed += planted_damages() - overlooked.size();
    for (std::uint64_t i = 0; i < plan.daemons; ++i) {
        DaemonRecovery const order{plan.program, plan.layer, plan.scratch, i % (deepest_cut + 1)};
        auto const failures = recover_by_daemon(order, record, load, cuts[i * cuts.size() / plan.daemons]);
        tell(failures);
        ++totals.daemons;
        plan.progress->done(1, failures.empty() ? 0 : 1);
        (failures.empty() ? totals.passed : totals.failed) += 1;
    }
    totals.entries += record.ops().size();
    totals.syncs += record.count(faultfs_sync_done);
    totals.answers += record.count(faultfs_answered);
}

/// A control that finds nothing proves that nothing can be found.
int report(Plan const& plan, Totals totals)
{
    bool const control_works = totals.control_broken * 4 > totals.control_images;
    if (!control_works)
        fmt::print("FAILED: a log that is not synced at commits broke a promise in {} of {} images only\n", totals.control_broken, totals.control_images);
    (control_works ? totals.passed : totals.failed) += 1;
    bool const again_works = plan.again_every == 0 || totals.again_control_broken * 20 > totals.again_control_images;
    if (!again_works)
        fmt::print("FAILED: recoveries on a disk that syncs nothing broke {} of {} images only\n", totals.again_control_broken, totals.again_control_images);
    (again_works ? totals.passed : totals.failed) += 1;
    fmt::print("power cuts: {} entries, {} syncs and {} answers recorded; {} images recovered, {} that a cut during recovery left, {} by the whole "
               "daemon; controls: promises broken in {} of {} images, {} of {} cut during recovery broken; {} damages planted; seed {}\n",
               totals.entries, totals.syncs, totals.answers, plan.images, totals.again, totals.daemons, totals.control_broken, totals.control_images,
               totals.again_control_broken, totals.again_control_images, planted_damages(), plan.seed);
    fmt::print("{} passed, {} failed\n", totals.passed, totals.failed);
    return totals.failed == 0 ? 0 : 1;
}

/// In memory if there is such a folder: an image lives for milliseconds.
fs::path memory_or_disk()
{
    fs::path const memory{"/dev/shm"};
    return ::access(memory.c_str(), W_OK) == 0 ? memory : fs::temp_directory_path();
}

int leave_image(Arguments const& arguments, Plan const& plan)
{
    Record const record{arguments.text("--record")};
    auto const image = static_cast<std::uint64_t>(arguments.number("--image", 0));
    auto const cut = choose_cuts(record, plan.seed, image, 1).front();
    auto const into = fs::temp_directory_path() / fmt::format("deskbridge-image-{}", image);
    build_image(record, cut, into);
    fmt::print("image {}: {}\n", image, into.string());
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    std::signal(SIGPIPE, SIG_IGN);
    // Images come and go by the thousand: their memory stays, instead of being taken from the kernel and given back each time.
    constexpr int largest_possible = 32 << 20; // a larger one is refused
    ::mallopt(M_MMAP_THRESHOLD, largest_possible);
    ::mallopt(M_TRIM_THRESHOLD, 8 * largest_possible);
    Arguments const arguments{argc, argv, usage};
    ::setenv("TMPDIR", memory_or_disk().c_str(), 0);
    ScratchFolder const scratch;
    Plan plan;
    plan.seed = static_cast<std::uint64_t>(arguments.number("--seed", static_cast<int>(::getpid() * 7919 % 1000000)));
    if (!arguments.text("--image").empty())
        return leave_image(arguments, plan);
    plan.program = fs::absolute(arguments.text("--deskbridge"));
    plan.layer = fs::absolute(arguments.text("--layer"));
    plan.opener = fs::absolute(arguments.text("--opener"));
    plan.scratch = scratch.path();
    plan.images = static_cast<std::uint64_t>(arguments.number("--images", 2000));
    plan.again_every = static_cast<std::uint64_t>(arguments.number("--again", 8));
    plan.daemons = static_cast<std::uint64_t>(arguments.number("--daemons", 12));
    auto const records = (plan.images + images_a_record - 1) / images_a_record;
    Progress progress{"power_cuts", plan.images + records * plan.daemons};
    plan.progress = &progress;
    Totals totals;
    for (std::uint64_t first = 0; first < plan.images; first += images_a_record) {
        MixedLoad load{shape_of(plan.seed + first)};
        fs::path const given{arguments.text("--record")};
        auto const file = given.empty() ? plan.scratch / "record" : given;
        if (given.empty())
            make_record(plan, load, file);
        auto const failed = totals.failed;
        {
            Record const record{file};
            judge_record(plan, record, load, first, totals);
        }
        if (totals.failed > failed && given.empty()) {
            auto const kept = fs::path{arguments.text("--keep", "/tmp")} / fmt::format("deskbridge-record-{}-{}", plan.seed, first);
            fs::copy_file(file, kept, fs::copy_options::overwrite_existing);
            fmt::print("the record is kept: --record {} --seed {}\n", kept.string(), plan.seed);
        }
    }
    return report(plan, totals);
}
