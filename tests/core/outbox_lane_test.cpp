#include "deskbridge/core/outbox.hpp"

#include "support/noon.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace deskbridge;
using deskbridge::test::noon;
using namespace std::chrono_literals;

namespace {

IntentFacts intent(MessageClass c, IntentState state, std::chrono::seconds next = 0s)
{
    IntentFacts facts;
    facts.message_class = c;
    facts.state = state;
    facts.next_at = noon + next;
    if (state == IntentState::unknown) {
        facts.unknown_since = noon + next;
        facts.settled = c != MessageClass::agent;
    }
    return facts;
}

constexpr auto agent = MessageClass::agent;
constexpr auto answer = MessageClass::answer;
constexpr auto notice = MessageClass::notice;
using S = IntentState;

} // namespace

TEST_CASE("lane: which intent of a conversation goes next")
{
    struct Case {
        std::string label;
        std::vector<IntentFacts> lane;
        std::optional<std::size_t> go;
        std::optional<std::chrono::seconds> look_again;
        std::optional<std::chrono::seconds> last_inbound;
    };
    auto const c = GENERATE(values<Case>({
        {"an empty lane", {}, {}, {}, {}},
        {"the oldest of two", {intent(agent, S::queued), intent(agent, S::queued)}, 0u, {}, {}},
        {"one in flight holds up all", {intent(answer, S::claimed), intent(agent, S::queued)}, {}, {}, {}},
        {"a notice goes when nothing else waits", {intent(notice, S::queued)}, 0u, {}, {}},
        {"a notice yields to a later agent message", {intent(notice, S::queued), intent(agent, S::queued)}, 1u, {}, {}},
        {"a notice keeps its place before an answer", {intent(notice, S::queued), intent(answer, S::queued)}, 0u, {}, {}},
        {"an answer keeps its place before an agent", {intent(answer, S::queued), intent(agent, S::queued)}, 0u, {}, {}},
        {"a waiting retry holds up what follows", {intent(agent, S::retry_wait, 30s), intent(agent, S::queued)}, {}, 30s, {}},
        {"and notices, which yield to it", {intent(agent, S::retry_wait, 30s), intent(notice, S::queued)}, {}, 30s, {}},
        {"a retry that is due goes", {intent(agent, S::retry_wait, -1s), intent(agent, S::queued)}, 0u, {}, {}},
        {"unknown holds up later agents", {intent(agent, S::unknown, -60s), intent(agent, S::queued)}, {}, 840s, {}},
        {"but not answers", {intent(agent, S::unknown, -60s), intent(agent, S::queued), intent(answer, S::queued)}, 2u, {}, {}},
        {"nor notices", {intent(agent, S::unknown, -60s), intent(agent, S::queued), intent(notice, S::queued)}, 2u, {}, {}},
        {"for 15 minutes", {intent(agent, S::unknown, -900s), intent(agent, S::queued)}, 1u, {}, {}},
        {"or until the customer wrote again", {intent(agent, S::unknown, -60s), intent(agent, S::queued)}, 1u, {}, -10s},
        {"not by what came before it", {intent(agent, S::unknown, -60s), intent(agent, S::queued)}, {}, 840s, -61s},
        {"an earlier agent message is not held up", {intent(agent, S::queued), intent(agent, S::unknown, -60s)}, 0u, {}, {}},
        {"an unknown answer blocks nothing", {intent(answer, S::unknown, -1s), intent(agent, S::queued)}, 1u, {}, {}},
        {"the nearer of two moments", {intent(agent, S::unknown, -60s), intent(agent, S::queued), intent(answer, S::retry_wait, 5s)}, {}, 5s, {}},
    }));
    INFO(c.label);
    std::optional<Timestamp> inbound;
    if (c.last_inbound)
        inbound = noon + *c.last_inbound;
    auto const decision = next_in_lane(c.lane, inbound, noon);
    CHECK(decision.go == c.go);
    CHECK(decision.look_again.has_value() == c.look_again.has_value());
    if (decision.look_again && c.look_again)
        CHECK(*decision.look_again - noon == *c.look_again);
}

TEST_CASE("claim: what happens to the head of a lane")
{
    struct Case {
        std::string label;
        MessageClass message_class;
        S state;
        bool is_template, paused, open, keeps;
        std::optional<std::chrono::seconds> not_after;
        std::string expect;
    };
    auto const c = GENERATE(values<Case>({
        {"goes", agent, S::queued, false, false, true, false, 60s, "go"},
        {"goes again", agent, S::retry_wait, false, false, true, false, {}, "go"},
        {"gone already", agent, S::cancelled, false, false, true, false, {}, "stay:not_waiting"},
        {"in flight", agent, S::claimed, false, false, true, false, {}, "stay:not_waiting"},
        {"account paused", agent, S::queued, false, true, true, false, 60s, "stay:account_paused"},
        {"too late", notice, S::queued, false, false, true, false, 0s, "expired:deadline"},
        {"too late, though the account is paused", notice, S::queued, false, true, true, false, 0s, "expired:deadline"},
        {"window closed, a template is configured", agent, S::queued, false, false, false, true, {}, "kept:window_closed"},
        {"window closed, no template", agent, S::queued, false, false, false, false, {}, "refused:window_closed"},
        {"window closed, an answer", answer, S::queued, false, false, false, true, {}, "refused:window_closed"},
        {"window closed, a notice", notice, S::queued, false, false, false, true, {}, "refused:window_closed"},
        {"window closed, a template itself", notice, S::queued, true, false, false, true, {}, "go"},
    }));
    INFO(c.label);
    ClaimFacts facts;
    facts.intent = intent(c.message_class, c.state);
    facts.intent.is_template = c.is_template;
    if (c.not_after)
        facts.intent.not_after = noon + *c.not_after;
    facts.paused = c.paused;
    facts.window_open = c.open;
    facts.keeps = c.keeps;
    facts.now = noon;
    auto const decision = decide_claim(facts);
    std::string got = "go";
    if (auto const* stay = std::get_if<Stay>(&decision))
        got = "stay:" + stay->why;
    if (auto const* change = std::get_if<IntentChange>(&decision)) {
        got = std::string{render_intent_state(change->to)} + ":" + change->reason;
        CHECK(change->settled == is_final(change->to));
        if (change->to == S::kept)
            CHECK(change->not_after == noon + 7 * 24h);
    }
    CHECK(got == c.expect);
}

TEST_CASE("claim: a retry that is not due yet stays")
{
    ClaimFacts facts;
    facts.intent = intent(agent, S::retry_wait, 5s);
    facts.now = noon;
    auto const decision = decide_claim(facts);
    REQUIRE(std::holds_alternative<Stay>(decision));
    CHECK(std::get<Stay>(decision).why == "not_due");
}

TEST_CASE("deadlines: notices are short-lived")
{
    CHECK(deadline_of(notice, noon) == noon + 10min);
    CHECK(deadline_of(answer, noon) == noon + 1h);
    CHECK(deadline_of(agent, noon) == noon + 24h);
}
