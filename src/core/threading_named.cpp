#include "threading_parts.hpp"

#include <algorithm>

namespace deskbridge::threading {
namespace {

struct Named {
    ThreadingTicket const* ticket;
    std::string because;
};

/// The tickets that the message names, in the order in which we believe it: a payload is ours, a quote is a deliberate
/// gesture, a reference may be part of a sentence about something else.
std::vector<Named> named_tickets(Placing const& placing)
{
    auto const& message = placing.facts.message;
    std::vector<Named> named;
    auto const add = [&](TicketId id, char const* because) {
        auto const* ticket = placing.book.find(id);
        auto const known = [ticket](Named const& other) { return other.ticket == ticket; };
        if (ticket && std::none_of(named.begin(), named.end(), known))
            named.push_back({ticket, because});
    };
    add(message.payload_ticket, "named by a button");
    add(message.quoted_ticket, "quoted");
    for (auto const reference : message.references)
        add(reference, "named by its reference");
    return named;
}

bool is_tap(MessageKind kind)
{
    return kind == MessageKind::button || kind == MessageKind::list || kind == MessageKind::flow;
}

} // namespace

Placed place_named(Placing const& placing)
{
    auto const named = named_tickets(placing);
    if (named.empty())
        return std::nullopt;
    auto const& [ticket, because] = named.front();
    Verdict verdict{Rule::r3, settle(placing.book, *ticket, placing.closer), {}, because, false};
    for (auto const& [other, why] : named)
        verdict.candidates.push_back({other->id, why});
    auto const& target = verdict.settled.target;
    // Two references and no quote: the first one is the subject of most sentences, but nobody can be sure.
    verdict.guess = named.size() > 1 && because == "named by its reference";
    if (target.action == PlacementAction::reopen)
        verdict.reason += verdict.settled.late ? "; sent before it was solved, so nobody had seen it: reopened"
                                               : "; solved within the reopen window: reopened";
    else if (target.action == PlacementAction::follow_up)
        verdict.reason += "; done too long ago to reopen, and no follow-up is live";
    else if (target.ticket != ticket->id)
        verdict.reason += "; done too long ago to reopen: its live follow-up goes on";
    else if (!is_live(ticket->status))
        verdict.reason += "; a closing word does not reopen";
    auto decision = conclude(placing, std::move(verdict));
    // A tap carries its quote by itself: it says nothing about the words around it. Nor does "thanks".
    if (!placing.closer && !is_tap(placing.facts.message.kind))
        decision.moves = pull_along(placing, decision.target);
    return decision;
}

} // namespace deskbridge::threading
