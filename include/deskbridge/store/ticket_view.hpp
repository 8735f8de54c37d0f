#pragma once

#include "deskbridge/core/timeline.hpp"
#include "deskbridge/store/account.hpp"
#include "deskbridge/store/message.hpp"
#include "deskbridge/store/outbox.hpp"
#include "deskbridge/store/placement.hpp"
#include "deskbridge/store/ticket.hpp"

#include <optional>
#include <string>
#include <vector>

/// Tickets as screens show them: joined with the names of those involved. Read only.
namespace deskbridge::store {

struct TicketRow {
    Ticket ticket;
    std::string assignee;   ///< name; empty: nobody
    ContactId contact;      ///< 0: a group
    std::string contact_name;
    std::string contact_username;
    std::string contact_flagged; ///< see Contact
    std::string group; ///< the channel's id of it; empty: one contact
    AccountId account;
    std::string account_name;
    std::string channel;
    std::optional<Pause> account_paused;
    std::optional<Timestamp> window_from; ///< see Conversation
    Address answers_to;     ///< Conversation::address
    std::optional<Timestamp> free_entry_until; ///< see FreeEntry
};

[[nodiscard]] std::optional<TicketRow> find_ticket_row(Reading& reading, TicketId id);
/// `find_tickets` with names.
[[nodiscard]] std::vector<TicketRow> find_ticket_rows(Reading& reading, TicketQuery const& query);

/// A place in the order of reply windows: of the ticket that ended a page.
struct WindowPlace {
    Timestamp from; ///< conversation.window_from_ms
    ConversationId conversation;
    TicketId ticket;
    friend auto operator<=>(WindowPlace const&, WindowPlace const&) = default;
};
/// Those behind `after`, the window that began first at the top. Of the query only statuses, assignee and limit count.
[[nodiscard]] std::vector<TicketRow> find_ticket_rows_by_window(Reading& reading, TicketQuery const& query, WindowPlace const& after);

/// A message or note with everything that hangs on it.
struct TimelineItem {
    Message message;
    std::string author; ///< name of the agent or customer; "administrator" for root; empty for phone_app and system
    std::vector<Media> media;
    std::vector<StoredReaction> reactions;
    std::string delivery;        ///< `delivery_of`; "" unless direction is out
    std::string delivery_reason; ///< of the part that `delivery` speaks of
    std::vector<Placement> placements; ///< oldest first
    std::optional<Price> price{};      ///< of `out`: what it costs, as soon as the provider has told
};

/// The latest `limit` items of a ticket that stand before `before` on screen (0: all), from top to bottom.
[[nodiscard]] std::vector<TimelineItem> load_timeline(Reading& reading, TicketId ticket, MessageId before, int limit);
/// The same of a whole conversation, whichever tickets its messages are in, or none.
[[nodiscard]] std::vector<TimelineItem> load_chat(Reading& reading, ConversationId conversation, MessageId before, int limit);
/// The end of a conversation's screen, notes included, at most `limit`: what a late message is inserted into.
[[nodiscard]] std::vector<OnScreen> end_of_screen(Reading& reading, ConversationId conversation, int limit);
/// The latest of the customer's messages in a ticket that the channel has an id for, and that are ours to answer: what a read mark names.
/// 0: none.
[[nodiscard]] MessageId newest_inbound(Reading& reading, TicketId ticket);
[[nodiscard]] std::optional<TimelineItem> find_timeline_item(Reading& reading, MessageId message);

} // namespace deskbridge::store
