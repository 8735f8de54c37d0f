#include "deskbridge/core/outbox.hpp"

#include <algorithm>

namespace deskbridge {

namespace {

constexpr std::chrono::seconds slow_reply{60};   ///< the longest wait of a reply since customers complain about others
constexpr int most_file_refusals{2};
constexpr std::chrono::minutes window_settled{1}; ///< by then the provider should know that it is open

/// What stays as it is when only the state changes.
IntentChange moved(IntentFacts const& intent, IntentState to, std::string reason)
{
    return {to, std::move(reason), intent.failures, intent.next_at, intent.not_after, std::nullopt, is_final(to), intent.window_doubted,
            intent.file_refusals};
}

IntentChange kept(IntentFacts const& intent, Timestamp now, OutboxRules const& rules)
{
    auto change = moved(intent, IntentState::kept, "window_closed");
    change.failures = 0;
    change.not_after = now + rules.kept_lives;
    change.window_doubted = false; // it goes out when another window opens
    return change;
}

/// The provider says that the window is closed; ours has been open for a while.
std::optional<IntentChange> doubted(IntentFacts const& intent, std::optional<Timestamp> open_since, Timestamp now, std::uint64_t dice)
{
    constexpr std::chrono::seconds soonest{5};
    constexpr std::uint64_t spread = 26;
    if (intent.is_template || intent.window_doubted || !open_since || now - *open_since < window_settled)
        return std::nullopt;
    auto change = moved(intent, IntentState::retry_wait, "window_doubted");
    change.next_at = now + soonest + std::chrono::seconds{dice % spread};
    change.window_doubted = true;
    return change;
}

bool may_be_kept(IntentFacts const& intent)
{
    return intent.message_class == MessageClass::agent && !intent.is_template;
}

IntentChange closed(IntentFacts const& intent, Timestamp now, bool keeps, OutboxRules const& rules)
{
    if (keeps && may_be_kept(intent))
        return kept(intent, now, rules);
    return moved(intent, IntentState::refused, "window_closed");
}

bool waits(IntentState state)
{
    return state == IntentState::queued || state == IntentState::retry_wait;
}

struct WhatBecomes {
    IntentFacts const& intent;
    OutcomeFacts const& facts;
    OutboxRules const& rules;

    OutcomeDecision operator()(Accepted const& outcome) const
    {
        auto change = moved(intent, IntentState::accepted, outcome.held ? std::string{held_by_provider} : std::string{});
        change.failures = 0;
        return {change};
    }

    OutcomeDecision operator()(NotSent const& outcome) const
    {
        auto const failures = intent.failures + 1;
        auto const file_refusals = intent.file_refusals + (outcome.about_file ? 1 : 0);
        if (outcome.about_file && file_refusals >= most_file_refusals)
            return {moved(intent, IntentState::refused, "file_refused")};
        bool const only_slower = outcome.slows == NotSent::Slows::proactive && !intent.is_template;
        auto const asked = only_slower ? std::min(outcome.asked, slow_reply) : outcome.asked;
        auto const wait = next_wait(rules.retry, failures, asked, facts.dice);
        if (!wait)
            return {moved(intent, IntentState::refused, "attempts_exhausted")};
        auto change = moved(intent, IntentState::retry_wait, "not_sent");
        change.failures = failures;
        change.file_refusals = file_refusals;
        change.next_at = facts.now + *wait;
        return {change};
    }

    OutcomeDecision operator()(Refused const& outcome) const
    {
        switch (outcome.because) {
        case Refused::Because::window_closed:
            if (auto again = doubted(intent, facts.window_open_since, facts.now, facts.dice))
                return {std::move(*again)};
            return {closed(intent, facts.now, facts.keeps, rules)};
        case Refused::Because::account: {
            auto change = moved(intent, IntentState::queued, "account_paused");
            change.next_at = facts.now;
            return {change, true};
        }
        case Refused::Because::opted_out: return {moved(intent, IntentState::refused, "opted_out")};
        case Refused::Because::person: return {moved(intent, IntentState::refused, "customer_unreachable")};
        case Refused::Because::unusable_template: return {moved(intent, IntentState::refused, "template_unusable")};
        case Refused::Because::message: break;
        }
        return {moved(intent, IntentState::refused, "refused_by_provider")};
    }

