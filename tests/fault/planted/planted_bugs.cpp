#include "bug.hpp"
#include "trial.hpp"

#include "../arguments.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <iterator>
#include <mutex>
#include <sstream>
#include <thread>

using namespace planted;
namespace fs = std::filesystem;

namespace {

constexpr auto usage = R"(planted_bugs --bin FOLDER --bugs FOLDER --layer faultfs.so --corpus FOLDER [--only NAME] [--aloud 1] [--jobs N]

Is the judge any good? Each bug of the tables beside this file is switched on in a copy of the daemon's code, and the judge
that the table names must find it, in the words that the table gives. With no bug switched on every judge must be content.
)";

constexpr std::chrono::seconds longest_trial{120};

/// The longest ones first, so that nothing runs alone at the end.
struct Judge {
    std::string_view name;
    std::string_view command; ///< {bin}, {layer}, {corpus}, {scratch} stand for the paths
};
constexpr std::array judges{
    Judge{"power_cuts", "{bin}/power_cuts --deskbridge {bin}/deskbridge_planted --layer {layer} --opener {bin}/image_opener --seed 12 "
                        "--images 100 --again 0 --daemons 0 --keep {scratch}"},
    Judge{"crash_rounds", "{bin}/crash_rounds --deskbridge {bin}/deskbridge_planted --rounds 4 --seed 12"},
    Judge{"io_faults", "{bin}/io_faults --deskbridge {bin}/deskbridge_planted --layer {layer} --opener {bin}/image_opener"},
    Judge{"raw_http", "{bin}/raw_http --deskbridge {bin}/deskbridge_planted --corpus {corpus}"},
    Judge{"storm", "{bin}/storm --deskbridge {bin}/deskbridge_planted --events 2000 --customers 50"},
    Judge{"bad_input", "{bin}/bad_input --deskbridge {bin}/deskbridge_planted"},
    Judge{"simulation", "{bin}/simulation_planted --seeds 60 --failures 1 --jobs 1"},
    Judge{"send_faults", "{bin}/send_faults_planted --sends 1600 --crashes 6 --seeds 0 --jobs 1"},
    Judge{"flow", "{bin}/test_flow_planted"},
    Judge{"outbox", "{bin}/test_outbox_planted"},
    Judge{"outbox_model", "{bin}/test_outbox_model_planted"},
    Judge{"channels", "{bin}/test_channels_planted"},
};

struct Run {
    std::string judge;  ///< as the table writes it, with its arguments
    std::vector<std::string> command;
    std::size_t place{0};
    Bug const* bug{nullptr}; ///< none: the sound run
    Trial trial{};
};

std::vector<std::string> words_of(std::string const& line)
{
    std::istringstream in{line};
    return {std::istream_iterator<std::string>{in}, {}};
}

Run run_of(Bug const& bug, fault::Arguments const& arguments, fs::path const& scratch)
{
    auto const name = bug.judge.substr(0, bug.judge.find(' '));
    auto const judge = std::find_if(judges.begin(), judges.end(), [&](Judge const& each) { return each.name == name; });
    if (judge == judges.end())
        throw std::runtime_error{fmt::format("{}: there is no judge {}", bug.written_at, name)};
    auto line = std::string{judge->command} + bug.judge.substr(name.size());
    for (auto const* path : {"bin", "layer", "corpus", "scratch"})
        for (auto const mark = fmt::format("{{{}}}", path); line.find(mark) != std::string::npos;)
            line.replace(line.find(mark), mark.size(), arguments.text(fmt::format("--{}", path), scratch.string()));
    return {bug.judge, words_of(line), static_cast<std::size_t>(judge - judges.begin()), &bug};
}

/// Each bug's run, and once each different command without a bug.
std::vector<Run> runs_of(std::vector<Bug> const& bugs, fault::Arguments const& arguments, fs::path const& scratch)
{
    std::vector<Run> runs;
    std::vector<std::vector<std::string>> sound; // commands that have been tried without a bug
    for (auto const& bug : bugs) {
        if (auto const only = arguments.text("--only"); !only.empty() && only != bug.name)
            continue;
        runs.push_back(run_of(bug, arguments, scratch));
        if (std::find(sound.begin(), sound.end(), runs.back().command) != sound.end())
            continue;
        sound.push_back(runs.back().command);
        runs.push_back(runs.back());
        runs.back().bug = nullptr;
    }
    std::stable_sort(runs.begin(), runs.end(), [](Run const& a, Run const& b) { return a.place < b.place; });
    return runs;
}

