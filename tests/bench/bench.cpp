#include "items.hpp"

#include "support/read_file.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <stdexcept>

using namespace bench;

namespace {

constexpr auto usage = R"(bench --deskbridge PROGRAM [--peer FOLDER] [--only ITEM] [--long 1] [--rounds N] [--seconds S] [--customers N]
      [--messages N] [--budget FILE] [--json FILE] [--page FILE] [--commit ID]

Measures the real process beside what the machine can do (tests/bench/limit) and beside what people would use instead (tests/bench/peer), in
turn and in one run. Every answer and afterwards every database is looked at; what is not right ends the run with status 1. No figure does.
--long 1: also what takes long. --messages: how many make a large database.
--budget: what a webhook may cost, in instructions. --json: the figures. --page: a page whose places are filled with them.
)";

struct Line {
    char const* id;
    Items (*measure)(Ground&, Syncs&);
    bool is_long;
};
constexpr std::array lines{
    Line{"throughput", measure_throughput, false},
    Line{"shapes", measure_shapes, false},
    Line{"latency", measure_latency, false},
    Line{"cost", measure_cost, false},
    Line{"acknowledgement", measure_acknowledgement, true},
    Line{"outbox", measure_outbox, true},
    Line{"memory", measure_memory, true},
    Line{"large", measure_large, true},
    Line{"binary", measure_binary, true},
};

void show(Item const& item)
{
    fmt::print("{}\n", item.title);
    for (auto const& series : item.series)
        fmt::print("  {:<48} {:>12.2f}  ({:.2f} to {:.2f}) {}\n", series.name, series.median(), series.least(), series.most(), series.unit);
    for (auto const& goal : item.goals)
        fmt::print("  {}: {}: {:.2f} {} (wanted: {} {} {})\n", goal.reached() ? "reached" : "NOT REACHED", goal.what, goal.value, goal.unit,
                   goal.at_least ? "at least" : "at most", goal.bound, goal.unit);
    std::fflush(stdout);
}

nlohmann::json versions_of(Ground& ground)
{
    auto versions = our_versions();
    if (!ground.peer.empty()) {
        auto const peer = Peer{ground.peer, ground.folder("versions.db")}.versions();
        if (peer.at("synchronous") != 2)
            throw std::runtime_error("the peer does not sync as it should");
        for (auto const* name : {"node", "fastify", "better_sqlite3"})
            versions[name] = peer.at(name);
        versions["SQLite of the peer"] = peer.at("sqlite");
    }
    return versions;
}

Report measure(Ground& ground, fault::Arguments const& arguments)
{
    Report report{render_today(), arguments.text("--commit", "unknown"), describe_machine(ground.scratch.path()), versions_of(ground), {}, {}};
    if (ground.peer.empty())
        report.missing.emplace_back("no --peer: the comparison is not there, so no ratio to it was measured (npm and Node are needed; see tests/bench/peer)");
    auto const only = arguments.text("--only");
    for (auto const& line : lines) {
        if (!only.empty() ? only != line.id : line.is_long && arguments.number("--long", 0) == 0)
            continue;
        Syncs syncs;
        for (auto& item : line.measure(ground, syncs)) {
            show(item);
            report.items.push_back(std::move(item));
        }
    }
    report.missing.insert(report.missing.end(), ground.missing.begin(), ground.missing.end());
    for (auto const& what : report.missing)
        fmt::print("\nMISSING: {}\n", what);
    return report;
}

void write(Report const& report, fault::Arguments const& arguments)
{
    if (auto const file = arguments.text("--json"); !file.empty())
        std::ofstream{file} << render_json(report).dump(2) << '\n';
    if (auto const file = arguments.text("--page"); !file.empty()) {
        auto const page = render_page(deskbridge::test::read_file(file), report);
        std::ofstream{file} << page;
    }
}

} // namespace

int main(int argc, char** argv)
try {
    fault::Arguments const arguments{argc, argv, usage};
    Ground ground;
    ground.program = arguments.text("--deskbridge");
    if (auto const peer = arguments.text("--peer"); !peer.empty())
        ground.peer = std::filesystem::absolute(peer);
    ground.customers = arguments.number("--customers", ground.customers);
    ground.rounds = arguments.number("--rounds", ground.rounds);
    ground.round = std::chrono::seconds{arguments.number("--seconds", 5)};
    ground.budget = arguments.text("--budget", "tests/bench/budget.json");
    ground.messages = static_cast<std::size_t>(arguments.number("--messages", 1'000'000));
    write(measure(ground, arguments), arguments);
    return 0;
} catch (std::exception const& failed) {
    std::fprintf(stderr, "bench: %s\n", failed.what());
    return 1;
}
