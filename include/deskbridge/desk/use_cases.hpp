#pragma once

#include "deskbridge/core/ids.hpp"
#include "deskbridge/core/lifecycle.hpp"
#include "deskbridge/core/outbox.hpp"
#include "deskbridge/core/reach.hpp"
#include "deskbridge/core/ticket.hpp"
#include "deskbridge/core/withholding.hpp"
#include "deskbridge/desk/attachment_cases.hpp"
#include "deskbridge/desk/backup_cases.hpp"
#include "deskbridge/desk/caller.hpp"
#include "deskbridge/desk/contact_cases.hpp"
#include "deskbridge/desk/health_cases.hpp"
#include "deskbridge/desk/outbox_cases.hpp"
#include "deskbridge/desk/shelf_cases.hpp"
#include "deskbridge/desk/template_cases.hpp"
#include "deskbridge/store/event_log.hpp"
#include "deskbridge/store/referral.hpp"
#include "deskbridge/store/ticket_view.hpp"

#include <concepts>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

/// What agents can do (contacts, files, health, outbox, shelf, templates and backups have headers of their own), one struct each: who may
/// (`rule`), what is asked, what is answered (`Answer`), and whether it only reads. API, command line and automation fill one and hand it
/// to `Desk::perform`.
///
/// A ticket is named as people type it: number, #number, or reference in any spelling. `client_key`: made by the client;
/// the same key twice is one effect and the same answer; empty: none.
/// Errors of all: forbidden (the rule), not_found (what is named), unavailable, storage (see `Store`); others stand beside
/// the struct. `detail` is for the agent who asked.
namespace deskbridge::desk {

/// What the customer should have heard of a change and did not.
struct NotTold {
    NoticeKind notice{};
    Withholding why{};
};

struct TicketCard {
    store::TicketRow row;
    std::optional<Timestamp> reply_window_ends_at; ///< nullopt: the channel has no window, or it was never open
    std::optional<NotTold> not_told;               ///< of answers to a change
};

struct TicketPage {
    std::vector<TicketCard> tickets;
    std::string next; ///< `after` of the next page; empty: this is the last one
};

struct TicketDetail {
    TicketCard ticket;
    std::vector<store::TimelineItem> timeline; ///< oldest first; what came late stands where it was sent
    std::vector<store::LoggedEvent> withheld;  ///< the latest `message.withheld` of the ticket, oldest first
    bool earlier{false};                       ///< there are older items; ask with `before` = the first one's id
    std::optional<StandingBarrier> barrier{};  ///< why nothing that is sent now would arrive
    std::string link{};                        ///< by which the customer comes to this ticket; empty: the channel has no such thing
    std::optional<ContactCard> contact{};      ///< nullopt: a group
    std::vector<store::ReferredMessage> referrals{}; ///< the adverts that brought the messages of `timeline`, in their order
};

// --- looking ----------------------------------------------------------------------------------------------------------

enum class TicketOrder {
    activity, ///< most recently active first
    window,   ///< only those whose reply window is open, the one that closes first at the top
};

/// Errors: malformed (`after`, or an assignee's name that nobody has).
struct ListTickets {
    static constexpr Rule rule = Rule::any_agent;
    static constexpr bool reads = true;
    using Answer = TicketPage;
    std::vector<TicketStatus> statuses{};    ///< empty: all
    std::optional<std::string> assignee{};   ///< "me", "none", an agent's id or name; nullopt: whoever
    TicketOrder order{TicketOrder::activity};
    std::string after{};
    int limit{50};                           ///< 1 … 200
};

struct ShowTicket {
    static constexpr Rule rule = Rule::any_agent;
    static constexpr bool reads = true;
    using Answer = TicketDetail;
    std::string ticket{};
    MessageId before{};
    int limit{500}; ///< 1 … 500
    bool chat{false}; ///< the timeline is that of the whole chat, with other tickets' messages and its history
};

struct ListAgents {
    static constexpr Rule rule = Rule::any_agent;
    static constexpr bool reads = true;
    using Answer = std::vector<store::Agent>;
};

// --- writing ----------------------------------------------------------------------------------------------------------

inline constexpr std::size_t max_reply_files = 10;

/// To the customer: a text, files, or both; whether they become one message the channel decides. Errors: malformed (nothing in it, over
/// 20,000 UTF-16 units, more than `max_reply_files`, a file that there is not or that the channel does not take: detail says what it takes),
/// conflict (the channel has told that nothing would arrive, the reply window is closed and nothing can be done about it, the ticket was merged away, its account is not configured any
/// more, the quoted message cannot be quoted, a file went with a message already, the channel cannot ask for a phone number).
struct Reply {
    static constexpr Rule rule = Rule::any_agent;
    static constexpr bool reads = false;
    using Answer = store::TimelineItem;
    std::string ticket{};
    std::string text{};
    MessageId quote{};
    std::string client_key{};
    std::vector<std::int64_t> attachments{}; ///< numbers that `BringFile` answered, in the order in which they go
    bool ask_number{false}; ///< with a button under the text that shares the customer's phone number; without files
};

/// For agents alone. Errors: malformed.
struct Note {
    static constexpr Rule rule = Rule::any_agent;
    static constexpr bool reads = false;
    using Answer = store::TimelineItem;
    std::string ticket{};
    std::string text{};
    std::string client_key{};
};

/// Takes back what has not left yet. Errors: conflict (it has left).
struct Cancel {
    static constexpr Rule rule = Rule::any_agent;
    static constexpr bool reads = false;
    using Answer = store::TimelineItem;
    MessageId message{};
};

/// A text that was kept because the reply window is closed goes out when the customer writes again, also where the account
/// is set up to ask. Errors: conflict (nothing of it is kept).
struct Keep {
    static constexpr Rule rule = Rule::any_agent;
    static constexpr bool reads = false;
    using Answer = store::TimelineItem;
    MessageId message{};
};

/// Sends again what was refused, expired or kept, or failed after it was accepted. Errors: conflict (nothing of it is in such a state;
/// an earlier attempt may have arrived, and nobody has confirmed that the customer may have it twice).
struct Retry {
    static constexpr Rule rule = Rule::any_agent;
    static constexpr bool reads = false;
    using Answer = store::TimelineItem;
    MessageId message{};
    bool confirm_duplicate{false};
};

/// An agent's word on a message of which it is unknown whether it was sent. Errors: conflict (it is not in doubt).
struct Resolve {
    static constexpr Rule rule = Rule::any_agent;
    static constexpr bool reads = false;
    using Answer = store::TimelineItem;
    MessageId message{};
    store::Verdict verdict{store::Verdict::sent};
};

// --- working ----------------------------------------------------------------------------------------------------------

/// Errors: malformed (no such agent), conflict (disabled agent; closed ticket; "me" is none of the agents).
struct Assign {
    static constexpr Rule rule = Rule::any_agent;
    static constexpr bool reads = false;
    using Answer = TicketCard;
    std::string ticket{};
    std::optional<std::string> assignee{}; ///< "me" (take), an agent's id or name; nullopt: nobody
};

/// `open` on a solved ticket reopens it. Errors: malformed (to `new`; a summary without solving), conflict (not possible from
/// the status it has).
struct SetStatus {
    static constexpr Rule rule = Rule::any_agent;
    static constexpr bool reads = false;
    using Answer = TicketCard;
    std::string ticket{};
    TicketStatus status{TicketStatus::open};
    std::string summary{}; ///< with solved: how, as told to the customer
};

/// Everything of `ticket` moves into `into`; `ticket` is closed and refers there. Answers `into`. Errors: conflict (another
/// conversation, the same ticket, merged already; a live ticket into one that is not).
struct Merge {
    static constexpr Rule rule = Rule::any_agent;
    static constexpr bool reads = false;
    using Answer = TicketCard;
    std::string ticket{};
    std::string into{};
};

/// One message, of the same conversation, to another ticket. Errors: conflict.
struct MoveMessage {
    static constexpr Rule rule = Rule::any_agent;
    static constexpr bool reads = false;
    using Answer = TicketCard;
    MessageId message{};
    std::string to{};
};

/// Messages of a ticket become a ticket of their own; answers it. Errors: malformed (none, or more than 500), conflict (one of them is
/// not in this ticket).
struct Split {
    static constexpr Rule rule = Rule::any_agent;
    static constexpr bool reads = false;
    using Answer = TicketCard;
    std::string ticket{};
    std::vector<MessageId> messages{};
};

/// Puts a message back to where it was before its last move, merge, split or pick. A merge is undone whole: its ticket is
/// itself again, with everything that moved and was not put elsewhere since. Errors: conflict (nothing to undo).
struct UndoPlacement {
    static constexpr Rule rule = Rule::any_agent;
    static constexpr bool reads = false;
    using Answer = store::TimelineItem;
    MessageId message{};
};

/// Somebody has looked at it.
struct MarkSeen {
    static constexpr Rule rule = Rule::any_agent;
    static constexpr bool reads = false;
    using Answer = TicketCard;
    std::string ticket{};
};

// --- agents -----------------------------------------------------------------------------------------------------------

/// Errors: malformed (name), conflict (name or Unix user is taken).
struct AddAgent {
    static constexpr Rule rule = Rule::administrator;
    static constexpr bool reads = false;
    using Answer = store::Agent;
    store::NewAgent agent{};
};

/// Another role or Unix user. Errors: malformed (nothing is to change, user), conflict (the Unix user is another agent's).
struct ChangeAgent {
    static constexpr Rule rule = Rule::administrator;
    static constexpr bool reads = false;
    using Answer = store::Agent;
    AgentId agent{};
    store::AgentChange change{};
};

/// Lets them in again. Errors: conflict (not disabled).
struct EnableAgent {
    static constexpr Rule rule = Rule::administrator;
    static constexpr bool reads = false;
    using Answer = store::Agent;
    AgentId agent{};
};

/// Their name stays taken, their tickets stay assigned. Errors: conflict (disabled already).
struct DisableAgent {
    static constexpr Rule rule = Rule::administrator;
    static constexpr bool reads = false;
    using Answer = store::Agent;
    AgentId agent{};
};

/// A use case without a rule does not compile.
template <class T>
concept UseCase = requires {
    typename T::Answer;
    requires std::same_as<std::remove_cvref_t<decltype(T::rule)>, Rule>;
    requires std::same_as<std::remove_cvref_t<decltype(T::reads)>, bool>;
};

} // namespace deskbridge::desk
