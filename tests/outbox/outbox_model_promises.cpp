#include "outbox_model.hpp"

#include <algorithm>

namespace deskbridge::test::model {

namespace {

/// May this attempt's intent be tried once more? Only if the provider certainly does not have it, on evidence, on a
/// person's word, or after the provider itself gave it up.
bool may_follow(Try const& attempt, Config const& config)
{
    switch (attempt.ending) {
    case Ending::not_sent:
    case Ending::refused: return !attempt.reached;
    case Ending::unknown: return attempt.decided || (attempt.presumed && config.policy == UnknownPolicy::evidence);
    case Ending::accepted: return true; // see `sent_after_all`
    case Ending::open: break;
    }
    return false;
}

bool waits(Intent const& intent)
{
    return intent.state == IntentState::queued || intent.state == IntentState::retry_wait;
}

std::string broken_by_begin(World const& before, std::size_t i, Config const& config)
{
    auto const& intent = before.lane[i];
    for (auto const& other : before.lane)
        if (other.state == IntentState::claimed)
            return "two in flight in one lane";
    if (before.paused)
        return "sent while the account is paused";
    if (!before.window_open)
        return "sent while the window is closed";
    if (intent.not_after <= 0 || intent.next_at > 0)
        return "sent outside its time";
    for (auto const& attempt : intent.tries)
        if (!may_follow(attempt, config))
            return "sent again on a guess";
    for (std::size_t e = 0; e < before.lane.size(); ++e) {
        auto const& other = before.lane[e];
        bool const agents = other.message_class == MessageClass::agent;
        bool const first_of_two = e < i && other.message_class != MessageClass::notice && intent.message_class != MessageClass::notice;
        bool const blocks = agents && other.state == IntentState::unknown && !other.settled &&
                            other.unknown_since > -static_cast<int>(rules().unknown_blocks.count()) && !other.answered;
        if (first_of_two && waits(other) && !(agents && intent.message_class != MessageClass::agent))
            return "overtakes an earlier message";
        if (e < i && blocks && intent.message_class == MessageClass::agent)
            return "overtakes one that may have been sent";
    }
    return {};
}

/// Believed not sent: what must have been seen.
std::string broken_by_presumption(World const& before, std::size_t i, Config const& config)
{
    auto const& intent = before.lane[i];
    auto const& attempt = intent.tries.back();
    if (config.policy != UnknownPolicy::evidence || intent.message_class != MessageClass::agent)
        return "presumed without a policy that allows it";
    if (attempt.ending != Ending::unknown || attempt.heard)
        return "presumed against what was heard";
    if (!attempt.proven)
        return "presumed on a path that nothing proves";
    if (attempt.missed)
        return "presumed though something may have been missed";
    if (-attempt.ended < rules().presume_after.count())
        return "presumed too soon";
    for (std::size_t n = 0; n + 1 < intent.tries.size(); ++n)
        if (intent.tries[n].presumed)
            return "presumed twice";
    return {};
}

std::string broken_by_leaving_an_end(Intent const& was, Intent const& is, Next const& next)
{
    if (!is_over(was) || was.state == is.state || next.fresh)
        return {};
    auto const heard = [](Intent const& intent) {
        return std::count_if(intent.tries.begin(), intent.tries.end(), [](Try const& attempt) { return attempt.reached && attempt.heard; });
    };
    bool const refused_later = is.state == IntentState::kept && is.failed && heard(is) > 0;
    if (was.state == IntentState::accepted)
        return refused_later ? "" : "an end is left without evidence";
    bool const has_news = heard(is) > heard(was) || (is.receipt && is.receipt != was.receipt);
    if (has_news && (is.state == IntentState::accepted || refused_later))
        return {};
    return "an end is left without evidence";
}

std::string broken_in(World const& before, Next const& next, std::size_t i, Config const& config)
{
    auto const& was = before.lane[i];
    auto const& is = next.world.lane[i];
    if (is.tries.size() > was.tries.size())
        if (auto why = broken_by_begin(before, i, config); !why.empty())
            return why;
    bool const presumed = !is.tries.empty() && is.tries.size() == was.tries.size() && is.tries.back().presumed && !was.tries.back().presumed;
    if (presumed)
        if (auto why = broken_by_presumption(before, i, config); !why.empty())
            return why;
    if (!next.fresh && was.receipt && (!is.receipt || *is.receipt < *was.receipt))
        return "a rank falls";
    if (!next.fresh && was.failed && !is.failed)
        return "a failure is forgotten";
    if (auto why = broken_by_leaving_an_end(was, is, next); !why.empty())
        return why;
    auto const had = [](Try const& attempt) { return attempt.reached || attempt.decided; };
    if (is.state == IntentState::accepted && std::none_of(is.tries.begin(), is.tries.end(), had))
        return "accepted, and the provider does not have it";
    if (is.state == IntentState::claimed && (is.tries.empty() || is.tries.back().ending != Ending::open))
        return "in flight without an open attempt";
    if (is.state == IntentState::unknown && is.unknown_since == none)
        return "unknown since nobody knows when";
    return {};
}

} // namespace

std::string broken_by(World const& before, Next const& next, Config const& config)
{
    std::size_t in_flight = 0;
    for (std::size_t i = 0; i < before.lane.size(); ++i) {
        if (auto why = broken_in(before, next, i, config); !why.empty())
            return why;
        in_flight += next.world.lane[i].state == IntentState::claimed ? 1u : 0u;
    }
    auto const doubts = [](World const& world) {
        return std::count_if(world.lane.begin(), world.lane.end(), [](Intent const& i) { return i.state == IntentState::unknown; });
    };
    if (in_flight > 1)
        return "two in flight in one lane";
    if (doubts(next.world) > doubts(before) + 1)
        return "more became unknown than was in flight";
    return {};
}

} // namespace deskbridge::test::model
