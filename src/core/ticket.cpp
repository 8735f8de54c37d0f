#include "deskbridge/core/ticket.hpp"

#include <array>
#include <utility>

namespace deskbridge {
namespace {

constexpr std::array<std::pair<TicketStatus, std::string_view>, 6> words{{
    {TicketStatus::new_, "new"},
    {TicketStatus::open, "open"},
    {TicketStatus::pending, "pending"},
    {TicketStatus::on_hold, "on_hold"},
    {TicketStatus::solved, "solved"},
    {TicketStatus::closed, "closed"},
}};

} // namespace

std::string_view render_status(TicketStatus status) noexcept
{
    for (auto const& [value, word] : words)
        if (value == status)
            return word;
    return {};
}

std::optional<TicketStatus> parse_status(std::string_view word) noexcept
{
    for (auto const& [value, name] : words)
        if (name == word)
            return value;
    return std::nullopt;
}

} // namespace deskbridge
