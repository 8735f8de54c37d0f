#pragma once

#include "deskbridge/store/event_log.hpp"
#include "deskbridge/store/ticket.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deskbridge::store {

/// A ticket that became part of another one, and what it was before.
struct TicketMerge {
    std::int64_t id{0};
    TicketId ticket;
    TicketId into;
    Timestamp at; ///< also of the placements that moved its messages
    TicketStatus status{TicketStatus::open};
    std::string last_step;
    Timestamp last_step_at;
    bool acknowledgement_due{false}; ///< its timer stood
    std::optional<Timestamp> into_unanswered_agent_at; ///< of the other one
};

/// To be called before either of them changes.
void remember_merge(Tx& tx, Ticket const& ticket, Ticket const& into, Timestamp at);
/// What the log says of a merge.
struct MergeTold {
    TicketId from;
    TicketId into;
    int messages{0}; ///< how many moved
};
/// Completes `event`, a `ticket.merged`, and appends it for both tickets: readers that follow one of the two see it.
void tell_merged(Tx& tx, NewEvent event, MergeTold const& told);
/// The merge because of which the ticket is part of another one.
[[nodiscard]] std::optional<TicketMerge> find_merge(Reading& reading, TicketId ticket);
void mark_merge_undone(Tx& tx, std::int64_t merge_id, Timestamp at);

/// What moved with the merge and stands in `holder` now, oldest first.
[[nodiscard]] std::vector<MessageId> messages_merged(Reading& reading, TicketMerge const& merge, TicketId holder);

/// What the ticket has become by merging: itself, if it is part of no other.
[[nodiscard]] TicketId follow_merges(Reading& reading, TicketId ticket);

} // namespace deskbridge::store
