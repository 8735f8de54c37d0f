#pragma once

#include "deskbridge/core/ticket.hpp"
#include "deskbridge/core/time.hpp"

#include <optional>
#include <string>

namespace deskbridge {

/// What an agent's message leaves on its ticket; the names are those of its row.
struct TicketMarks {
    TicketStatus status{TicketStatus::new_};
    bool unseen{true};
    std::string last_step;
    Timestamp last_step_at;
    std::optional<Timestamp> unanswered_agent_at;
    Timestamp last_activity;
    friend bool operator==(TicketMarks const&, TicketMarks const&) = default;
};

/// What `now` would be if what was taken for an agent's message at `at` had left nothing. What anybody did since then stays.
///
/// @param before  as it was when that message came.
///
/// Errors:  none. Threads: pure; any thread.
[[nodiscard]] TicketMarks without_marks(TicketMarks now, TicketMarks const& before, Timestamp at);

} // namespace deskbridge
