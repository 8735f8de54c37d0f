#include "deskbridge/core/outbox.hpp"

#include "support/noon.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace deskbridge;
using deskbridge::test::noon;
using namespace std::chrono_literals;

namespace {

using S = IntentState;
using Because = Refused::Because;

IntentFacts in_flight(MessageClass c)
{
    IntentFacts facts;
    facts.message_class = c;
    facts.state = S::claimed;
    facts.failures = 2;
    facts.next_at = noon - 1min;
    facts.not_after = noon + 1h;
    return facts;
}

} // namespace

TEST_CASE("outcome: what an attempt's result does to its intent")
{
    struct Case {
        std::string label;
        MessageClass message_class;
        Outcome outcome;
        bool keeps;
        S to;
        std::string reason;
        int failures;
        bool settled;
        bool pauses;
    };
    constexpr auto agent = MessageClass::agent;
    constexpr auto answer = MessageClass::answer;
    constexpr auto notice = MessageClass::notice;
    auto const c = GENERATE_COPY(values<Case>({
        {"accepted", agent, Accepted{{"m1"}, {}}, false, S::accepted, "", 0, true, false},
        {"accepted, and held back", agent, Accepted{{"m1"}, {}, true}, false, S::accepted, "held_by_provider", 0, true, false},
        {"certainly not sent", agent, NotSent{}, false, S::retry_wait, "not_sent", 3, false, false},
        {"a notice too", notice, NotSent{}, false, S::retry_wait, "not_sent", 3, false, false},
        {"refused", agent, Refused{"131026", Because::message, {}}, false, S::refused, "refused_by_provider", 2, true, false},
        {"opted out", agent, Refused{"", Because::opted_out, {}}, true, S::refused, "opted_out", 2, true, false},
        {"this person", agent, Refused{"", Because::person, {}}, true, S::refused, "customer_unreachable", 2, true, false},
        {"this template", agent, Refused{"", Because::unusable_template, {}}, true, S::refused, "template_unusable", 2, true, false},
        {"window, kept", agent, Refused{"", Because::window_closed, {}}, true, S::kept, "window_closed", 0, false, false},
        {"window, no template", agent, Refused{"", Because::window_closed, {}}, false, S::refused, "window_closed", 2, true, false},
        {"window, an answer", answer, Refused{"", Because::window_closed, {}}, true, S::refused, "window_closed", 2, true, false},
        {"credentials: back to the queue", agent, Refused{"", Because::account, {}}, false, S::queued, "account_paused", 2, false, true},
        {"unknown agent message", agent, Unknown{"", {}}, false, S::unknown, "no_verdict", 2, false, false},
        {"unknown answer is final", answer, Unknown{"", {}}, false, S::unknown, "no_verdict", 2, true, false},
        {"unknown notice is final", notice, Unknown{"", {}}, false, S::unknown, "no_verdict", 2, true, false},
    }));
    INFO(c.label);
    auto const decision = decide_outcome(in_flight(c.message_class), c.outcome, {.now = noon, .dice = 7, .keeps = c.keeps});
    REQUIRE(decision.has_value());
    CHECK(decision->change.to == c.to);
    CHECK(decision->change.reason == c.reason);
    CHECK(decision->change.failures == c.failures);
    CHECK(decision->change.settled == c.settled);
    CHECK(decision->pause_account == c.pauses);
    CHECK(decision->change.unknown_since.has_value() == (c.to == S::unknown));
}

TEST_CASE("claim: marketing that the customer does not want is not tried, whatever the window")
{
    auto intent = in_flight(MessageClass::agent);
    intent.state = S::queued;
    intent.is_template = true;
    for (bool const window_open : {true, false}) {
        auto const decision = decide_claim({.intent = intent, .window_open = window_open, .opted_out = true, .now = noon});
        auto const* change = std::get_if<IntentChange>(&decision);
        REQUIRE(change != nullptr);
        CHECK(change->to == S::refused);
        CHECK(change->reason == "opted_out");
        CHECK(std::holds_alternative<Go>(decide_claim({.intent = intent, .window_open = window_open, .now = noon})));
    }
}

