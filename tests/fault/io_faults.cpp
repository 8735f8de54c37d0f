#include "arguments.hpp"
#include "io_scenario.hpp"
#include "progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <regex>
#include <stdexcept>
#include <thread>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

using namespace fault;
namespace fs = std::filesystem;

namespace {

constexpr auto usage = R"(io_faults --deskbridge PROGRAM --layer faultfs.so --opener image_opener [--scenario work|birth|checkpoint] [--all 1] [--seed S]
          [--order kind:n:error:how | --order kind:n-m:error:how]

For n = 1, 2, 3, …: the n-th write or sync below the daemon's folder fails, once or from then on, until the scenario ends
without having met it. Each time: the process ends with 70, refuses to start, or answers 5xx; what it answered 2xx outlives
a loss of power at that moment; it starts again on what it left, takes everything again, and nothing is there twice.
Without --all: every sync with every error, every write with EIO once. --order repeats one run, or those from n to m up to
the first that fails. The control is a disk that says it has synced and has not: there, promises must be found broken.
)";

constexpr int untouched_in_a_row = 2; // timing moves a few calls between runs

struct Variant {
    char const* kind;
    char const* error;
    char const* how;
    bool always; ///< also without --all
};

constexpr Variant variants[] = {
    {"sync", "EIO", "once", true},     {"sync", "EIO", "ever", true},      {"sync", "ENOSPC", "once", true},
    {"sync", "ENOSPC", "ever", true},  {"write", "EIO", "once", true},     {"write", "EIO", "ever", false},
    {"write", "ENOSPC", "once", false}, {"write", "ENOSPC", "ever", false}, {"write", "SHORT", "once", false},
    {"write", "EINTR", "once", false}, {"name", "EIO", "once", false},     {"name", "ENOSPC", "ever", false},
};

struct Tally {
    int runs{0};
    int failed{0};
    int stopped{0};
    int not_started{0};
    int went_on{0};
    int refused{0};
};

void count(Tally& tally, Scenario::Result const& result)
{
    ++tally.runs;
    tally.failed += result.failures.empty() ? 0 : 1;
    tally.stopped += result.status == 70 ? 1 : 0;
    tally.not_started += !result.started && result.status != 70 ? 1 : 0;
    tally.went_on += result.started && result.status == 0 ? 1 : 0;
    tally.refused += result.refused;
}

/// What is played over and over, and who is told of each time.
struct Stage {
    Scenario& scenario;
    Progress& progress;
};

/// Every `step`-th n from `first` on.
Tally play(Stage const& stage, Variant const& variant, int first, int step)
{
    Tally tally;
    int untouched = 0;
    for (int n = first; untouched < untouched_in_a_row; n += step) {
        auto const order = fmt::format("{}:{}:{}:{}", variant.kind, n, variant.error, variant.how);
        auto const result = stage.scenario.run(order);
        untouched = result.touched ? 0 : untouched + 1;
        count(tally, result);
        stage.progress.done(1, result.failures.empty() ? 0 : 1);
        for (auto const& failure : result.failures)
            fmt::print("FAILED: {}: {}\n", order, failure);
        std::fflush(stdout);
    }
    return tally;
}

/// A process for each worker: the layer is put under the daemon by the environment, which threads would share.
Tally play_in_processes(Stage const& stage, Variant const& variant, fs::path const& scratch)
{
    int const workers = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    std::vector<pid_t> children;
    std::fflush(stdout);
    for (int worker = 0; worker < workers; ++worker) {
        auto const child = ::fork();
        if (child == 0) {
            stage.scenario.work_in(scratch / fmt::format("worker{}", worker));
            auto const t = play(stage, variant, worker + 1, workers);
            std::ofstream{scratch / fmt::format("tally{}", worker)}
                << t.runs << ' ' << t.failed << ' ' << t.stopped << ' ' << t.not_started << ' ' << t.went_on << ' ' << t.refused;
            std::fflush(stdout);
            ::_exit(0);
        }
        children.push_back(child);
    }
    Tally sum;
    for (int worker = 0; worker < workers; ++worker) {
        int status = 0;
        ::waitpid(children[static_cast<std::size_t>(worker)], &status, 0);
        Tally t;
        std::ifstream in{scratch / fmt::format("tally{}", worker)};
        if (status != 0 || !(in >> t.runs >> t.failed >> t.stopped >> t.not_started >> t.went_on >> t.refused)) {
            fmt::print("FAILED: a worker ended with status {:#x}\n", status);
            ++t.failed;
        }
        fs::remove(scratch / fmt::format("tally{}", worker));
        sum = {sum.runs + t.runs, sum.failed + t.failed, sum.stopped + t.stopped, sum.not_started + t.not_started, sum.went_on + t.went_on, sum.refused + t.refused};
    }
    return sum;
}

