#include "threading_parts.hpp"

#include <algorithm>

namespace deskbridge::threading {
namespace {

using Tickets = std::vector<ThreadingTicket const*>;

/// The newest solved one, if what was said last was about it. Only one that may be reopened can be a candidate: a reopen
/// window of zero must hold here too.
ThreadingTicket const* spoken_of(Placing const& placing)
{
    auto const& said = placing.facts.last_said;
    auto const& book = placing.book;
    if (!said || placing.at - said->at > book.policy().unanswered)
        return nullptr;
    auto const solved = book.solved();
    auto const* about = book.find(said->ticket);
    return about && !solved.empty() && solved.front() == about && book.reopenable(*about) ? about : nullptr;
}

/// The only one for which `holds`, or nullptr.
template <class Predicate>
ThreadingTicket const* only(Tickets const& tickets, Predicate holds)
{
    ThreadingTicket const* found = nullptr;
    for (auto const* ticket : tickets) {
        if (!holds(*ticket))
            continue;
        if (found)
            return nullptr;
        found = ticket;
    }
    return found;
}

} // namespace

Choosing choose(TicketBook const& book, Tickets const& candidates)
{
    auto const waits = [&book](ThreadingTicket const& ticket) { return book.agent_waits(ticket); };
    auto const is_pending = [](ThreadingTicket const& ticket) { return ticket.status == TicketStatus::pending; };
    auto const* waiting = only(candidates, waits);
    auto const* pending = only(candidates, is_pending);
    // Several agents wait: the only pending one decides if it is among them, for then nothing speaks against it.
    bool const several_wait = !waiting && std::any_of(candidates.begin(), candidates.end(), [&](auto const* t) { return waits(*t); });
    bool const disagree = pending && ((waiting && waiting != pending) || (several_wait && !waits(*pending)));
    if (waiting && !disagree)
        return {waiting, false, "an agent's message in it is unanswered"};
    if (pending && !disagree)
        return {pending, false, "the only one that waits for the customer"};
    auto const latest = std::max_element(candidates.begin(), candidates.end(), [](auto const* a, auto const* b) {
        return a->last_activity != b->last_activity ? a->last_activity < b->last_activity : a->id < b->id;
    });
    return {*latest, true, disagree ? "most recently active; an unanswered agent and a waiting ticket disagree" : "most recently active"};
}

Placed place_candidates(Placing const& placing)
{
    auto const& book = placing.book;
    auto tickets = book.live();
    std::vector<Candidate> why;
    for (auto const* ticket : tickets)
        why.push_back({ticket->id, "live"});
    if (auto const* about = spoken_of(placing)) {
        tickets.push_back(about);
        why.push_back({about->id, "solved; what was said last was about it"});
    }
    if (tickets.empty())
        return std::nullopt;
    bool const several = tickets.size() > 1;
    auto const chosen = several ? choose(book, tickets) : Choosing{tickets.front(), false, why.front().because};
    std::stable_sort(why.begin(), why.end(), [id = chosen.ticket->id](Candidate const& a, Candidate const& b) {
        return a.ticket == id && b.ticket != id;
    });
    Verdict verdict{several ? Rule::r5 : Rule::r4, settle(book, *chosen.ticket, placing.closer), std::move(why),
                    several ? "of several: " + chosen.because : "the only candidate: " + chosen.because, chosen.guess};
    auto decision = conclude(placing, std::move(verdict));
    // Asking where "thanks" belongs would be worse than a wrong place for it.
    if (decision.guess && !placing.closer)
        decision.offer = OfferKind::choice;
    else if (!several && decision.target.action == PlacementAction::reopen)
        decision.offer = OfferKind::something_new; // the customer named nothing: as in R7
    return decision;
}

} // namespace deskbridge::threading
