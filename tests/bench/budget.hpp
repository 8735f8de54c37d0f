#pragma once

#include "figures.hpp"

#include <filesystem>
#include <iosfwd>

namespace bench {

/// What a webhook may cost: a file in the tree, so that whoever changes the cost changes it, and whoever reads the change sees it.
struct Budget {
    double instructions{0}; ///< per webhook
    double tolerance{0};    ///< share of it, up and down
    std::string compiler;   ///< with which it was counted, as `our_versions` names it
    std::string sqlite;
};
/// Throws: std::runtime_error, nlohmann::json::exception (not such a file).
[[nodiscard]] Budget read_budget(std::filesystem::path const& file);

/// Instructions of all threads in what callgrind wrote. Throws: std::runtime_error (it counted nothing).
[[nodiscard]] double total_of_callgrind(std::istream& written);

/// The item of what was counted, with the budget as its goals: not above, and not so far below that the budget says nothing any more.
/// Counted with another compiler or SQLite than the budget, it has none; then `other` says so.
[[nodiscard]] Item judge_cost(double counted, Budget const& budget, nlohmann::json const& versions, std::string& other);

} // namespace bench
