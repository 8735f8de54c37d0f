#include "threading_parts.hpp"

#include <algorithm>

namespace deskbridge::threading {
namespace {

using Result = PickDecision::Result;

/// A typed row holds for as long as people remember the list, a tapped one says by itself which list it is of.
bool counts(Placing const& placing, ThreadingPick const& pick)
{
    if (pick.tapped)
        return true;
    auto const& policy = placing.book.policy();
    auto const asked = placing.book.agent_asked_at();
    if (asked && *asked > pick.offered_at)
        return false; // "2" answers whoever asked last: the agent
    return placing.at - pick.offered_at <= policy.offer_validity && pick.offered_at <= placing.at + policy.late_after;
}

/// The messages that a pick moves: those that still are where the first one is.
///
/// A choice moves the burst it was offered for. "Something new" splits off everything that the customer has written into
/// the reopened ticket since, for all of it followed the first message there.
std::vector<BurstMember> picked_burst(Placing const& placing, ThreadingPick const& pick)
{
    if (pick.burst.empty())
        return {};
    auto const first = pick.burst.front();
    auto members = pick.burst;
    if (pick.list == ThreadingPick::List::choice)
        members = burst_around(std::move(members), first.sent_at, placing.facts.agent_wrote_at,
                               placing.book.policy().burst);
    auto const elsewhere = [&](BurstMember const& member) {
        return member.ticket != first.ticket || (member.named_its_ticket && member.id != first.id);
    };
    members.erase(std::remove_if(members.begin(), members.end(), elsewhere), members.end());
    return members;
}

PickDecision stay(Result result, TicketId where = {})
{
    PickDecision decision;
    decision.result = result;
    if (where)
        decision.target = {PlacementAction::append, where, {}};
    return decision;
}

bool opened_by_itself(TicketBook const& book, std::vector<BurstMember> const& burst, Target const& target)
{
    auto const moves = moves_of(book, burst, target);
    return std::any_of(moves.begin(), moves.end(), [](auto const& move) { return move.leaves == BurstMove::Leaves::empty; });
}

PickDecision carry(Placing const& placing, std::vector<BurstMember> const& burst, Target const& target)
{
    auto const& last = burst.back();
    // The ticket is judged by when the burst was sent, not by when the customer got round to the tap.
    TicketBook const then{placing.facts.tickets, placing.book.policy(), std::min(last.sent_at, placing.at)};
    PickDecision decision;
    decision.result = Result::moved;
    decision.target = target;
    decision.opened_at = interval_start(then, target, placing.facts.message.received_at);
    decision.moves = moves_of(placing.book, burst, target);
    decision.acknowledgement = effect_of(target);
    return decision;
}

PickDecision decide_pick(Placing const& placing, ThreadingPick const& pick)
{
    auto const& book = placing.book;
    if (placing.at - pick.offered_at > book.policy().pick)
        return stay(Result::too_late);
    auto const burst = picked_burst(placing, pick);
    if (burst.empty())
        return stay(Result::gone);
    if (std::any_of(burst.begin(), burst.end(), [](auto const& member) { return member.answered; }))
        return stay(Result::answered);
    auto const* here = book.find(burst.front().ticket);
    if (!pick.chosen) {
        Target const fresh{PlacementAction::open, {}, {}};
        // A ticket that holds nothing but this burst is the new one already (the second tap on "something new").
        if (here && is_live(here->status) && opened_by_itself(book, burst, fresh))
            return stay(Result::kept, here->id);
        return carry(placing, burst, fresh);
    }
    auto const* chosen = book.find(pick.chosen);
    if (!chosen)
        return stay(Result::gone);
    TicketBook const then{placing.facts.tickets, book.policy(), std::min(burst.back().sent_at, placing.at)};
    auto const target = settle(then, *chosen, false).target;
    // Also when that ticket was solved meanwhile: a pick is no matter, it does not reopen what it does not move.
    if (here && (chosen == here || target.ticket == here->id))
        return stay(Result::kept, here->id);
    return carry(placing, burst, target);
}

char const* reason_of(Result result)
{
    switch (result) {
    case Result::moved: return "pick from our list: moves its burst";
    case Result::kept: return "pick from our list: the burst is there already";
    case Result::answered: return "pick from our list: the burst has been answered, nothing moves";
    case Result::too_late: return "pick from our list: too late, nothing moves";
    case Result::gone: break;
    }
    return "pick from our list: nothing to move";
}

} // namespace

Placed place_pick(Placing const& placing)
{
    auto const& pick = placing.facts.pick;
    if (!pick || !counts(placing, *pick))
        return std::nullopt;
    if (pick->list == ThreadingPick::List::status)
        return answer_status(placing, pick->chosen);
    auto picked = decide_pick(placing, *pick);
    auto decision = conclude(placing, {Rule::r1, {}, {}, reason_of(picked.result), false});
    decision.matter = false;
    decision.pick = std::move(picked);
    return decision;
}

} // namespace deskbridge::threading