bool repeat(Scenario& scenario, std::string const& order)
{
    auto const result = scenario.run(order);
    for (auto const& failure : result.failures)
        fmt::print("FAILED: {}: {}\n", order, failure);
    fmt::print("{}: {}, exit status {}\n", order, result.touched ? "met" : "not met", result.status);
    return result.failures.empty();
}

/// kind:n:error:how, or kind:n-m:error:how for each of them.
std::vector<std::string> orders_of(std::string const& written)
{
    std::smatch part;
    if (!std::regex_match(written, part, std::regex{"([a-z]+):([0-9]{1,6})(?:-([0-9]{1,6}))?:([A-Z]+:[a-z]+)"}))
        throw std::runtime_error{fmt::format("--order {}: not of the form kind:n:error:how", written)};
    int const first = std::stoi(part[2]);
    int const last = part[3].matched ? std::stoi(part[3]) : first;
    std::vector<std::string> orders;
    for (int n = first; n <= last; ++n)
        orders.push_back(fmt::format("{}:{}:{}", part[1].str(), n, part[4].str()));
    return orders;
}

/// Of a disk that lies from its first sync on; answers whether that was noticed.
bool control_works(Scenario& scenario, fs::path const& scratch)
{
    scenario.work_in(scratch / "control");
    auto const failures = scenario.run("sync:1:LIE:ever").failures;
    return std::any_of(failures.begin(), failures.end(), [](auto const& failure) { return failure.find("are missing") != std::string::npos; });
}

} // namespace

int main(int argc, char** argv)
{
    std::signal(SIGPIPE, SIG_IGN);
    Arguments const arguments{argc, argv, usage};
    ::setenv("TMPDIR", ::access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp", 0);
    ScratchFolder const scratch;
    auto const name = arguments.text("--scenario", "work");
    auto const seed = static_cast<std::uint64_t>(arguments.number("--seed", 1));
    bool const all = arguments.number("--all", 0) != 0;
    Scenario scenario{{fs::absolute(arguments.text("--deskbridge")), fs::absolute(arguments.text("--layer")), fs::absolute(arguments.text("--opener"))},
                      name, seed};
    scenario.prepare(scratch.path() / "template");
    if (auto const written = arguments.text("--order"); !written.empty()) {
        scenario.work_in(scratch.path() / "repeated");
        auto const orders = orders_of(written);
        return std::all_of(orders.begin(), orders.end(), [&](auto const& order) { return repeat(scenario, order); }) ? 0 : 1;
    }
    Tally sum;
    Progress progress{"io_faults", 0}; // the scenario ends where no fault is met any more
    for (auto const& variant : variants) {
        if (!variant.always && !all)
            continue;
        auto const t = play_in_processes({scenario, progress}, variant, scratch.path());
        fmt::print("{:<5} {:<6} {}: {} runs, {} stopped with 70, {} did not start, {} went on, {} requests were not answered 2xx\n", variant.kind, variant.error,
                   variant.how, t.runs, t.stopped, t.not_started, t.went_on, t.refused);
        sum.runs += t.runs;
        sum.failed += t.failed;
        sum.stopped += t.stopped;
    }
    if (sum.stopped == 0) { // a layer that is not there lets everything pass
        fmt::print("FAILED: no fault ever stopped the daemon\n");
        ++sum.failed;
    }
    bool const noticed = control_works(scenario, scratch.path());
    if (!noticed) {
        fmt::print("FAILED: a disk that only says it has synced broke no promise\n");
        ++sum.failed;
    }
    fmt::print("i/o faults: scenario {}, {} runs, {} ended with exit status 70; control: a lying disk was {}; seed {}\n", name, sum.runs, sum.stopped,
               noticed ? "noticed" : "not noticed", seed);
    fmt::print("{} passed, {} failed\n", std::max(0, sum.runs - sum.failed), sum.failed);
    return sum.failed == 0 ? 0 : 1;
}
