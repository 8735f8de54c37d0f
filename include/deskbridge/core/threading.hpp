#pragma once

#include "deskbridge/core/command.hpp"
#include "deskbridge/core/ids.hpp"
#include "deskbridge/core/inbound.hpp"
#include "deskbridge/core/policy.hpp"
#include "deskbridge/core/ticket.hpp"
#include "deskbridge/core/time.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deskbridge {

/// Which rule placed a message; docs/threading.md tells each in words.
enum class Rule {
    r0, ///< no matter
    r1, ///< command or pick
    r2, ///< burst
    r3, ///< payload, quote or reference
    r4, ///< the only candidate
    r5, ///< several candidates
    r6, ///< closer
    r7, ///< solved within the reopen window
    r8, ///< something new
    r9, ///< late
    e,  ///< echo of the business phone
};
[[nodiscard]] std::string_view render_rule(Rule rule) noexcept; ///< "R0" … "R9", "E": as in message_placement.rule
[[nodiscard]] std::optional<Rule> parse_rule(std::string_view word) noexcept;

enum class PlacementAction { append, reopen, open, follow_up, conversation_only };
[[nodiscard]] std::string_view render_action(PlacementAction action) noexcept; ///< as in message_placement.action
[[nodiscard]] std::optional<PlacementAction> parse_action(std::string_view word) noexcept;

// ---------------------------------------------------------------- what the rules know

/// From an opening to the solving that ended it.
struct OpenInterval {
    Timestamp opened_at;
    std::optional<Timestamp> solved_at;
};

/// A ticket of this contact in this brand. Merged-away ones are needed only when something names them.
struct ThreadingTicket {
    TicketId id;
    TicketStatus status{TicketStatus::new_};
    Timestamp last_activity;
    std::optional<Timestamp> solved_at;
    std::vector<OpenInterval> intervals;          ///< oldest first
    std::optional<Timestamp> unanswered_agent_at; ///< ticket.unanswered_agent_at: automatic texts do not count
    TicketId merged_into;
    TicketId follow_up_of;
    /// Customer's matter in it since its latest opening: tells whether moving a burst away leaves it empty.
    int messages_since_opening{0};
};

/// An earlier message of the customer in this conversation, that is matter, no command, and placed.
struct BurstMember {
    MessageId id;
    Timestamp sent_at;                                       ///< provider's time, as far as it is `believed`
    TicketId ticket;                                         ///< where it is now; 0: the conversation only
    Rule rule{Rule::r8};                                     ///< that placed it first
    PlacementAction action{PlacementAction::append};         ///< what it did to its ticket when it was placed there
    /// Somebody said where it belongs: it was placed by R3, or an order for something new came before it, or the customer
    /// picked its ticket, or an agent moved it there.
    bool named_its_ticket{false};
    bool answered{false}; ///< an agent or the business phone wrote in this conversation after it (commit sequence)
    bool closing_guess{false}; ///< a closing word that went where it was guessed to: it leads nobody
    /// Later messages do not take it along: the customer has ordered something new since.
    bool settled{false};
};

[[nodiscard]] bool sent_earlier(BurstMember const& a, BurstMember const& b) noexcept;
/// "Thanks" went where it could do no harm: it says nothing about where the next words belong.
[[nodiscard]] bool leads(BurstMember const& member) noexcept;

/// What the message is, before any rule.
enum class Nature {
    message,
    reaction, revision, receipt,
    history, ///< written before the account was connected
    standby, ///< another app of the number has the chat
    call,
    notice,  ///< request_welcome, system notices, anything that is about the chat and not from the person
};

/// The message to place.
struct ThreadingMessage {
    Nature nature{Nature::message};
    MessageKind kind{MessageKind::text};
    Timestamp sent_at;            ///< provider's time, as it was told; the rules look at what is `believed` of it
    Timestamp received_at;        ///< our time
    bool group{false};
    bool about_known_kind{false}; ///< InboundMessage::about_known_kind
    bool closer{false};           ///< CommandWords::is_closer; a sticker counts without it

    TicketId payload_ticket;            ///< named by the payload of a button or row; 0: none
    TicketId quoted_ticket;             ///< where the quoted message is now; 0: none, unknown, or not in a ticket
    std::vector<TicketId> references;   ///< the asker's own tickets that its text names, in that order
    TicketId target_ticket;             ///< of what is no matter: the ticket that it is shown in; of reactions and revisions that of their message;
                                        ///< of calls the latest live one, else the newest: without any it opens one
};

/// The message understood as a command, by its words, a payload, or as a lone reference.
struct ThreadingCommand {
    Command command{Command::status};
    std::string language;        ///< of Command::language
    bool tapped{false};          ///< by a payload of ours; counts also while an agent waits for an answer
    bool lone_reference{false};  ///< the message is nothing but a reference
    bool unmatched_reference{false}; ///< it names a reference that is wrong or not the asker's own
};

/// The latest list that we offered in this conversation, and the row that this message picks.
struct ThreadingPick {
    enum class List { choice, something_new, status };
    List list{List::choice};
    TicketId chosen;               ///< 0: something new
    bool tapped{false};            ///< false: typed, by its number or its title
    Timestamp offered_at;
    std::vector<BurstMember> burst; ///< from the offer's first message on, oldest first (empty for `status`)
};

/// The ticket that the last agent message or solving notice was about.
struct LastSaid {
    TicketId ticket;
    Timestamp at;
};

