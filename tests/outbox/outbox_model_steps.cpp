#include "outbox_model_steps.hpp"

namespace deskbridge::test::model {

namespace {

Moment moment_of(std::optional<Timestamp> when)
{
    if (!when)
        return none;
    return static_cast<Moment>(std::chrono::duration_cast<std::chrono::seconds>(*when - now).count());
}

std::vector<IntentFacts> open_lane(World const& world, std::vector<std::size_t>& places)
{
    std::vector<IntentFacts> lane;
    for (std::size_t i = 0; i < world.lane.size(); ++i) {
        auto const& intent = world.lane[i];
        if (is_over(intent) || intent.state == IntentState::held || intent.state == IntentState::kept)
            continue;
        lane.push_back(facts_of(intent));
        places.push_back(i);
    }
    return lane;
}

void tend_doubt(World& world, std::size_t i, Config const& config)
{
    auto& intent = world.lane[i];
    UnknownFacts facts;
    facts.policy = config.policy;
    facts.since = at(intent.unknown_since);
    auto const& doubted = intent.tries.back();
    facts.begun_at = at(-10);
    facts.ended_at = at(doubted.ended);
    facts.proven_to = at(doubted.proven ? -9 : -10);
    facts.last_refusal = at(doubted.missed ? -10 : -11);
    for (auto const& attempt : intent.tries)
        facts.presumed_before = facts.presumed_before || attempt.presumed;
    for (auto later = i + 1; later < world.lane.size(); ++later)
        facts.overtaken = facts.overtaken ||
                          (world.lane[later].message_class == MessageClass::agent && !world.lane[later].tries.empty());
    auto const decision = decide_unknown(facts, now, rules());
    if (decision.what == UnknownDecision::What::ask)
        intent.state = IntentState::held;
    if (decision.what != UnknownDecision::What::presume_not_sent)
        return;
    intent.tries.back().presumed = true;
    plain(intent, IntentState::retry_wait);
    intent.next_at = 0;
}

} // namespace

void move_to(Intent& intent, IntentChange const& change)
{
    intent.state = change.to;
    intent.next_at = moment_of(change.next_at);
    intent.not_after = moment_of(change.not_after);
    intent.unknown_since = moment_of(change.unknown_since);
    intent.settled = change.settled;
    intent.announced = false;
}

void begin_anew(Intent& intent)
{
    intent.receipt.reset();
    intent.failed = false;
    move_to(intent, {IntentState::queued, "", 0, now, deadline_of(intent.message_class, now, rules()), {}, false});
}

void plain(Intent& intent, IntentState to)
{
    intent.state = to;
    intent.unknown_since = none;
    intent.settled = is_final(to);
}

void claim(World& world, Config const& config)
{
    std::vector<std::size_t> places;
    auto const lane = open_lane(world, places);
    std::optional<Timestamp> inbound;
    for (auto const& intent : world.lane)
        if (intent.answered)
            inbound = std::max(inbound.value_or(Timestamp{}), at(intent.unknown_since) + std::chrono::milliseconds{1});
    auto const head = next_in_lane(lane, inbound, now, rules());
    if (!head.go)
        return;
    auto& intent = world.lane[places[*head.go]];
    ClaimFacts const facts{facts_of(intent), world.paused, world.window_open, config.keeps, false, now};
    auto const decision = decide_claim(facts, rules());
    if (auto const* change = std::get_if<IntentChange>(&decision))
        move_to(intent, *change);
    if (!std::holds_alternative<Go>(decision) || intent.tries.size() == config.tries)
        return;
    intent.state = IntentState::claimed;
    intent.tries.push_back({});
}

void tend(World& world, Config const& config)
{
    for (std::size_t i = 0; i < world.lane.size(); ++i) {
        auto& intent = world.lane[i];
        bool const can_expire = intent.state == IntentState::queued || intent.state == IntentState::retry_wait || intent.state == IntentState::kept;
        if (can_expire && intent.not_after <= 0)
            plain(intent, IntentState::expired);
        else if (intent.state == IntentState::unknown && !intent.settled)
            tend_doubt(world, i, config);
        else if (intent.state == IntentState::kept && !intent.announced && !config.keeps)
            plain(intent, IntentState::refused);
        else if (intent.state == IntentState::kept)
            intent.announced = true;
    }
}

void crash(World& world)
{
    for (auto& intent : world.lane) {
        if (intent.state == IntentState::claimed) {
            auto& attempt = intent.tries.back();
            attempt.ended = 0;
            attempt.ending = Ending::unknown;
            move_to(intent, decide_outcome(facts_of(intent), Unknown{}, {.now = now}, rules())->change);
        }
        if (in_doubt(intent))
            intent.tries.back().missed = true;
    }
}

} // namespace deskbridge::test::model
