#pragma once

#include "flow/world.hpp"

#include <map>
#include <set>
#include <string>

namespace bench {

/// All rows of all tables of a world's database, each as one text.
using Snapshot = std::map<std::string, std::multiset<std::string>>;
[[nodiscard]] Snapshot look(deskbridge::test::World& world);

struct Written {
    int inserted{0};
    int changed{0};
    double bytes{0};
};
/// By table, those without a difference left out.
[[nodiscard]] std::map<std::string, Written> difference(Snapshot const& before, Snapshot const& after);

/// As many rows of every table inserted and changed, and as many bytes to one in twenty: each that is not is a failed check.
void check_same(std::map<std::string, Written> const& daemon, std::map<std::string, Written> const& limit);

/// Settings of a store whose every step is over when it returns.
[[nodiscard]] deskbridge::store::StoreSettings in_lock_step();

} // namespace bench
