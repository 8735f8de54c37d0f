#pragma once

#include "deskbridge/core/ids.hpp"
#include "deskbridge/core/object_text.hpp"
#include "deskbridge/core/ticket.hpp"
#include "deskbridge/store/event_type.hpp"
#include "deskbridge/store/store.hpp"

#include <string>
#include <vector>

namespace deskbridge::store {

/// One row of the append-only log of what changed here. Ids that do not apply stay 0.
/// `data`: ids, states, counts, reasons; never a customer's words, name or address: erasing a person must not break the log.
struct NewEvent {
    EventType type;
    Timestamp at{};
    Actor actor{};
    AccountId account{};
    ContactId contact{};
    ConversationId conversation{};
    TicketId ticket{};
    MessageId message{};
    IntentId intent{};
    ObjectText data{};
};

/// As it stands in the log; `data` is JSON text.
struct LoggedEvent {
    EventSeq seq{};
    std::string type;
    Timestamp at{};
    Actor actor{};
    AccountId account{};
    ContactId contact{};
    ConversationId conversation{};
    TicketId ticket{};
    MessageId message{};
    IntentId intent{};
    std::string data;
};

/// Appends in the transaction of the change it tells about. `Store::on_events` listeners are called after the commit.
EventSeq append_event(Tx& tx, NewEvent const& event);

/// Events after `after` in order, at most `limit`.
[[nodiscard]] std::vector<LoggedEvent> load_events(Reading& reading, EventSeq after, int limit);

/// A ticket's latest events of one type, oldest first, at most `limit`. Not of "message.received" and "message.placed", which no index keeps by
/// ticket: the messages themselves and their placements tell.
[[nodiscard]] std::vector<LoggedEvent> latest_ticket_events(Reading& reading, TicketId ticket, EventType type, int limit);

/// The newest event's place; 0 in an empty log.
[[nodiscard]] EventSeq last_event(Reading& reading);

} // namespace deskbridge::store
