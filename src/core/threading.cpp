#include "threading_parts.hpp"

#include <algorithm>
#include <array>

namespace deskbridge {
namespace threading {
namespace {

/// Out of order with what stands in the conversation, by more than clocks and parallel deliveries explain.
bool out_of_order(Placing const& placing)
{
    auto newest = placing.facts.newest_sent_at;
    for (auto const at : placing.facts.agent_wrote_at)
        newest = std::max(newest, std::optional{at});
    return newest && placing.at + placing.book.policy().late_after < *newest;
}

} // namespace

Placing::Placing(ThreadingFacts const& of, AccountPolicy const& policy)
    : facts{of},
      // A provider's clock that is ahead of ours must not put messages into the future, where every interval is open.
      at{believed(of.message.sent_at, of.message.received_at)},
      closer{of.message.closer || of.message.kind == MessageKind::sticker},
      book{of.tickets, policy, at}
{
}

PlacementDecision conclude(Placing const& placing, Verdict verdict)
{
    auto const& target = verdict.settled.target;
    PlacementDecision decision;
    decision.rule = verdict.rule;
    decision.target = target;
    decision.candidates = std::move(verdict.candidates);
    decision.guess = verdict.guess;
    decision.late = verdict.rule == Rule::r9 || verdict.settled.late || out_of_order(placing);
    decision.opened_at = interval_start(placing.book, target, placing.facts.message.received_at);
    decision.acknowledgement = effect_of(target);
    decision.reason = std::move(verdict.reason);

    auto const* ticket = placing.book.find(target.ticket);
    bool const on_live = ticket && is_live(ticket->status);
    bool const aside = target.action == PlacementAction::append && !on_live; // a closer in a solved ticket
    decision.answers_agent = ticket != nullptr && ticket->unanswered_agent_at.has_value();
    decision.marks_unseen = target.action != PlacementAction::conversation_only && !aside;
    if (aside)
        decision.acknowledgement = AcknowledgementEffect::none;
    return decision;
}

} // namespace threading

PlacementDecision decide_placement(ThreadingFacts const& facts, AccountPolicy const& policy)
{
    using namespace threading;
    // What the customer names counts more than when it was sent, so R3 is asked before R2; an order for something new
    // separates even neighbours; a closer is settled before the rules that reopen.
    static constexpr std::array rules{place_no_matter, place_pick, place_command, place_named,      place_asked_for_new,
                                      place_burst,     place_late, place_closer,  place_candidates, place_reopening};
    Placing const placing{facts, policy};
    auto decision = [&]() -> PlacementDecision {
        for (auto const rule : rules)
            if (auto placed = rule(placing))
                return std::move(*placed);
        return place_new(placing);
    }();
    decision.settings_version = policy.settings_version;
    return decision;
}

PlacementDecision decide_echo(EchoFacts const& facts, AccountPolicy const& policy)
{
    using namespace threading;
    TicketBook const book{facts.tickets, policy, Timestamp{}};
    PlacementDecision decision;
    decision.rule = Rule::e;
    decision.matter = false;
    decision.settings_version = policy.settings_version;
    auto const put = [&decision](ThreadingTicket const& ticket, std::string because) {
        decision.target = {PlacementAction::append, ticket.id, {}};
        decision.candidates = {{ticket.id, because}};
        decision.reason = "typed on the business phone: " + std::move(because);
    };
    auto const live = book.live();
    auto const solved = book.solved();
    if (facts.group)
        decision.reason = "typed on the business phone, to a group";
    else if (auto const* quoted = book.find(facts.quoted_ticket))
        put(*quoted, "quoted");
    else if (!live.empty())
        put(*live.front(), "the live ticket that was active last");
    else if (!solved.empty())
        put(*solved.front(), "none is live; solved last, and stays solved");
    else
        decision.reason = "typed on the business phone; no ticket to put it in";
    return decision;
}

} // namespace deskbridge