/// Everything that the decision depends on, loaded under the lane of one contact.
struct ThreadingFacts {
    ThreadingMessage message;
    std::optional<ThreadingCommand> command;
    std::optional<ThreadingPick> pick;
    std::vector<ThreadingTicket> tickets;  ///< of this contact in this brand, in any order
    /// Commit sequence; at least those within `burst` of their neighbours. Unless the message names a ticket, `rule` and what else is
    /// known of its placement counts of the nearest one alone that leads, before and after it.
    std::vector<BurstMember> recent;
    std::vector<Timestamp> agent_wrote_at; ///< agents' messages and echoes of this conversation since the first of `recent`
    std::optional<LastSaid> last_said;
    std::optional<Timestamp> new_asked_at; ///< provider time of the last `new`, if no matter but commands has come since
    std::optional<Timestamp> newest_sent_at; ///< latest provider time of a message of either side in this conversation
    std::optional<Timestamp> customer_sent_at; ///< the same of the customer's alone
};

// ---------------------------------------------------------------- what they decide

/// A ticket that came into question, and why.
struct Candidate {
    TicketId ticket;
    std::string because; ///< "live", "last agent message was about it", "quoted", …
    friend bool operator==(Candidate const&, Candidate const&) = default;
};

/// Where something goes. `open` and `follow_up` make a ticket: `ticket` is 0.
struct Target {
    PlacementAction action{PlacementAction::conversation_only};
    TicketId ticket;
    TicketId follow_up_of; ///< of `follow_up`
    friend bool operator==(Target const&, Target const&) = default;
};

/// Earlier messages that go along to the same target, or that a pick moves.
struct BurstMove {
    enum class Leaves {
        as_it_is,
        empty,    ///< the burst had opened it and nothing else is in it: merge it into the target
        unopened, ///< the burst had reopened it and nothing else came: back to solved, without a notice
    };
    TicketId from; ///< 0: the conversation only
    std::vector<MessageId> messages;
    Leaves leaves{Leaves::as_it_is};
    friend bool operator==(BurstMove const&, BurstMove const&) = default;
};

/// What we offer to choose from, once per burst.
enum class OfferKind {
    none,
    choice,        ///< a list of `candidates` (best first) and "something new"
    something_new, ///< a button in the acknowledgement: a tap splits the burst off into a ticket of its own
};

/// What happens to the acknowledgement's timer of the placement's ticket.
enum class AcknowledgementEffect {
    none,
    arm_opened,
    arm_reopened,
    arm_follow_up,
    extend, ///< if it is armed, the burst has become longer
};
[[nodiscard]] std::string_view render_acknowledgement(AcknowledgementEffect effect) noexcept; ///< "opened", …, as in timer.detail
/// One of the three that arm, from timer.detail.
[[nodiscard]] std::optional<AcknowledgementEffect> parse_acknowledgement(std::string_view word) noexcept;

/// What a command is about and what it asks for.
struct CommandDecision {
    Command command{Command::status};
    std::string language;
    /// Named ones, else all live ones; most recently active first. `agent` turns each of them that waits into open.
    std::vector<TicketId> scope;
    bool named{false};            ///< scope comes from a payload, quote or reference
    TicketId newest;              ///< without scope: the newest ticket within `closer_reach`, to tell about; may be 0
    bool not_found{false};        ///< answer "not found", nothing else
    bool asks_to_describe{false}; ///< `new`, and `help` without a ticket
    friend bool operator==(CommandDecision const&, CommandDecision const&) = default;
};

/// What a pick does.
struct PickDecision {
    enum class Result {
        moved,
        kept,     ///< it is there already
        answered, ///< somebody answered the burst: nothing moves
        too_late,
        gone,     ///< nothing to move, or the ticket is not the asker's any more
    };
    Result result{Result::moved};
    Target target;                ///< of the burst, with `moved` and `kept`; a waiting one turns open
    Timestamp opened_at;          ///< as in PlacementDecision, for `target`
    std::vector<BurstMove> moves; ///< with `moved`
    AcknowledgementEffect acknowledgement{AcknowledgementEffect::none}; ///< for `target`
    friend bool operator==(PickDecision const&, PickDecision const&) = default;
};

/// The decision. Everything in it is to be carried out in the transaction that stores the message.
struct PlacementDecision {
    Rule rule{Rule::r8};
    Target target;
    std::vector<Candidate> candidates; ///< best first
    bool guess{false};
    bool matter{true};   ///< false: never opens, reopens, acknowledges, nor delivers kept texts
    bool late{false};
    bool answers_agent{false}; ///< clears the target's unanswered_agent_at
    bool marks_unseen{false};
    Timestamp opened_at;       ///< of open, follow_up and reopen: start of the ticket's new interval (ticket.opened_at_ms too)
    OfferKind offer{OfferKind::none};
    AcknowledgementEffect acknowledgement{AcknowledgementEffect::none};
    std::vector<BurstMove> moves;
    std::optional<CommandDecision> command;
    std::optional<PickDecision> pick;
    std::string reason; ///< for agents; no customer's words
    std::string settings_version;
};

/// Where a customer's message belongs.
///
/// Errors:  none; total over its domain.
/// Threads: pure; any thread.
[[nodiscard]] PlacementDecision decide_placement(ThreadingFacts const& facts, AccountPolicy const& policy);

/// What was typed on the business phone.
struct EchoFacts {
    bool group{false};
    TicketId quoted_ticket;
    std::vector<ThreadingTicket> tickets;
};

/// Rule E: never a command, never opens or reopens, never acknowledged. It counts as an agent's message.
[[nodiscard]] PlacementDecision decide_echo(EchoFacts const& facts, AccountPolicy const& policy);

/// For message_placement.candidates: [{"ticket":7,"because":"live"}].
[[nodiscard]] std::string render_candidates(std::vector<Candidate> const& candidates);

} // namespace deskbridge
