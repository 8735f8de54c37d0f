#pragma once

#include "deskbridge/core/lifecycle.hpp"
#include "deskbridge/core/ticket.hpp"
#include "deskbridge/store/store.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deskbridge::store {

/// A unit of work; `id` is its number. Meaning of the columns: schemas/sql/0001_tickets.sql.
struct Ticket {
    TicketId id;
    std::string reference; ///< digits only, check digit included
    ConversationId conversation;
    TicketStatus status{TicketStatus::new_};
    std::string subject;
    AgentId assignee;
    TicketId follow_up_of;
    TicketId merged_into;
    std::string summary;
    Timestamp opened_at;
    std::optional<Timestamp> solved_at;
    std::optional<Timestamp> solved_notice_at;
    Timestamp last_activity;
    std::string last_step{"received"};
    Timestamp last_step_at;
    std::optional<Timestamp> unanswered_agent_at;
    bool unseen{true};
    std::optional<Timestamp> acknowledged_at;
    int reopen_count{0};
    std::int64_t version{1};
};

struct TicketInterval {
    Timestamp opened_at;
    std::optional<Timestamp> solved_at;
};

/// A page of tickets, newest activity first. Keyset: pass the last row's activity and id to go on.
struct TicketQuery {
    std::vector<TicketStatus> statuses; ///< empty: all
    std::optional<AgentId> assignee;    ///< set and 0: unassigned
    std::optional<Timestamp> before_activity;
    TicketId before_id;
    int limit{50};
};

[[nodiscard]] std::optional<Ticket> find_ticket(Reading& reading, TicketId id);
/// By digits with the check digit, whoever owns it. Customers' look-ups go through their own tickets instead.
[[nodiscard]] std::optional<Ticket> find_ticket_by_reference(Reading& reading, std::string_view digits);
/// A reference that no ticket has. @param dice  uniformly random 64-bit numbers. Errors: Rollback storage (none found).
[[nodiscard]] std::string fresh_reference(Reading& reading, std::function<std::uint64_t()> const& dice);
/// Live ones, oldest first.
[[nodiscard]] std::vector<Ticket> live_tickets(Reading& reading, ConversationId conversation);
/// All of the conversation that are not merged away, newest first, at most `limit`.
[[nodiscard]] std::vector<Ticket> tickets_of(Reading& reading, ConversationId conversation, int limit);
/// Those that refer to `id` as what they follow up, oldest first.
[[nodiscard]] std::vector<Ticket> follow_ups_of(Reading& reading, TicketId id);
[[nodiscard]] std::vector<Ticket> find_tickets(Reading& reading, TicketQuery const& query);
/// Those behind the place (`from`, `conversation`, `ticket`), in the order in which their conversations' reply windows began. Of
/// the query only statuses, assignee and limit count.
[[nodiscard]] std::vector<Ticket> find_tickets_by_window(Reading& reading, TicketQuery const& query, Timestamp from,
                                                         ConversationId conversation, TicketId ticket);

/// Inserts every field but `id`, and its first interval. Errors: a taken reference throws (checked beforehand).
[[nodiscard]] TicketId insert_ticket(Tx& tx, Ticket const& ticket);
/// Writes every field that may change and raises `version`. The opened and solved times of an interval are kept by
/// `open_interval` and `close_interval`.
void save_ticket(Tx& tx, Ticket const& ticket);

/// Oldest first. A ticket that was never reopened has one, which its own row tells.
[[nodiscard]] std::vector<TicketInterval> intervals_of(Reading& reading, Ticket const& ticket);
void open_interval(Tx& tx, TicketId id, Timestamp at);
/// Ends the interval that is open; nothing if none is.
void close_interval(Tx& tx, TicketId id, Timestamp at);

/// Who changes a ticket, and when.
struct ChangeBy {
    Actor actor{};
    Timestamp now;
    std::optional<Timestamp> opened_at{}; ///< start of the interval that the change opens; nullopt: `now`
};
/// Carries out what `decide_change` decided: the row, its interval, its acknowledgement timer, and the event log
/// (ticket.status_changed, ticket.reopened). `ticket` is brought up to date; nothing happens if nothing changes.
void carry_out(Tx& tx, Ticket& ticket, LifecycleEffect const& effect, ChangeBy const& by);
/// Something has left it: if that was the answer to an agent's last message, that is unanswered again.
void ask_again(Tx& tx, TicketId id);
/// What `decide_change` wants to know of a stored ticket.
[[nodiscard]] LifecycleFacts lifecycle_facts(Ticket const& ticket);

} // namespace deskbridge::store
