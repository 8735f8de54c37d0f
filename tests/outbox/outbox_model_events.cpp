#include "outbox_model_steps.hpp"

#include <algorithm>

namespace deskbridge::test::model {

namespace {

/// A receipt takes effect, as the store lets it.
void hear(World& world, Intent& intent, std::size_t n, ReceiptFacts receipt)
{
    auto& attempt = intent.tries[n];
    attempt.ended = attempt.ended == none ? Moment{0} : attempt.ended;
    attempt.ending = Ending::accepted;
    attempt.known = attempt.heard = true;
    for (auto& other : world.lane)
        if (&other != &intent && in_doubt(other) && other.tries.back().begun < attempt.begun)
            other.tries.back().proven = true;
    receipt.current = n + 1 == intent.tries.size();
    receipt.now = now;
    receipt.died = attempt.failures != 0;
    auto const decision = decide_receipt(facts_of(intent), receipt, rules());
    if (decision.rises)
        intent.receipt = receipt.status;
    intent.failed = intent.failed || decision.fails;
    if (decision.change)
        move_to(intent, *decision.change);
}

void learn_id(World& world, Intent& intent, std::size_t n)
{
    intent.tries[n].known = true;
    for (std::size_t s = 0; s < sayings.size(); ++s) {
        auto const bit = static_cast<std::uint8_t>(1u << s);
        if ((intent.tries[n].parked & bit) == 0)
            continue;
        intent.tries[n].parked = static_cast<std::uint8_t>(intent.tries[n].parked & ~bit);
        hear(world, intent, n, sayings[s]);
    }
}

struct Kind {
    bool by_itself{false};
    bool fresh{false};
};

class Happenings {
public:
    Happenings(World const& world, Config const& config) : world_{world}, config_{config} {}

    std::vector<Next> all()
    {
        time_and_pump();
        for (i_ = 0; i_ < world_.lane.size(); ++i_) {
            in_flight();
            said_later();
            if (config_.people)
                people();
        }
        around();
        return std::move(next_);
    }

private:
    template <class Change>
    void may(std::string what, Change const& change, Kind kind = {})
    {
        auto after = world_;
        change(after);
        settle_down(after);
        if (after != world_)
            next_.push_back({i_ < world_.lane.size() ? what + " #" + std::to_string(i_) : std::move(what), std::move(after),
                             kind.by_itself, kind.fresh});
    }

    void time_and_pump();
    void in_flight();
    void said_later();
    void people();
    void around();
    void end(World& world, Ending ending, Outcome const& outcome) const;

