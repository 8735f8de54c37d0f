#pragma once

#include "judge.hpp"
#include "ledger_provider.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace fault {

/// What must hold between a store and the provider's ledger once the daemon has ended: nothing reached the provider without
/// an attempt in the journal, nothing reached it again without having been let go, and agents' messages came in their order.
/// @param database  one that nobody has open
/// @param arrivals  everything that reached the provider in the database's whole life
[[nodiscard]] Verdict judge_outbound(std::filesystem::path const& database, std::vector<Arrival> const& arrivals);

/// Falsifies copies of a sound database and ledger, in one way after the other: what of it the judge overlooks. A judge that
/// finds nothing there proves nothing elsewhere.
struct Falsified {
    int found{0};
    std::vector<std::string> overlooked;
};
[[nodiscard]] Falsified falsify_outbound(std::filesystem::path const& database, std::vector<Arrival> const& arrivals);

} // namespace fault
