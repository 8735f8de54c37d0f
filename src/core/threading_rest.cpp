#include "threading_parts.hpp"

#include <algorithm>

namespace deskbridge::threading {
namespace {

using Tickets = std::vector<ThreadingTicket const*>;

bool same_tickets(Tickets a, Tickets b)
{
    std::sort(a.begin(), a.end());
    std::sort(b.begin(), b.end());
    return a == b;
}

} // namespace

// A late message is one that was sent when other tickets were open than now. If none was open then, it has been overtaken
// by what opened the first one, and the other rules place it as if it came now.
Placed place_late(Placing const& placing)
{
    auto const& book = placing.book;
    auto const open = book.open_then();
    if (open.empty() || same_tickets(open, book.live()))
        return std::nullopt;
    Choosing chosen{open.front(), false, "the only one open when it was sent"};
    if (open.size() > 1) {
        // A live one goes first: nothing needs to be reopened for it.
        Tickets live;
        std::copy_if(open.begin(), open.end(), std::back_inserter(live), [](auto const* t) { return is_live(t->status); });
        chosen = choose(book, live.empty() ? open : live);
        chosen.guess = chosen.guess || live.size() == 1;
        chosen.because = "of several that were open when it was sent: " + chosen.because;
    }
    std::vector<Candidate> why{{chosen.ticket->id, "open when it was sent"}};
    for (auto const* ticket : open)
        if (ticket != chosen.ticket)
            why.push_back({ticket->id, "open when it was sent"});
    Verdict verdict{Rule::r9, settle(book, *chosen.ticket, placing.closer), std::move(why), "late; " + chosen.because,
                    chosen.guess};
    if (verdict.settled.target.action == PlacementAction::reopen)
        verdict.reason += "; solved before anybody could see it: reopened";
    auto decision = conclude(placing, std::move(verdict));
    if (decision.guess && !placing.closer)
        decision.offer = OfferKind::choice;
    return decision;
}

Placed place_closer(Placing const& placing)
{
    auto const& book = placing.book;
    if (!placing.closer || !book.live().empty())
        return std::nullopt;
    Verdict verdict{Rule::r6, {}, {}, "a closing word, and no ticket to put it in", false};
    if (auto const* newest = book.newest_within_reach()) {
        verdict.settled.target = {PlacementAction::append, newest->id, {}};
        verdict.candidates = {{newest->id, "the newest ticket"}};
        verdict.reason = "a closing word: kept with the newest ticket, which stays as it is";
    }
    return conclude(placing, std::move(verdict));
}

Placed place_reopening(Placing const& placing)
{
    std::vector<Candidate> why;
    for (auto const* ticket : placing.book.solved())
        if (placing.book.reopenable(*ticket))
            why.push_back({ticket->id, "solved within the reopen window"});
    if (why.empty())
        return std::nullopt;
    auto const* newest = placing.book.find(why.front().ticket);
    Verdict verdict{Rule::r7, settle(placing.book, *newest, false), why,
                    "none is live; solved last, within the reopen window: reopened", false};
    auto decision = conclude(placing, std::move(verdict));
    decision.offer = OfferKind::something_new;
    return decision;
}

Target new_ticket(TicketBook const& book)
{
    auto const* earlier = book.newest_done();
    if (!earlier)
        return {PlacementAction::open, {}, {}};
    auto const done = earlier->solved_at.value_or(earlier->last_activity);
    if (book.at() - done > book.policy().follow_up_recency)
        return {PlacementAction::open, {}, {}};
    return {PlacementAction::follow_up, {}, earlier->id};
}

PlacementDecision place_new(Placing const& placing)
{
    auto const target = new_ticket(placing.book);
    Verdict verdict{Rule::r8, {target, false}, {}, "no ticket that it could belong to", false};
    if (target.action == PlacementAction::follow_up) {
        verdict.candidates = {{target.follow_up_of, "done recently, but not to be reopened"}};
        verdict.reason = "nothing to reopen; linked to the one done last";
    }
    return conclude(placing, std::move(verdict));
}

Placed place_asked_for_new(Placing const& placing)
{
    auto const& asked = placing.facts.new_asked_at;
    if (!asked || placing.closer || placing.at < *asked ||
        placing.at - *asked > placing.book.policy().offer_validity)
        return std::nullopt;
    // Never a follow-up: the customer has just said that it is something else.
    return conclude(placing, {Rule::r8, {{PlacementAction::open, {}, {}}, false}, {}, "the customer ordered something new", false});
}

} // namespace deskbridge::threading
