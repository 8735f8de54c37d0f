#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <map>
#include <string>

namespace deskbridge::app {

/// What came of reading bodies again, added up.
struct ReplaySum {
    std::int64_t bodies{0};
    std::int64_t gone{0}; ///< bodies that are not kept any more
    std::int64_t applied{0};
    std::int64_t known{0};
    std::int64_t shelved{0};
    std::map<std::string, std::int64_t> changes; ///< by type of event

    void add(nlohmann::ordered_json const& answer);
};

/// The answer about one body, with what it changed, or would.
void print_replayed(nlohmann::ordered_json const& answer);
/// One line on standard error.
void print_sum(ReplaySum const& sum, bool dry_run);

} // namespace deskbridge::app
