#include "items.hpp"

#include "budget.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace bench {
namespace {

constexpr int webhooks = 1280;

bool has_valgrind()
{
    return std::system("valgrind --version >/dev/null 2>&1") == 0;
}

} // namespace

Items measure_cost(Ground& ground, Syncs&)
{
    auto const program = std::filesystem::canonical("/proc/self/exe").parent_path() / "webhook_cost";
    if (!std::filesystem::exists(program) || !has_valgrind()) {
        ground.missing.emplace_back("what a webhook costs: valgrind is needed when the bench is built (deploy/install-packages.sh valgrind)");
        return {};
    }
    auto const out = ground.folder("callgrind.out");
    auto const command = fmt::format("valgrind --quiet --tool=callgrind --instr-atstart=no --callgrind-out-file='{}' '{}' --database '{}' --webhooks {} >/dev/null",
                                     out.string(), program.string(), ground.folder("cost.db").string(), webhooks);
    if (std::system(command.c_str()) != 0)
        throw std::runtime_error("failed: " + command);
    std::ifstream counted{out};
    std::string other;
    auto item = judge_cost(total_of_callgrind(counted) / webhooks, read_budget(ground.budget), our_versions(), other);
    if (!other.empty())
        ground.missing.push_back(other);
    return {item};
}

} // namespace bench
