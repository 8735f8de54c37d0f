#include "outbox_model.hpp"

#include <algorithm>

namespace deskbridge::test::model {

namespace {

constexpr Timestamp present = from_ms(1'795'267'200'000);

Moment moment_of(Timestamp when)
{
    return static_cast<Moment>(std::chrono::duration_cast<std::chrono::seconds>(when - present).count());
}

void forget(Try& attempt)
{
    attempt.begun = 0;
    attempt.ended = attempt.ended == none ? attempt.ended : Moment{0};
    attempt.proven = attempt.missed = false;
}

void forget_old(Moment& moment, std::chrono::seconds longer_than)
{
    if (moment != none)
        moment = std::max(moment, static_cast<Moment>(-longer_than.count()));
}

} // namespace

OutboxRules rules()
{
    using namespace std::chrono_literals;
    OutboxRules small;
    small.retry = {.first = 1s, .ceiling = 1s};
    small.agent_lives = small.answer_lives = 3s;
    small.notice_lives = 2s;
    small.kept_lives = 2s;
    small.unknown_blocks = 2s;
    small.presume_after = 1s;
    return small;
}

Timestamp at(Moment moment)
{
    return present + std::chrono::seconds{moment};
}

World first(Config const& config)
{
    World world;
    for (auto const c : config.classes) {
        Intent intent;
        intent.message_class = c;
        intent.not_after = moment_of(deadline_of(c, present, rules()));
        world.lane.push_back(std::move(intent));
    }
    return world;
}

IntentFacts facts_of(Intent const& intent)
{
    IntentFacts facts;
    facts.message_class = intent.message_class;
    facts.state = intent.state;
    facts.next_at = at(intent.next_at);
    if (intent.not_after != none)
        facts.not_after = at(intent.not_after);
    if (intent.unknown_since != none)
        facts.unknown_since = at(intent.unknown_since);
    facts.settled = intent.settled;
    facts.receipt = intent.receipt;
    facts.failed = intent.failed;
    return facts;
}

bool is_over(Intent const& intent)
{
    return is_final(intent.state) || intent.settled;
}

bool in_doubt(Intent const& intent)
{
    return intent.state == IntentState::claimed || (intent.state == IntentState::unknown && !intent.settled);
}

void settle_down(World& world)
{
    for (auto& intent : world.lane) {
        intent.next_at = std::max<Moment>(intent.next_at, 0);
        intent.not_after = std::max<Moment>(intent.not_after, 0);
        bool const waits = intent.state == IntentState::queued || intent.state == IntentState::retry_wait;
        if (!waits)
            intent.next_at = 0;
        if (is_over(intent) || in_doubt(intent) || intent.state == IntentState::held)
            intent.not_after = 0;
        forget_old(intent.unknown_since, rules().unknown_blocks);
        if (intent.state != IntentState::unknown || intent.unknown_since <= -rules().unknown_blocks.count())
            intent.answered = false;
        for (auto& attempt : intent.tries) {
            forget_old(attempt.begun, rules().unknown_blocks);
            forget_old(attempt.ended, rules().presume_after);
            if (&attempt != &intent.tries.back() || !in_doubt(intent))
                forget(attempt);
        }
    }
}

std::string key_of(World const& world)
{
    std::string key;
    auto const put = [&key](auto value) { key.push_back(static_cast<char>(value)); };
    put((world.window_open ? 1 : 0) | (world.paused ? 2 : 0));
    for (auto const& intent : world.lane) {
        put(intent.state);
        put(intent.next_at);
        put(intent.not_after);
        put(intent.unknown_since);
        put((intent.settled ? 1 : 0) | (intent.failed ? 2 : 0) | (intent.announced ? 4 : 0) | (intent.answered ? 8 : 0));
        put(intent.receipt ? static_cast<int>(*intent.receipt) + 1 : 0);
        put(intent.tries.size());
        for (auto const& attempt : intent.tries) {
            put(attempt.begun);
            put(attempt.ended);
            put(attempt.ending);
            put((attempt.reached ? 1 : 0) | (attempt.known ? 2 : 0) | (attempt.heard ? 4 : 0) | (attempt.presumed ? 8 : 0) |
                (attempt.decided ? 16 : 0) | (attempt.proven ? 32 : 0) | (attempt.missed ? 64 : 0));
            put(attempt.parked);
            put(attempt.failures);
        }
    }
    return key;
}

std::string render(World const& world)
{
    std::string out;
    for (auto const& intent : world.lane) {
        out += out.empty() ? "" : " | ";
        out += std::string{render_message_class(intent.message_class)} + " " + std::string{render_intent_state(intent.state)};
        if (intent.receipt)
            out += "/" + std::string{render_receipt_status(*intent.receipt)};
        out += intent.failed ? "/failed" : "";
        for (auto const& attempt : intent.tries)
            out += std::string{" ["} + "OANRU"[static_cast<int>(attempt.ending)] + (attempt.reached ? "+" : "-") +
                   (attempt.presumed ? "p" : "") + (attempt.decided ? "d" : "") + (attempt.heard ? "h" : "") + "]";
    }
    out += world.window_open ? "" : " window closed";
    out += world.paused ? " paused" : "";
    return out;
}

} // namespace deskbridge::test::model