    OutcomeDecision operator()(Unknown const&) const
    {
        auto change = moved(intent, IntentState::unknown, "no_verdict");
        change.unknown_since = facts.now;
        change.settled = intent.message_class != MessageClass::agent;
        return {change};
    }
};

} // namespace

Timestamp deadline_of(MessageClass message_class, Timestamp now, OutboxRules const& rules) noexcept
{
    switch (message_class) {
    case MessageClass::agent: return now + rules.agent_lives;
    case MessageClass::answer: return now + rules.answer_lives;
    case MessageClass::notice: break;
    }
    return now + rules.notice_lives;
}

LaneDecision next_in_lane(std::span<IntentFacts const> lane, std::optional<Timestamp> last_inbound, Timestamp now,
                          OutboxRules const& rules)
{
    std::optional<Timestamp> blocked_until;
    std::optional<std::size_t> agent_or_answer, answer_or_notice;
    bool agent_could_go = false;
    LaneDecision decision;
    for (std::size_t i = 0; i < lane.size(); ++i) {
        auto const& intent = lane[i];
        bool const agent = intent.message_class == MessageClass::agent;
        if (intent.state == IntentState::claimed)
            return {};
        if (intent.state == IntentState::unknown && agent && !intent.settled) {
            auto const since = intent.unknown_since.value_or(now);
            auto const until = since + rules.unknown_blocks;
            if (now < until && !(last_inbound && *last_inbound > since))
                blocked_until = std::max(blocked_until.value_or(until), until);
        }
        if (!waits(intent.state))
            continue;
        if (agent && blocked_until) {
            decision.look_again = blocked_until;
            continue;
        }
        agent_could_go = agent_could_go || agent;
        if (intent.message_class != MessageClass::notice && !agent_or_answer)
            agent_or_answer = i;
        if (!agent && !answer_or_notice)
            answer_or_notice = i;
    }
    auto const head = agent_could_go ? agent_or_answer : answer_or_notice;
    if (!head)
        return decision;
    if (lane[*head].next_at <= now)
        return {head, std::nullopt};
    auto const due = lane[*head].next_at;
    return {std::nullopt, std::min(decision.look_again.value_or(due), due)};
}

ClaimDecision decide_claim(ClaimFacts const& facts, OutboxRules const& rules)
{
    auto const& intent = facts.intent;
    if (!waits(intent.state))
        return Stay{"not_waiting"};
    if (intent.not_after && *intent.not_after <= facts.now)
        return moved(intent, IntentState::expired, "deadline");
    if (facts.paused)
        return Stay{"account_paused"};
    if (intent.next_at > facts.now)
        return Stay{"not_due"};
    if (facts.opted_out)
        return moved(intent, IntentState::refused, "opted_out");
    if (facts.template_unusable)
        return moved(intent, IntentState::refused, "template_unusable");
    if (!facts.window_open && !intent.is_template)
        return closed(intent, facts.now, facts.keeps, rules);
    return Go{};
}

std::optional<OutcomeDecision> decide_outcome(IntentFacts const& intent, Outcome const& outcome,
                                              OutcomeFacts const& facts, OutboxRules const& rules)
{
    if (intent.state != IntentState::claimed)
        return std::nullopt;
    return std::visit(WhatBecomes{intent, facts, rules}, outcome);
}

bool rises(std::optional<ReceiptStatus> now, ReceiptStatus next) noexcept
{
    return next != ReceiptStatus::failed && (!now || *now < next);
}

ReceiptDecision decide_receipt(IntentFacts const& intent, ReceiptFacts const& receipt, OutboxRules const& rules)
{
    ReceiptDecision decision;
    auto const arrived = [](std::optional<ReceiptStatus> rank) { return rank && *rank >= ReceiptStatus::delivered; };
    if (receipt.status != ReceiptStatus::failed) {
        // What the provider sent and then gave up: kept, or on its way again, it is not there.
        bool const ended = is_final(intent.state) && intent.state != IntentState::accepted;
        bool const failed = intent.failed && intent.state != IntentState::accepted && !waits(intent.state);
        bool const given_up = (receipt.died || failed) && !arrived(receipt.status);
        bool const has_its_attempt = receipt.current && !waits(intent.state) && !ended && intent.state != IntentState::kept;
        bool const begun_anew = !intent.failed && !has_its_attempt;
        decision.rises = rises(intent.receipt, receipt.status) && !(given_up && begun_anew);
        if (intent.state != IntentState::accepted && !given_up)
            decision.change = moved(intent, IntentState::accepted, "receipt");
        return decision;
    }
    // A failure of an earlier attempt says nothing about the one that followed it.
    bool const is_last_word = receipt.current && !waits(intent.state) && intent.state != IntentState::cancelled;
    bool const told_before = intent.failed && is_final(intent.state) && intent.state != IntentState::accepted;
    if (!is_last_word || told_before) // what was kept for it and died since does not rise again
        return decision;
    decision.fails = !intent.failed;
    bool const is_news = !receipt.resumed_since && receipt.now - receipt.begun_at <= account_news;
    decision.pause_account = decision.fails && is_news && receipt.because == Refused::Because::account;
    bool const window = receipt.because == Refused::Because::window_closed && may_be_kept(intent);
    if (window && !arrived(intent.receipt) && intent.state != IntentState::kept)
        decision.change = doubted(intent, receipt.window_open_since, receipt.now, receipt.dice).value_or(kept(intent, receipt.now, rules));
    else if (intent.state != IntentState::accepted && intent.state != IntentState::kept)
        decision.change = moved(intent, IntentState::accepted, "receipt");
    return decision;
}

UnknownDecision decide_unknown(UnknownFacts const& facts, Timestamp now, OutboxRules const& rules)
{
    using What = UnknownDecision::What;
    auto const ask_at = facts.since + rules.unknown_blocks;
    std::chrono::milliseconds const silence = std::max<std::chrono::milliseconds>(rules.presume_after, rules.presume_after_receipts * facts.slow_receipt);
    auto const presume_at = std::max(facts.ended_at + silence, facts.proven_since + rules.presume_after);
    bool const may_presume = facts.policy == UnknownPolicy::evidence && !facts.presumed_before && !facts.overtaken;
    bool const path_alive = facts.proven_to && *facts.proven_to > facts.begun_at;
    bool const all_heard = (!facts.last_refusal || *facts.last_refusal < facts.begun_at) && !facts.stranger_told;
    if (may_presume && now >= presume_at && path_alive && all_heard)
        return {What::presume_not_sent, now};
    if (now >= ask_at)
        return {What::ask, now};
    return {What::stay, may_presume && now < presume_at ? std::min(presume_at, ask_at) : ask_at};
}

} // namespace deskbridge
