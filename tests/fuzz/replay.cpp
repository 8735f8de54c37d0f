#include "fault/arguments.hpp"
#include "fault/tally.hpp"
#include "fuzz/seeds.hpp"
#include "fuzz/targets.hpp"
#include "support/mangler.hpp"
#include "support/read_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

constexpr auto usage = R"(fuzz_replay [--target NAME] [--mangled N] [--rounds N] [--seed S] [--finds FOLDER] [--input FILE] [--write-seeds FOLDER]

Every fuzz target over its seeds, its regression inputs and mangled copies of both: without coverage to guide it, but
with any compiler, and always the same. Each target runs in a process of its own, for it may die.

--target NAME        this one alone                     --mangled 5000, --rounds 50   copies of all inputs, of one at most
--seed 1             of the mangler                     --finds FOLDER                where inputs are kept that were not stood
--input FILE         this input alone, in this process  --write-seeds FOLDER          for libFuzzer; runs nothing
)";

namespace fs = std::filesystem;
namespace fuzz = deskbridge::fuzz;
using deskbridge::test::Mangler;

constexpr unsigned longest_run = 120; // seconds for one input: something hangs

/// Which input is at work; shared with the process that works.
struct Place {
    std::size_t seed{0};
    int round{0}; ///< 0: as it is; from 1 on mangled
};

struct Plan {
    fuzz::Target target;
    std::vector<fuzz::Seed> seeds;
    std::vector<std::string> words;
    std::uint64_t dice{0};
    int rounds{0};
};

std::string input_at(Plan const& plan, Place const& place)
{
    auto const& seed = plan.seeds[place.seed];
    if (place.round == 0)
        return seed.bytes;
    Mangler mangler{plan.dice ^ (place.seed << 20U) ^ static_cast<std::uint64_t>(place.round), plan.words};
    if (place.round % 2 == 0)
        if (auto const doc = nlohmann::json::parse(seed.bytes, nullptr, false); !doc.is_discarded())
            return mangler.tree(doc);
    return mangler.bytes(seed.bytes);
}

/// In a block of just its size, so that the address sanitizer sees one byte too many.
void run(fuzz::Target const& target, std::string const& input)
{
    std::vector<char> const exact{input.begin(), input.end()};
    target.run({exact.data(), exact.size()});
}

[[noreturn]] void work(Plan const& plan, Place& place)
{
    try {
        for (place.round = 0; place.round <= plan.rounds; ++place.round)
            for (place.seed = 0; place.seed < plan.seeds.size(); ++place.seed) {
                ::alarm(longest_run);
                run(plan.target, input_at(plan, place));
            }
    } catch (std::exception const& e) {
        fmt::print("{}: {}\n", plan.target.name, e.what());
        std::fflush(stdout);
        ::_exit(1);
    }
    std::exit(0); // not _exit: leaks are found at the end
}

void report(Plan const& plan, Place const& place, fs::path const& finds)
{
    fs::create_directories(finds);
    auto const file = finds / fmt::format("{}-{}-{}", plan.target.name, place.seed, place.round);
    std::ofstream{file, std::ios::binary} << input_at(plan, place);
    fmt::print("{}: seed \"{}\", round {}; repeat: fuzz_replay --target {} --input {}\n", plan.target.name, plan.seeds[place.seed].name,
               place.round, plan.target.name, file.string());
}

/// Answers whether the target has stood it.
bool try_target(Plan const& plan, fs::path const& finds)
{
    void* const shared = ::mmap(nullptr, sizeof(Place), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        throw std::runtime_error("no shared memory");
    auto& place = *new (shared) Place;
    std::fflush(stdout);
    auto const child = ::fork();
    if (child == 0)
        work(plan, place);
    int status = 0;
    if (child < 0 || ::waitpid(child, &status, 0) != child)
        throw std::runtime_error("no process for a target");
    if (status != 0 && place.seed < plan.seeds.size())
        report(plan, place, finds);
    else if (status != 0)
        fmt::print("{}: stood every input, and died at its end\n", plan.target.name);
    ::munmap(shared, sizeof(Place));
    return status == 0;
}

void write_seeds(fuzz::Target const& target, fs::path const& folder)
{
    fs::create_directories(folder / target.name);
    std::size_t n = 0;
    for (auto const& seed : fuzz::seeds_of(target.name))
        std::ofstream{folder / target.name / fmt::format("{:05}", n++), std::ios::binary} << seed.bytes;
}

void repeat(fuzz::Target const& target, fs::path const& file)
{
    run(target, deskbridge::test::read_file(file));
    fmt::print("{}: {} is stood\n", target.name, file.string());
}

int replay(fault::Arguments const& arguments)
{
    auto const wanted = arguments.text("--target");
    auto const seeds_folder = arguments.text("--write-seeds");
    auto const input = arguments.text("--input");
    std::size_t inputs = 0;
    for (auto const& target : fuzz::targets()) {
        if (!wanted.empty() && wanted != target.name)
            continue;
        if (!seeds_folder.empty()) {
            write_seeds(target, seeds_folder);
        } else if (!input.empty()) {
            repeat(target, input);
        } else {
            Plan plan{target, fuzz::seeds_of(target.name), fuzz::dictionary_of(target.name),
                      static_cast<std::uint64_t>(arguments.number("--seed", 1)), 0};
            auto const seeds = static_cast<int>(plan.seeds.size());
            plan.rounds = std::clamp(arguments.number("--mangled", 5000) / std::max(seeds, 1), 1, arguments.number("--rounds", 50));
            inputs += plan.seeds.size() * static_cast<std::size_t>(plan.rounds + 1);
            fault::expect(seeds > 0 && try_target(plan, arguments.text("--finds", "finds")),
                          fmt::format("{} ({} seeds)", target.name, seeds));
        }
    }
    if (!seeds_folder.empty() || !input.empty())
        return 0;
    fmt::print("fuzz_replay: {} inputs, seed {}; ", inputs, arguments.number("--seed", 1));
    return fault::conclude();
}

} // namespace

int main(int argc, char** argv)
{
    return replay(fault::Arguments{argc, argv, usage});
}
