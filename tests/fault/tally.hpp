#pragma once

#include <chrono>
#include <functional>
#include <string>

namespace fault {

/// What this process has found so far; one thread counts.
struct Tally {
    int passed{0};
    int failed{0};
};
[[nodiscard]] Tally& tally() noexcept;

/// Counts, and prints `what` if it does not hold; answers whether it does.
bool expect(bool holds, std::string const& what);

/// Looks again every 20 ms until it holds; answers whether it ever did.
[[nodiscard]] bool wait_for(std::function<bool()> const& holds, std::chrono::seconds limit = std::chrono::seconds{60});

/// Prints the counts as a tool's last line; answers its exit status.
[[nodiscard]] int conclude();

} // namespace fault
