#include "deskbridge/core/lifecycle.hpp"

#include <array>
#include <utility>

namespace deskbridge {
namespace {

using Effect = LifecycleEffect;
using Answer = Result<LifecycleEffect>;

constexpr std::array<std::pair<LastStep, std::string_view>, 8> steps{{
    {LastStep::received, "received"},
    {LastStep::taken_over, "taken_over"},
    {LastStep::answered, "answered"},
    {LastStep::waiting_for_you, "waiting_for_you"},
    {LastStep::waiting_for_others, "waiting_for_others"},
    {LastStep::solved, "solved"},
    {LastStep::reopened, "reopened"},
    {LastStep::customer_wrote, "customer_wrote"},
}};

Effect staying(LifecycleFacts const& facts)
{
    Effect effect;
    effect.status = facts.status;
    return effect;
}

Effect nothing(LifecycleFacts const& facts)
{
    auto effect = staying(facts);
    effect.changes = false;
    return effect;
}

Error conflict(LifecycleFacts const& facts, std::string_view hint)
{
    return {Fault::conflict, "the ticket is " + std::string{render_status(facts.status)} + ": " + std::string{hint}};
}

Answer customer_wrote(LifecycleFacts const& facts)
{
    if (!is_live(facts.status))
        return nothing(facts); // a closing word, kept with it
    auto effect = staying(facts);
    if (facts.status != TicketStatus::new_) {
        effect.status = TicketStatus::open;
        effect.last_step = LastStep::customer_wrote;
    }
    effect.unseen = true;
    effect.clears_unanswered = true;
    return effect;
}

/// From solved to open, by whomever.
Effect opened_again(LifecycleFacts const& facts)
{
    auto effect = staying(facts);
    effect.status = TicketStatus::open;
    effect.interval = Effect::Interval::open;
    effect.last_step = LastStep::reopened;
    effect.clears_solved_at = true;
    effect.raises_reopen_count = true;
    return effect;
}

Answer customer_reopened(LifecycleFacts const& facts)
{
    if (facts.status == TicketStatus::closed)
        return conflict(facts, "it is never reopened");
    if (is_live(facts.status))
        return customer_wrote(facts);
    auto effect = opened_again(facts);
    effect.unseen = true;
    effect.clears_unanswered = true;
    return effect;
}

Answer agent_wrote(LifecycleFacts const& facts)
{
    auto effect = staying(facts);
    effect.seen = true;
    effect.starts_unanswered = true;
    if (is_live(facts.status))
        effect.last_step = LastStep::answered;
    if (facts.status == TicketStatus::new_)
        effect.status = TicketStatus::open;
    return effect;
}

Answer taken_over(LifecycleFacts const& facts)
{
    if (facts.status == TicketStatus::closed)
        return conflict(facts, "nobody needs to take it");
    if (facts.same_agent)
        return nothing(facts);
    auto effect = staying(facts);
    effect.seen = true;
    if (!is_live(facts.status))
        return effect;
    if (facts.status == TicketStatus::new_)
        effect.status = TicketStatus::open;
    if (!facts.assigned) { // from one agent to another is no news to the customer
        effect.last_step = LastStep::taken_over;
        effect.notice = NoticeKind::taken_over;
    }
    return effect;
}

Answer set_live(LifecycleFacts const& facts, TicketStatus status)
{
    if (!is_live(facts.status))
        return conflict(facts, facts.status == TicketStatus::closed ? "it is never reopened" : "reopen it first");
    if (facts.status == status)
        return nothing(facts);
    auto effect = staying(facts);
    effect.status = status;
    effect.seen = true;
    if (status == TicketStatus::pending) {
        effect.last_step = LastStep::waiting_for_you;
        if (!facts.with_reply)
            effect.notice = NoticeKind::waiting_for_you;
    }
    if (status == TicketStatus::on_hold)
        effect.last_step = LastStep::waiting_for_others;
    return effect;
}

/// The end of a live ticket's interval.
Effect ended(LifecycleFacts const& facts, TicketStatus status)
{
    auto effect = staying(facts);
    effect.status = status;
    if (is_live(facts.status)) {
        effect.interval = Effect::Interval::close;
        effect.sets_solved_at = true;
        effect.last_step = LastStep::solved;
    }
    effect.drops_acknowledgement = true;
    return effect;
}

/// As if it had never ended: its latest interval goes on, and there is nothing to tell.
Effect restored(LifecycleFacts const& facts)
{
    auto effect = staying(facts);
    effect.status = facts.was;
    if (is_live(facts.was) && !is_live(facts.status)) {
        effect.interval = Effect::Interval::resume;
        effect.clears_solved_at = true;
    }
    return effect;
}

Answer solved(LifecycleFacts const& facts, TicketChange change)
{
    if (facts.status == TicketStatus::closed && change == TicketChange::solved)
        return conflict(facts, "it is done already");
    if (!is_live(facts.status))
        return nothing(facts);
    auto effect = ended(facts, TicketStatus::solved);
    effect.seen = change == TicketChange::solved;
    effect.clears_unanswered = change == TicketChange::customer_closed;
    if (change == TicketChange::solved)
        effect.notice = NoticeKind::solved;
    return effect;
}

Answer reopened(LifecycleFacts const& facts)
{
    if (facts.status == TicketStatus::closed)
        return conflict(facts, "it is never reopened");
    if (is_live(facts.status))
        return nothing(facts);
    auto effect = opened_again(facts);
    effect.notice = NoticeKind::reopened;
    return effect;
}

} // namespace

std::string_view render_step(LastStep step) noexcept
{
    for (auto const& [value, word] : steps)
        if (value == step)
            return word;
    return {};
}

std::optional<LastStep> parse_step(std::string_view word) noexcept
{
    for (auto const& [value, name] : steps)
        if (name == word)
            return value;
    return std::nullopt;
}

std::string_view render_notice(NoticeKind kind) noexcept
{
    switch (kind) {
    case NoticeKind::taken_over: return "taken_over";
    case NoticeKind::waiting_for_you: return "waiting_for_you";
    case NoticeKind::solved: return "solved";
    case NoticeKind::reopened: return "reopened";
    }
    return {};
}

Result<LifecycleEffect> decide_change(TicketChange change, LifecycleFacts const& facts)
{
    switch (change) {
    case TicketChange::customer_wrote: return customer_wrote(facts);
    case TicketChange::customer_reopened: return customer_reopened(facts);
    case TicketChange::agent_wrote: return agent_wrote(facts);
    case TicketChange::taken_over: return taken_over(facts);
    case TicketChange::released: return facts.assigned ? staying(facts) : nothing(facts);
    case TicketChange::set_open: return set_live(facts, TicketStatus::open);
    case TicketChange::set_pending: return set_live(facts, TicketStatus::pending);
    case TicketChange::set_on_hold: return set_live(facts, TicketStatus::on_hold);
    case TicketChange::solved:
    case TicketChange::customer_closed:
    case TicketChange::unopened: return solved(facts, change);
    case TicketChange::reopened: return reopened(facts);
    case TicketChange::merged: return ended(facts, TicketStatus::closed);
    case TicketChange::restored: return restored(facts);
    case TicketChange::closed:
        return facts.status == TicketStatus::closed ? nothing(facts) : ended(facts, TicketStatus::closed);
    }
    return nothing(facts);
}

bool tells(NoticeKind kind, AccountPolicy const& policy, bool stopped) noexcept
{
    if (stopped)
        return false;
    switch (kind) {
    case NoticeKind::taken_over: return policy.notices.taken_over;
    case NoticeKind::waiting_for_you: return policy.notices.waiting_for_you;
    case NoticeKind::solved: return policy.notices.solved;
    case NoticeKind::reopened: return policy.notices.reopened;
    }
    return false;
}

} // namespace deskbridge
