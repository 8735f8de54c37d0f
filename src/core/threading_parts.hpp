#pragma once

#include "deskbridge/core/threading.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deskbridge::threading {

/// The contact's tickets, looked at from the moment at which a message was sent.
class TicketBook {
public:
    TicketBook(std::vector<ThreadingTicket> const& tickets, AccountPolicy const& policy, Timestamp at)
        : tickets_{tickets}, policy_{policy}, at_{at}
    {
    }

    /// The ticket that `id` has become by merging; nullptr if it is not among the contact's.
    [[nodiscard]] ThreadingTicket const* find(TicketId id) const;
    [[nodiscard]] std::vector<ThreadingTicket const*> live() const;      ///< most recently active first
    [[nodiscard]] std::vector<ThreadingTicket const*> solved() const;    ///< most recently solved first; no closed ones
    [[nodiscard]] std::vector<ThreadingTicket const*> open_then() const; ///< at the moment of sending, most recently active first
    /// The newest of the solved and closed ones.
    [[nodiscard]] ThreadingTicket const* newest_done() const;
    /// The most recently active within closer_reach.
    [[nodiscard]] ThreadingTicket const* newest_within_reach() const;
    [[nodiscard]] ThreadingTicket const* live_follow_up(TicketId of) const;

    [[nodiscard]] bool reopenable(ThreadingTicket const& ticket) const;
    /// Sent before the solving that ended the ticket: nobody had seen it then.
    [[nodiscard]] bool sent_before_solving(ThreadingTicket const& ticket) const;
    /// An agent's message in it still asks for an answer.
    [[nodiscard]] bool agent_waits(ThreadingTicket const& ticket) const;
    /// When the latest unanswered message of an agent in a live ticket was written.
    [[nodiscard]] std::optional<Timestamp> agent_asked_at() const;

    [[nodiscard]] Timestamp at() const { return at_; }
    [[nodiscard]] AccountPolicy const& policy() const { return policy_; }

private:
    std::vector<ThreadingTicket> const& tickets_;
    AccountPolicy const& policy_;
    Timestamp at_;
};

/// Where a message goes that belongs to a ticket, whatever has become of it.
struct Settled {
    Target target;
    bool late{false}; ///< reopened although its time may be over, because nobody had seen the message
};
[[nodiscard]] Settled settle(TicketBook const& book, ThreadingTicket const& ticket, bool closer);

/// Start of the interval that `target` begins.
[[nodiscard]] Timestamp interval_start(TicketBook const& book, Target const& target, Timestamp received_at);
[[nodiscard]] AcknowledgementEffect effect_of(Target const& target);

/// One message under the rules.
struct Placing {
    Placing(ThreadingFacts const& of, AccountPolicy const& policy);

    ThreadingFacts const& facts;
    Timestamp at; ///< when it was sent, as far as the clocks can be trusted
    bool closer;
    TicketBook book;
};

/// What a rule says, before the consequences that follow for all rules alike.
struct Verdict {
    Rule rule;
    Settled settled;
    std::vector<Candidate> candidates;
    std::string reason;
    bool guess{false};
};
[[nodiscard]] PlacementDecision conclude(Placing const& placing, Verdict verdict);

// The rules in the order in which they are asked; nullopt: not my case.
using Placed = std::optional<PlacementDecision>;
[[nodiscard]] Placed place_no_matter(Placing const& placing);      // R0
[[nodiscard]] Placed place_pick(Placing const& placing);           // R1
[[nodiscard]] Placed place_command(Placing const& placing);        // R1
[[nodiscard]] Placed place_named(Placing const& placing);          // R3
[[nodiscard]] Placed place_asked_for_new(Placing const& placing);  // R8, ordered
[[nodiscard]] Placed place_burst(Placing const& placing);          // R2
[[nodiscard]] Placed place_late(Placing const& placing);           // R9
[[nodiscard]] Placed place_closer(Placing const& placing);         // R6
[[nodiscard]] Placed place_candidates(Placing const& placing);     // R4, R5
[[nodiscard]] Placed place_reopening(Placing const& placing);      // R7
[[nodiscard]] PlacementDecision place_new(Placing const& placing); // R8

/// A row of a status list: the answer about that ticket.
[[nodiscard]] PlacementDecision answer_status(Placing const& placing, TicketId of);

/// R5's choice among several: certain, or the most recently active one as a guess.
struct Choosing {
    ThreadingTicket const* ticket{nullptr};
    bool guess{false};
    std::string because;
};
[[nodiscard]] Choosing choose(TicketBook const& book, std::vector<ThreadingTicket const*> const& candidates);

/// The new ticket of a customer who named none.
[[nodiscard]] Target new_ticket(TicketBook const& book);

/// The unanswered rest of the burst that goes along to `target`.
[[nodiscard]] std::vector<BurstMove> pull_along(Placing const& placing, Target const& target);
/// `members` leave their tickets for `target`; those that are there already stay.
[[nodiscard]] std::vector<BurstMove> moves_of(TicketBook const& book, std::vector<BurstMember> const& members,
                                              Target const& target);
/// The members that hang together with `from` by gaps of at most `policy.burst`.
[[nodiscard]] std::vector<BurstMember> burst_around(std::vector<BurstMember> members, Timestamp from,
                                                    std::vector<Timestamp> const& agent_wrote_at,
                                                    AccountPolicy::Duration gap);

} // namespace deskbridge::threading
