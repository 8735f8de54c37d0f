#pragma once

#include "deskbridge/store/store.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deskbridge::store {

/// A durable alarm: the acknowledgement of a ticket. One per ticket.
struct Timer {
    TicketId ticket;
    Timestamp due_at;
    Timestamp deadline; ///< `due_at` is never put off beyond it
    std::string detail; ///< opened, reopened, follow_up
};

/// Inserts it or replaces the one of that ticket.
void arm_timer(Tx& tx, Timer const& timer);
[[nodiscard]] std::optional<Timer> find_timer(Reading& reading, TicketId ticket);
/// Answers whether there was one.
bool drop_timer(Tx& tx, TicketId ticket);
/// Those due at `now`, oldest first, at most `limit`.
[[nodiscard]] std::vector<Timer> due_timers(Reading& reading, Timestamp now, int limit);
[[nodiscard]] std::optional<Timestamp> next_timer_due(Reading& reading);

} // namespace deskbridge::store
