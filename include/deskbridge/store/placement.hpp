#pragma once

#include "deskbridge/core/ticket.hpp"
#include "deskbridge/store/store.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deskbridge::store {

/// Why a message is where it is. The first row is the rule's decision, later ones are moves, merges, splits and undos.
struct Placement {
    std::int64_t id{0};
    MessageId message;
    std::string rule;   ///< R0 … R9, E, pick, merge, move, split, undo
    std::string action; ///< append, reopen, open, follow_up, conversation_only
    TicketId from;
    TicketId to;
    std::string candidates{"[]"}; ///< JSON array of {"ticket":n,"because":"…"}
    bool guess{false};
    std::string reason;
    std::string settings_version;
    Actor actor{};
    Timestamp at;
    std::optional<Timestamp> undone_at;
};

/// Inserts every field but `id`; does not move the message (see `set_message_ticket`).
std::int64_t insert_placement(Tx& tx, Placement const& placement);
[[nodiscard]] std::vector<Placement> placements_of(Reading& reading, MessageId message); ///< oldest first
void mark_undone(Tx& tx, std::int64_t placement_id, Timestamp at);

} // namespace deskbridge::store
