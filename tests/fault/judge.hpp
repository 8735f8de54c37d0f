#pragma once

#include "plan.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace fault {

/// What must hold in a database after storms, told by SQL of our own and by the storms' own ledger.
struct Verdict {
    int passed{0};
    std::vector<std::string> failures;
    void expect(bool holds, std::string what);
};

/// Reads a copy of a database that no process has open.
/// @param storms    everything that was ever posted to it
/// @param answered  per storm and event: was a POST with it answered 200?
/// @param settled   the acknowledgements' timers have had their time
[[nodiscard]] Verdict judge(std::filesystem::path const& database, std::vector<Storm> const& storms,
                            std::vector<std::vector<bool>> const& answered, bool settled);

} // namespace fault
