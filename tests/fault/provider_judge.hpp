#pragma once

#include "judge.hpp"
#include "provider_ledger.hpp"

#include <filesystem>
#include <set>
#include <string>

namespace fault {

/// What must hold of everything that went out: the provider's ledger against a copy of the daemon's database, in SQL of our own.
/// @param database  no process has it open
/// @param promised  texts that the daemon said it would send
[[nodiscard]] Verdict judge_sends(std::filesystem::path const& database, ProviderLedger const& ledger, std::set<std::string> const& promised);

/// Plants one mistake after the other in the ledger; answers the names of those that the judge does not find, and counts all.
[[nodiscard]] std::vector<std::string> judge_the_judge(std::filesystem::path const& database, ProviderLedger const& ledger,
                                                       std::set<std::string> const& promised, int& planted);

} // namespace fault