/// One of the findings, which are parted by " | ".
bool says(std::string const& said, std::string const& findings)
{
    for (std::size_t at = 0; at < findings.size();) {
        auto const end = std::min(findings.find(" | ", at), findings.size());
        if (said.find(findings.substr(at, end - at)) != std::string::npos)
            return true;
        at = end + 3;
    }
    return false;
}

/// "" or what is not as it must be.
std::string trouble_of(Run const& run)
{
    auto const& trial = run.trial;
    auto const how = trial.broken_off ? "had no end" : trial.status < 0 ? "crashed" : fmt::format("ended with {}", trial.status);
    if (!run.bug)
        return trial.status == 0 ? "" : fmt::format("{} {} without any bug", run.judge, how);
    bool const found = trial.status > 0 && says(trial.said, run.bug->finds);
    return found ? "" : fmt::format("{} is not caught: {} {} and did not say \"{}\"", run.bug->name, run.judge, how, run.bug->finds);
}

struct Totals {
    int caught{0};
    int content{0};
    int failed{0};
};

void report(Run const& run, bool aloud, Totals& totals)
{
    auto const trouble = trouble_of(run);
    auto const& [status, broken_off, said, took] = run.trial;
    (!trouble.empty() ? totals.failed : run.bug ? totals.caught : totals.content) += 1;
    if (!trouble.empty())
        fmt::print("FAILED: {}; again with: DESKBRIDGE_PLANTED={} {}\n{}\n", trouble, run.bug ? run.bug->name : "''", fmt::join(run.command, " "),
                   said.substr(said.size() - std::min<std::size_t>(said.size(), 1500)));
    else if (aloud)
        fmt::print("{:>7} ms  {}: {}\n", took.count(), run.judge, run.bug ? run.bug->name + ": " + run.bug->finds : "content");
}

/// Several at once: most of them wait most of the time.
Totals try_all(std::vector<Run>& runs, fs::path const& scratch, fault::Arguments const& arguments)
{
    Totals totals;
    std::mutex reporting;
    std::atomic<std::size_t> next{0};
    std::vector<std::thread> threads;
    for (auto jobs = arguments.number("--jobs", static_cast<int>(std::max(3u, std::thread::hardware_concurrency()))); jobs > 0; --jobs)
        threads.emplace_back([&] {
            for (auto n = next++; n < runs.size(); n = next++) {
                runs[n].trial = try_judge(runs[n].command, runs[n].bug ? runs[n].bug->name : "", scratch, longest_trial);
                std::lock_guard const lock{reporting};
                report(runs[n], arguments.number("--aloud", 0) != 0, totals);
            }
        });
    for (auto& thread : threads)
        thread.join();
    return totals;
}

} // namespace

int main(int argc, char** argv)
{
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    fault::Arguments const arguments{argc, argv, usage};
    std::vector<fs::path> files;
    for (auto const& entry : fs::directory_iterator{arguments.text("--bugs")})
        if (entry.path().extension() == ".txt")
            files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    auto const bugs = read_bugs(files);
    if (fs::is_directory("/dev/shm"))
        ::setenv("TMPDIR", "/dev/shm", 0);
    fault::ScratchFolder const scratch;
    ::setenv("TMPDIR", scratch.path().c_str(), 1); // what a judge that is broken off leaves behind goes with it
    auto runs = runs_of(bugs, arguments, scratch.path());
    auto const begun = std::chrono::steady_clock::now();
    auto const totals = try_all(runs, scratch.path(), arguments);
    std::chrono::duration<double> const took = std::chrono::steady_clock::now() - begun;
    fmt::print("planted_bugs: {} bugs caught, {} judges content without one, {:.0f} s, {} passed, {} failed\n", totals.caught, totals.content,
               took.count(), totals.caught + totals.content, totals.failed);
    return totals.failed == 0 && totals.caught > 0 ? 0 : 1;
}