    World const& world_;
    Config const& config_;
    std::size_t i_{none};
    std::vector<Next> next_;
};

void Happenings::time_and_pump()
{
    may("claim", [this](World& w) { claim(w, config_); }, {true});
    may("tend", [this](World& w) { tend(w, config_); }, {true});
    may("a second", [](World& w) {
        for (auto& intent : w.lane) {
            --intent.next_at;
            --intent.not_after;
            intent.unknown_since = intent.unknown_since == none ? intent.unknown_since : static_cast<Moment>(intent.unknown_since - 1);
            for (auto& attempt : intent.tries) {
                --attempt.begun;
                attempt.ended = attempt.ended == none ? attempt.ended : static_cast<Moment>(attempt.ended - 1);
            }
        }
    }, {true});
}

void Happenings::end(World& world, Ending ending, Outcome const& outcome) const
{
    auto& intent = world.lane[i_];
    auto& attempt = intent.tries.back();
    attempt.ended = attempt.ended == none ? Moment{0} : attempt.ended;
    if (attempt.ending == Ending::open)
        attempt.ending = ending;
    if (auto const decision = decide_outcome(facts_of(intent), outcome, {.now = now, .keeps = config_.keeps}, rules())) {
        move_to(intent, decision->change);
        world.paused = world.paused || decision->pause_account;
    }
    if (ending == Ending::accepted)
        learn_id(world, intent, intent.tries.size() - 1);
}

/// An attempt whose answer has not come: also after a receipt has settled its intent, nothing more can go wrong with it.
void Happenings::in_flight()
{
    auto const& intent = world_.lane[i_];
    if (intent.state != IntentState::claimed)
        return;
    bool const reached = intent.tries.back().reached;
    may("lost", [this](World& w) { end(w, Ending::unknown, Unknown{}); });
    if (reached) {
        may("accepted", [this](World& w) { end(w, Ending::accepted, Accepted{}); }, {true});
        return;
    }
    may("reaches the provider", [this](World& w) { w.lane[i_].tries.back().reached = true; }, {true});
    may("not sent", [this](World& w) { end(w, Ending::not_sent, NotSent{}); });
    using Because = Refused::Because;
    for (auto const because : {Because::message, Because::window_closed, Because::account, Because::opted_out})
        if (because != Because::account || config_.pauses)
            may("refused", [&](World& w) { end(w, Ending::refused, Refused{"", because, {}}); });
}

void Happenings::said_later()
{
    for (std::size_t n = 0; n < world_.lane[i_].tries.size(); ++n) {
        auto const& attempt = world_.lane[i_].tries[n];
        if (!attempt.reached)
            continue;
        for (auto const s : config_.said) {
            auto const bit = static_cast<std::uint8_t>(1u << s);
            bool const failure = sayings[s].status == ReceiptStatus::failed;
            if (failure && attempt.failures != 0)
                continue;
            auto const say = [&, n, s](World& w, bool token) {
                auto& said = w.lane[i_].tries[n];
                said.failures = failure ? static_cast<std::uint8_t>(said.failures | bit) : said.failures;
                if (!token && !said.known) {
                    said.parked = static_cast<std::uint8_t>(said.parked | bit);
                    return;
                }
                hear(w, w.lane[i_], n, sayings[s]);
                learn_id(w, w.lane[i_], n);
            };
            may("hears " + std::to_string(s), [&](World& w) { say(w, true); });
            if (config_.without_token)
                may("hears without token " + std::to_string(s), [&](World& w) { say(w, false); });
        }
    }
}

void Happenings::people()
{
    auto const& intent = world_.lane[i_];
    auto const decide = [](World& w, std::size_t i, bool sent) -> Intent& {
        auto& doubted = w.lane[i];
        doubted.tries.back().decided = true;
        if (sent)
            doubted.tries.back().ending = Ending::accepted;
        return doubted;
    };
    bool const waits = intent.state == IntentState::queued || intent.state == IntentState::retry_wait;
    if (waits || intent.state == IntentState::kept)
        may("cancelled", [&](World& w) { plain(w.lane[i_], IntentState::cancelled); });
    if (intent.state == IntentState::unknown || intent.state == IntentState::held) {
        may("said to be sent", [&](World& w) { plain(decide(w, i_, true), IntentState::accepted); }, {false, true});
        may("said to go again", [&](World& w) { begin_anew(decide(w, i_, false)); }, {false, true});
        may("dropped", [&](World& w) { plain(decide(w, i_, false), IntentState::cancelled); }, {false, true});
    }
    bool const arrived = intent.receipt && *intent.receipt >= ReceiptStatus::delivered;
    bool const did_not_go = intent.state == IntentState::refused || intent.state == IntentState::expired ||
                            intent.state == IntentState::kept ||
                            (intent.state == IntentState::accepted && intent.failed && !arrived);
    if (did_not_go)
        may("sent again", [&](World& w) { begin_anew(w.lane[i_]); }, {false, true});
}

void Happenings::around()
{
    may("crash and restart", [](World& w) { crash(w); });
    may("another's receipt", [](World& w) {
        for (auto& intent : w.lane)
            if (in_doubt(intent) && intent.tries.back().begun < 0)
                intent.tries.back().proven = true;
    });
    may("a webhook is refused", [](World& w) {
        for (auto& intent : w.lane)
            if (in_doubt(intent))
                intent.tries.back().missed = true;
    });
    may("the customer writes", [](World& w) {
        w.window_open = true;
        for (auto& intent : w.lane)
            if (intent.state == IntentState::unknown)
                intent.answered = intent.answered || intent.unknown_since < 0;
            else if (intent.state == IntentState::kept && intent.not_after > 0)
                begin_anew(intent);
    }, {false, true});
    if (config_.window)
        may("the window closes", [](World& w) { w.window_open = false; });
    if (config_.pauses)
        may("paused or resumed", [](World& w) { w.paused = !w.paused; });
}

} // namespace

std::vector<Next> everything_next(World const& world, Config const& config)
{
    return Happenings{world, config}.all();
}

} // namespace deskbridge::test::model
