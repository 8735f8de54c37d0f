#include "tally.hpp"

#include <fmt/format.h>

#include <thread>

namespace fault {

Tally& tally() noexcept
{
    static Tally all;
    return all;
}

bool expect(bool holds, std::string const& what)
{
    (holds ? tally().passed : tally().failed) += 1;
    if (!holds)
        fmt::print("FAILED: {}\n", what);
    return holds;
}

bool wait_for(std::function<bool()> const& holds, std::chrono::seconds limit)
{
    using Clock = std::chrono::steady_clock;
    for (auto const end = Clock::now() + limit; Clock::now() < end; std::this_thread::sleep_for(std::chrono::milliseconds{20}))
        if (holds())
            return true;
    return holds();
}

int conclude()
{
    fmt::print("{} passed, {} failed\n", tally().passed, tally().failed);
    return tally().failed == 0 ? 0 : 1;
}

} // namespace fault
