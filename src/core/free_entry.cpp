#include "deskbridge/core/free_entry.hpp"

#include "deskbridge/core/reply_window.hpp"

namespace deskbridge {

std::optional<Timestamp> free_entry_until(FreeEntryRules const& rules, Timestamp referred_at, Timestamp answered_at) noexcept
{
    bool const answers = answered_at >= referred_at && answered_at <= referred_at + rules.answer_within;
    if (rules.lasts == std::chrono::seconds::zero() || !answers)
        return std::nullopt;
    return answered_at + rules.lasts - reply_window_margin;
}

} // namespace deskbridge
