#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace deskbridge {

/// *Live* = new, open, pending, on_hold.
enum class TicketStatus {
    new_,    ///< nobody has looked at it; written "new"
    open,    ///< our turn
    pending, ///< the customer's turn
    on_hold, ///< a third party's turn
    solved,  ///< answered; a customer's message may reopen it
    closed,  ///< done for good; never reopened
};

[[nodiscard]] std::string_view render_status(TicketStatus status) noexcept;
[[nodiscard]] std::optional<TicketStatus> parse_status(std::string_view word) noexcept;
[[nodiscard]] constexpr bool is_live(TicketStatus status) noexcept
{
    return status != TicketStatus::solved && status != TicketStatus::closed;
}

/// Who did something.
enum class ActorKind { customer, agent, phone_app, system };

[[nodiscard]] std::string_view render_actor_kind(ActorKind kind) noexcept;
[[nodiscard]] std::optional<ActorKind> parse_actor_kind(std::string_view word) noexcept;

/// Who, as the log and the messages keep it: `id` is an agent's or a contact's; 0 for the others.
struct Actor {
    ActorKind kind{ActorKind::system};
    std::int64_t id{0};
    friend bool operator==(Actor const&, Actor const&) = default;
};

} // namespace deskbridge
