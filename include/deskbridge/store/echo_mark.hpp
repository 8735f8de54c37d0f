#pragma once

#include "deskbridge/core/ticket_marks.hpp"
#include "deskbridge/store/ticket.hpp"
#include "deskbridge/store/timer.hpp"

#include <optional>

namespace deskbridge::store {

/// What the latest echo in a ticket found there: for the case that it was a message of our own, whose answer comes later.
struct EchoMark {
    MessageId echo;
    Timestamp at;                ///< of what it left
    TicketMarks before;
    std::optional<Timer> timer;  ///< the acknowledgement that it stopped
};

[[nodiscard]] TicketMarks marks_of(Ticket const& ticket);
/// Puts them into the row; it is not saved.
void set_marks(Ticket& ticket, TicketMarks const& marks);

/// In the place of what an earlier echo found.
void keep_mark(Tx& tx, TicketId ticket, EchoMark const& mark);
/// Takes it away; nullopt: a later echo has taken its place, or it left nothing.
[[nodiscard]] std::optional<EchoMark> take_mark(Tx& tx, TicketId ticket, MessageId echo);

} // namespace deskbridge::store
