#include "deskbridge/core/retry.hpp"

#include <algorithm>

namespace deskbridge {

std::optional<std::chrono::seconds> next_wait(RetryPolicy const& policy, int failures, std::chrono::seconds asked,
                                              std::uint64_t dice) noexcept
{
    using std::chrono::seconds;
    if (policy.attempts > 0 && failures >= policy.attempts)
        return std::nullopt;
    auto ceiling = std::max(policy.first, seconds{1});
    for (int n = 1; n < failures && ceiling < policy.ceiling; ++n)
        ceiling *= 2;
    ceiling = std::max(std::min(ceiling, policy.ceiling), seconds{1});
    auto const span = static_cast<std::uint64_t>(ceiling.count()) + 1;
    auto const jittered = seconds{static_cast<std::int64_t>(dice % span)};
    return std::max({seconds{1}, jittered, std::min(asked, policy.asked_ceiling)});
}

} // namespace deskbridge