TEST_CASE("claim: a template that cannot be sent by now is not tried")
{
    auto intent = in_flight(MessageClass::agent);
    intent.state = S::queued;
    intent.is_template = true;
    auto const decision = decide_claim({.intent = intent, .now = noon, .template_unusable = true});
    auto const* change = std::get_if<IntentChange>(&decision);
    REQUIRE(change != nullptr);
    CHECK(change->to == S::refused);
    CHECK(change->reason == "template_unusable");
    intent.next_at = noon + 1s;
    CHECK(std::holds_alternative<Stay>(decide_claim({.intent = intent, .now = noon, .template_unusable = true})));
}

TEST_CASE("outcome: the back-off grows with failures and follows the provider's wish")
{
    auto intent = in_flight(MessageClass::agent);
    NotSent not_sent;
    not_sent.asked = 90s;
    auto const decision = decide_outcome(intent, not_sent, {.now = noon, .dice = 8 + 9 * 5});
    REQUIRE(decision.has_value());
    CHECK(decision->change.next_at == noon + 90s);
    not_sent.asked = 0s;
    auto const own = decide_outcome(intent, not_sent, {.now = noon, .dice = 8 + 9 * 5});
    REQUIRE(own.has_value());
    CHECK(own->change.next_at == noon + 8s); // third failure: up to 8 s
}

TEST_CASE("outcome: while customers complain a template waits as long as is asked, a reply a minute at most")
{
    struct Case {
        bool is_template;
        NotSent::Slows slows;
        std::chrono::seconds asked;
        std::chrono::seconds wait;
    };
    using Slows = NotSent::Slows;
    auto const c = GENERATE(values<Case>({{true, Slows::proactive, 600s, 600s}, {false, Slows::proactive, 600s, 60s},
                                          {false, Slows::proactive, 20s, 20s}, {false, Slows::account, 600s, 600s}}));
    auto intent = in_flight(MessageClass::agent);
    intent.is_template = c.is_template;
    NotSent not_sent;
    not_sent.asked = c.asked;
    not_sent.slows = c.slows;
    auto const decision = decide_outcome(intent, not_sent, {.now = noon});
    REQUIRE(decision.has_value());
    CHECK(decision->change.next_at == noon + c.wait);
}

TEST_CASE("outcome: a window that is open by our clock is doubted once")
{
    struct Case {
        std::string label;
        MessageClass message_class;
        bool is_template;
        bool doubted;
        std::optional<Timestamp> open_since;
        S to;
    };
    constexpr auto agent = MessageClass::agent;
    auto const c = GENERATE_COPY(values<Case>({
        {"open for a minute", agent, false, false, noon - 1min, S::retry_wait},
        {"for less", agent, false, false, noon - 59s, S::kept},
        {"it was doubted before", agent, false, true, noon - 1h, S::kept},
        {"closed", agent, false, false, {}, S::kept},
        {"an answer", MessageClass::answer, false, false, noon - 1min, S::retry_wait},
        {"the same once more", MessageClass::answer, false, true, noon - 1min, S::refused},
        {"a template needs none", agent, true, false, noon - 1min, S::refused},
    }));
    INFO(c.label);
    std::uint64_t const dice = GENERATE(0U, 25U, 26U);
    auto intent = in_flight(c.message_class);
    intent.is_template = c.is_template;
    intent.window_doubted = c.doubted;
    auto const refused = decide_outcome(intent, Refused{"131047", Because::window_closed, {}},
                                        {.now = noon, .dice = dice, .keeps = true, .window_open_since = c.open_since});
    REQUIRE(refused.has_value());
    CHECK(refused->change.to == c.to);
    if (c.to == S::retry_wait) {
        CHECK(refused->change.reason == "window_doubted");
        CHECK(refused->change.window_doubted);
        CHECK(refused->change.next_at == noon + 5s + std::chrono::seconds{dice % 26});
        CHECK(refused->change.not_after == intent.not_after);
    }
}

