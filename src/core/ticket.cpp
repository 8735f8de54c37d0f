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

constexpr std::array<std::pair<ActorKind, std::string_view>, 4> actors{{
    {ActorKind::customer, "customer"},
    {ActorKind::agent, "agent"},
    {ActorKind::phone_app, "phone_app"},
    {ActorKind::system, "system"},
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

std::string_view render_actor_kind(ActorKind kind) noexcept
{
    for (auto const& [value, word] : actors)
        if (value == kind)
            return word;
    return {};
}

std::optional<ActorKind> parse_actor_kind(std::string_view word) noexcept
{
    for (auto const& [value, name] : actors)
        if (name == word)
            return value;
    return std::nullopt;
}

} // namespace deskbridge
