#include "deskbridge/core/reply_window.hpp"

namespace deskbridge {

std::optional<Timestamp> ReplyWindow::closes_at() const noexcept
{
    if (!from || window == std::chrono::seconds::zero())
        return std::nullopt;
    return *from + window - reply_window_margin;
}

bool ReplyWindow::open_at(Timestamp now) const noexcept
{
    if (window == std::chrono::seconds::zero())
        return true;
    auto const end = closes_at();
    return end && now < *end;
}

} // namespace deskbridge