TEST_CASE("outcome: a file that was not taken over is tried once more, and then refused")
{
    NotSent not_taken{.why = "131053", .about_file = true};
    auto intent = in_flight(MessageClass::agent);
    auto const first = decide_outcome(intent, not_taken, {.now = noon});
    REQUIRE(first.has_value());
    CHECK(first->change.to == S::retry_wait);
    CHECK(first->change.file_refusals == 1);
    intent.file_refusals = first->change.file_refusals;
    auto const other = decide_outcome(intent, NotSent{}, {.now = noon});
    REQUIRE(other.has_value());
    CHECK(other->change.file_refusals == 1); // another trouble in between
    auto const second = decide_outcome(intent, not_taken, {.now = noon});
    REQUIRE(second.has_value());
    CHECK(second->change.to == S::refused);
    CHECK(second->change.reason == "file_refused");
}

TEST_CASE("outcome: evidence that came first stands")
{
    auto const outcome = GENERATE(values<Outcome>({Accepted{{"m1"}, {}}, NotSent{}, Refused{}, Unknown{}}));
    auto const state = GENERATE(S::accepted, S::kept);
    auto intent = in_flight(MessageClass::agent);
    intent.state = state;
    CHECK_FALSE(decide_outcome(intent, outcome, {.now = noon}).has_value());
}

TEST_CASE("unknown: evidence, presumption, or a question")
{
    using What = UnknownDecision::What;
    struct Case {
        std::string label;
        UnknownFacts facts;
        std::chrono::seconds now;
        What what;
        std::chrono::seconds look_again;
    };
    auto const doubt = [](auto change) {
        UnknownFacts facts;
        facts.policy = UnknownPolicy::evidence;
        facts.begun_at = noon - 5s;
        facts.since = facts.ended_at = noon;
        facts.proven_to = noon + 10s;
        facts.last_refusal = noon - 1h;
        change(facts);
        return facts;
    };
    auto const as_is = [](UnknownFacts&) {};
    auto const c = GENERATE_COPY(values<Case>({
        {"the path is alive and silent: presumed not sent", doubt(as_is), 120s, What::presume_not_sent, 120s},
        {"not before its time", doubt(as_is), 119s, What::stay, 120s},
        {"receipts take long: three times as long as the slowest", doubt([](auto& f) { f.slow_receipt = 50s; }), 149s, What::stay, 150s},
        {"and then it is", doubt([](auto& f) { f.slow_receipt = 50s; }), 150s, What::presume_not_sent, 150s},
        {"quick receipts shorten nothing", doubt([](auto& f) { f.slow_receipt = 1s; }), 119s, What::stay, 120s},
        {"the path has told again for a while", doubt([](auto& f) { f.proven_since = noon + 100s; }), 219s, What::stay, 220s},
        {"for long enough", doubt([](auto& f) { f.proven_since = noon + 100s; }), 220s, What::presume_not_sent, 220s},
        {"somebody's receipt that nobody knows", doubt([](auto& f) { f.stranger_told = true; }), 500s, What::stay, 900s},
        {"slower than anybody waits: ask", doubt([](auto& f) { f.slow_receipt = 600s; }), 900s, What::ask, 900s},
        {"no receipt of a later attempt", doubt([](auto& f) { f.proven_to.reset(); }), 500s, What::stay, 900s},
        {"only receipts of earlier ones", doubt([](auto& f) { f.proven_to = noon - 5s; }), 500s, What::stay, 900s},
        {"intake refused something since", doubt([](auto& f) { f.last_refusal = noon + 1s; }), 500s, What::stay, 900s},
        {"intake refused when it began", doubt([](auto& f) { f.last_refusal = noon - 5s; }), 500s, What::stay, 900s},
        {"intake never refused", doubt([](auto& f) { f.last_refusal.reset(); }), 500s, What::presume_not_sent, 500s},
        {"it had its second chance", doubt([](auto& f) { f.presumed_before = true; }), 500s, What::stay, 900s},
        {"a later message was tried", doubt([](auto& f) { f.overtaken = true; }), 500s, What::stay, 900s},
        {"the channel proves nothing", doubt([](auto& f) { f.policy = UnknownPolicy::hold; }), 500s, What::stay, 900s},
        {"nobody knows after 15 minutes: ask", doubt([](auto& f) { f.proven_to.reset(); }), 900s, What::ask, 900s},
    }));
    INFO(c.label);
    auto const decision = decide_unknown(c.facts, noon + c.now);
    CHECK(decision.what == c.what);
    CHECK(decision.look_again - noon == c.look_again);
}
