#include "threading_parts.hpp"

#include <algorithm>

namespace deskbridge {

bool sent_earlier(BurstMember const& a, BurstMember const& b) noexcept
{
    return a.sent_at != b.sent_at ? a.sent_at < b.sent_at : a.id < b.id;
}

bool leads(BurstMember const& member) noexcept
{
    return member.ticket && member.rule != Rule::r6 && !member.closing_guess;
}

} // namespace deskbridge

namespace deskbridge::threading {
namespace {

using Moments = std::vector<Timestamp>;

/// Did an agent write between these two moments? At the very moment of the earlier one counts as before it: providers
/// cut their times to seconds.
bool agent_between(Moments const& agent_wrote_at, Timestamp a, Timestamp b)
{
    auto const [from, to] = std::minmax(a, b);
    return std::any_of(agent_wrote_at.begin(), agent_wrote_at.end(),
                       [&](Timestamp at) { return from < at && at <= to; });
}

bool neighbours(Timestamp a, Timestamp b, Moments const& agent_wrote_at, AccountPolicy::Duration gap)
{
    auto const [from, to] = std::minmax(a, b);
    return to - from <= gap && !agent_between(agent_wrote_at, from, to);
}

/// The previous message, or, for one that was overtaken, the next.
BurstMember const* neighbour(Placing const& placing, std::vector<BurstMember> const& members)
{
    auto const gap = placing.book.policy().burst;
    auto const& wrote = placing.facts.agent_wrote_at;
    BurstMember const* previous = nullptr;
    BurstMember const* next = nullptr;
    for (auto const& member : members) { // in order of sending
        if (member.sent_at <= placing.at)
            previous = &member;
        else if (!next)
            next = &member;
    }
    if (previous && neighbours(previous->sent_at, placing.at, wrote, gap))
        return previous;
    return next && neighbours(placing.at, next->sent_at, wrote, gap) ? next : nullptr;
}

/// What `from` is left as when `moved` go away.
BurstMove::Leaves leaves(TicketBook const& book, TicketId from, std::vector<BurstMember const*> const& moved)
{
    auto const* ticket = book.find(from);
    if (!ticket || ticket->id != from || ticket->messages_since_opening != static_cast<int>(moved.size()))
        return BurstMove::Leaves::as_it_is;
    for (auto const* member : moved) {
        if (member->action == PlacementAction::open || member->action == PlacementAction::follow_up)
            return BurstMove::Leaves::empty;
        if (member->action == PlacementAction::reopen)
            return BurstMove::Leaves::unopened;
    }
    return BurstMove::Leaves::as_it_is;
}

} // namespace

std::vector<BurstMember> burst_around(std::vector<BurstMember> members, Timestamp from, Moments const& agent_wrote_at,
                                      AccountPolicy::Duration gap)
{
    std::sort(members.begin(), members.end(), sent_earlier);
    auto const middle = std::partition_point(members.begin(), members.end(),
                                             [from](BurstMember const& member) { return member.sent_at <= from; });
    auto first = middle;
    for (auto edge = from; first != members.begin() && neighbours(std::prev(first)->sent_at, edge, agent_wrote_at, gap);)
        edge = (--first)->sent_at;
    auto last = middle;
    for (auto edge = from; last != members.end() && neighbours(edge, last->sent_at, agent_wrote_at, gap);)
        edge = (last++)->sent_at;
    return {first, last};
}

std::vector<BurstMove> moves_of(TicketBook const& book, std::vector<BurstMember> const& members, Target const& target)
{
    std::vector<TicketId> sources;
    for (auto const& member : members)
        if (member.ticket != target.ticket || !target.ticket)
            if (std::find(sources.begin(), sources.end(), member.ticket) == sources.end())
                sources.push_back(member.ticket);
    std::vector<BurstMove> moves;
    for (auto const source : sources) {
        std::vector<BurstMember const*> moved;
        BurstMove move{source, {}, BurstMove::Leaves::as_it_is};
        for (auto const& member : members)
            if (member.ticket == source) {
                moved.push_back(&member);
                move.messages.push_back(member.id);
            }
        move.leaves = source ? leaves(book, source, moved) : BurstMove::Leaves::as_it_is;
        moves.push_back(std::move(move));
    }
    return moves;
}

std::vector<BurstMove> pull_along(Placing const& placing, Target const& target)
{
    auto const& facts = placing.facts;
    auto const burst = burst_around(facts.recent, placing.at, facts.agent_wrote_at, placing.book.policy().burst);
    auto const stays = [&burst](BurstMember const& member) { // with the one that is settled, what followed it there
        return std::any_of(burst.begin(), burst.end(),
                           [&member](auto const& other) { return other.settled && other.ticket == member.ticket; });
    };
    std::vector<BurstMember> rest;
    for (auto const& member : burst) {
        auto const* now = placing.book.find(member.ticket);
        if (member.named_its_ticket && now && now->id != target.ticket)
            return {}; // the burst speaks of two tickets by name: what has no name follows the first one
        if (leads(member) && !member.named_its_ticket && !member.answered && !stays(member))
            rest.push_back(member);
    }
    return moves_of(placing.book, rest, target);
}

Placed place_burst(Placing const& placing)
{
    std::vector<BurstMember> leading;
    std::copy_if(placing.facts.recent.begin(), placing.facts.recent.end(), std::back_inserter(leading), leads);
    std::sort(leading.begin(), leading.end(), sent_earlier);
    auto const* member = neighbour(placing, leading);
    auto const* ticket = member ? placing.book.find(member->ticket) : nullptr;
    if (!ticket)
        return std::nullopt;
    Verdict verdict{Rule::r2, settle(placing.book, *ticket, placing.closer),
                    {{ticket->id, "same burst"}},
                    "same burst as the neighbouring message", false};
    if (verdict.settled.target.action == PlacementAction::reopen)
        verdict.reason += ", whose ticket was solved meanwhile: reopened";
    return conclude(placing, std::move(verdict));
}

} // namespace deskbridge::threading
