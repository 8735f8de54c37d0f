#include "deskbridge/core/reply_window.hpp"

#include <algorithm>

namespace deskbridge {

std::chrono::seconds WindowRules::of(Address const& answers_to) const noexcept
{
    auto const own = by_kind.find(answers_to.kind);
    return own == by_kind.end() ? usual : own->second;
}

std::vector<std::chrono::seconds> WindowRules::lengths() const
{
    std::vector<std::chrono::seconds> out{usual};
    for (auto const& [kind, length] : by_kind)
        out.push_back(length);
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    std::erase(out, std::chrono::seconds::zero());
    return out;
}

std::optional<Timestamp> ReplyWindow::closes_at() const noexcept
{
    if (!from || window == std::chrono::seconds::zero())
        return std::nullopt;
    return *from + window - reply_window_margin;
}

Timestamp began_for_mark(std::chrono::seconds window, std::chrono::minutes left, Timestamp now) noexcept
{
    return now - window + reply_window_margin + left;
}

bool tells_mark(ReplyWindow const& window, std::chrono::minutes left, Timestamp now) noexcept
{
    auto const end = window.closes_at();
    if (!end || now < *end - left)
        return false;
    auto const mark = std::find(window_marks.begin(), window_marks.end(), left);
    bool const last = mark == window_marks.end() || mark + 1 == window_marks.end();
    return last || now < *end - *(mark + 1);
}

bool tells_closing_soon(ClosingSoonFacts const& facts) noexcept
{
    return facts.wanted && !facts.told && facts.live_ticket && !facts.elsewhere;
}

bool ReplyWindow::open_at(Timestamp now) const noexcept
{
    if (window == std::chrono::seconds::zero())
        return true;
    auto const end = closes_at();
    return end && now < *end;
}

} // namespace deskbridge
