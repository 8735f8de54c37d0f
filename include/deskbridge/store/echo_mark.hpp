#pragma once

#include "deskbridge/core/ticket_marks.hpp"
#include "deskbridge/store/ticket.hpp"
#include "deskbridge/store/timer.hpp"

#include <optional>

namespace deskbridge::store {

/// What an echo found in its ticket: for the case that it was a message of our own, whose answer comes later.
struct EchoMark {
    MessageId echo;
    Timestamp at;                ///< of what it left
    TicketMarks before;
    std::optional<Timer> timer;  ///< the acknowledgement that it stopped
};

[[nodiscard]] TicketMarks marks_of(Ticket const& ticket);
/// Puts them into the row; it is not saved.
void set_marks(Ticket& ticket, TicketMarks const& marks);

/// Of a ticket's echoes the latest eight are kept.
void keep_mark(Tx& tx, TicketId ticket, EchoMark const& mark);
/// Takes it away. nullopt: it left nothing, or a later echo has the ticket now; what this one left is then taken out of that one's mark.
[[nodiscard]] std::optional<EchoMark> take_mark(Tx& tx, TicketId ticket, MessageId echo);

} // namespace deskbridge::store
