#include "deskbridge/core/acknowledgement.hpp"

#include <algorithm>

namespace deskbridge {
namespace {

bool arms(AcknowledgementEffect effect)
{
    return effect == AcknowledgementEffect::arm_opened || effect == AcknowledgementEffect::arm_reopened ||
           effect == AcknowledgementEffect::arm_follow_up;
}

} // namespace

std::optional<AcknowledgementTimer> next_acknowledgement(std::optional<AcknowledgementTimer> const& armed,
                                                         AcknowledgementEffect effect, Timestamp now,
                                                         AccountPolicy const& policy)
{
    if (!policy.acknowledge)
        return std::nullopt;
    if (effect == AcknowledgementEffect::none || (effect == AcknowledgementEffect::extend && !armed))
        return armed;
    AcknowledgementTimer next{now, now + policy.ack_at_most, effect};
    if (armed) {
        next.deadline = std::min(next.deadline, armed->deadline);
        // "Your ticket was reopened" makes no sense to somebody who was never told that it exists.
        if (!arms(effect) || effect == AcknowledgementEffect::arm_reopened)
            next.kind = armed->kind;
    }
    next.due_at = std::min(now + policy.ack_quiet, next.deadline);
    if (armed && effect == AcknowledgementEffect::extend)
        next.due_at = std::max(next.due_at, armed->due_at); // our clock was set back
    return next;
}

AcknowledgementStep after_answer(AnswerEvent event, bool armed, bool acknowledged) noexcept
{
    switch (event) {
    case AnswerEvent::agent_accepted:
    case AnswerEvent::echo:
    case AnswerEvent::status_answer_accepted: return armed ? AcknowledgementStep::drop : AcknowledgementStep::leave;
    case AnswerEvent::agent_failed:
    case AnswerEvent::agent_kept:
    case AnswerEvent::ticket_back:
        return armed || acknowledged ? AcknowledgementStep::leave : AcknowledgementStep::rearm;
    }
    return AcknowledgementStep::leave;
}

AcknowledgementTimer rearmed_acknowledgement(bool reopened, bool follow_up, Timestamp now) noexcept
{
    auto const kind = reopened    ? AcknowledgementEffect::arm_reopened
                      : follow_up ? AcknowledgementEffect::arm_follow_up
                                  : AcknowledgementEffect::arm_opened;
    return {now, now, kind};
}

std::string_view render_skip(SkipReason reason) noexcept
{
    switch (reason) {
    case SkipReason::disabled: return "disabled";
    case SkipReason::not_live: return "not_live";
    case SkipReason::window_closed: return "window_closed";
    case SkipReason::capped: return "capped";
    case SkipReason::agent_on_the_way: return "agent_on_the_way";
    case SkipReason::no_account: return "no_account";
    case SkipReason::withheld: return "withheld";
    case SkipReason::failed: return "failed";
    case SkipReason::template_refused: return "template_refused";
    }
    return {};
}

std::optional<SkipReason> decide_due(DueFacts const& facts, AccountPolicy const& policy) noexcept
{
    if (!policy.acknowledge)
        return SkipReason::disabled;
    if (!facts.ticket_live)
        return SkipReason::not_live;
    if (facts.agent_on_the_way)
        return SkipReason::agent_on_the_way;
    if (!within_cap(facts.automatic_last_hour, policy))
        return SkipReason::capped;
    if (!facts.window_open && policy.acknowledgement_template.empty())
        return SkipReason::window_closed;
    return std::nullopt;
}

bool within_cap(int notices_last_hour, AccountPolicy const& policy) noexcept
{
    return notices_last_hour < policy.automatic_per_hour;
}

bool may_answer(int answers_last_hour, AccountPolicy const& policy) noexcept
{
    return answers_last_hour < policy.answers_per_hour;
}

} // namespace deskbridge
