#include "budget.hpp"

#include <fmt/format.h>

#include <fstream>
#include <stdexcept>

namespace bench {

Budget read_budget(std::filesystem::path const& file)
{
    std::ifstream in{file};
    if (!in)
        throw std::runtime_error("cannot read " + file.string());
    auto const json = nlohmann::json::parse(in);
    Budget const budget{json.at("instructions_per_webhook").get<double>(), json.at("tolerance_percent").get<double>() / 100,
                        json.at("compiler").get<std::string>(), json.at("sqlite").get<std::string>()};
    if (json.size() != 4 || budget.instructions <= 0 || budget.tolerance <= 0)
        throw std::runtime_error(file.string() + " is no budget");
    return budget;
}

double total_of_callgrind(std::istream& written)
{
    std::string_view const name = "totals: "; // "summary:" is of one part
    for (std::string line; std::getline(written, line);)
        if (line.starts_with(name))
            if (auto const total = std::stod(line.substr(name.size())); total > 0)
                return total;
    throw std::runtime_error("callgrind has counted nothing");
}

Item judge_cost(double counted, Budget const& budget, nlohmann::json const& versions, std::string& other)
{
    Item item{"cost", "What a webhook costs",
              fmt::format("Instructions counted by callgrind: signature, parsing, intake and the store's part, commits of 64 webhooks included; known "
                          "customers with an open ticket, 15 words each. The budget, [tests/bench/budget.json](../tests/bench/budget.json), is {:.0f} "
                          "with {} and SQLite {}.",
                          budget.instructions, budget.compiler, budget.sqlite),
              {{"instructions per webhook", "instructions", {counted}}},
              {}};
    auto const compiler = versions.at("compiler").get<std::string>();
    auto const sqlite = versions.at("SQLite").get<std::string>();
    if (compiler != budget.compiler || sqlite != budget.sqlite) {
        other = fmt::format("a budget for what a webhook costs with {} and SQLite {}: tests/bench/budget.json is of {} and SQLite {}", compiler, sqlite,
                            budget.compiler, budget.sqlite);
        return item;
    }
    item.goals = {{"not above the budget and its tolerance", counted, false, budget.instructions * (1 + budget.tolerance), "instructions"},
                  {"not so far below that the budget should be lowered", counted, true, budget.instructions * (1 - budget.tolerance), "instructions"}};
    return item;
}

} // namespace bench
