#include "deskbridge/core/acknowledgement.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace deskbridge;
using namespace std::chrono_literals;
using Effect = AcknowledgementEffect;
using Timer = AcknowledgementTimer;

namespace {

Timestamp const start = from_ms(1795262400000);

Timer timer(AccountPolicy::Duration due, AccountPolicy::Duration deadline, Effect kind = Effect::arm_opened)
{
    return {start + due, start + deadline, kind};
}

} // namespace

TEST_CASE("acknowledgement: eight seconds after the burst's last message, twenty-five after its first at most")
{
    struct Case {
        std::string label;
        std::optional<Timer> armed;
        Effect effect;
        AccountPolicy::Duration now;
        std::optional<Timer> next;
    };
    auto const c = GENERATE(values<Case>({
        {"armed by an opening", std::nullopt, Effect::arm_opened, 0s, timer(8s, 25s)},
        {"armed by a reopening", std::nullopt, Effect::arm_reopened, 0s, timer(8s, 25s, Effect::arm_reopened)},
        {"armed by a follow-up", std::nullopt, Effect::arm_follow_up, 0s, timer(8s, 25s, Effect::arm_follow_up)},
        {"no effect, none armed", std::nullopt, Effect::none, 0s, std::nullopt},
        {"no effect on what is armed", timer(8s, 25s), Effect::none, 5s, timer(8s, 25s)},
        {"nothing to extend", std::nullopt, Effect::extend, 0s, std::nullopt},
        {"extended", timer(8s, 25s), Effect::extend, 5s, timer(13s, 25s)},
        {"extended up to the deadline", timer(20s, 25s), Effect::extend, 18s, timer(25s, 25s)},
        {"extended after the deadline, before the timer was looked at", timer(25s, 25s), Effect::extend, 26s, timer(25s, 25s)},
        {"our clock was set back: not earlier than before", timer(13s, 25s), Effect::extend, 1s, timer(13s, 25s)},
        {"extending keeps its kind", timer(8s, 25s, Effect::arm_follow_up), Effect::extend, 5s,
         timer(13s, 25s, Effect::arm_follow_up)},
        {"reopened before anybody was told that it exists", timer(8s, 25s), Effect::arm_reopened, 6s, timer(14s, 25s)},
        {"armed anew: the first deadline holds", timer(8s, 25s, Effect::arm_reopened), Effect::arm_opened, 20s,
         timer(25s, 25s)},
        {"an earlier deadline of ours holds", timer(8s, 40s), Effect::arm_opened, 5s, timer(13s, 30s)},
    }));
    INFO(c.label);
    AccountPolicy policy;
    CHECK(next_acknowledgement(c.armed, c.effect, start + c.now, policy) == c.next);

    policy.acknowledge = false;
    CHECK(next_acknowledgement(c.armed, c.effect, start + c.now, policy) == std::nullopt);
}

TEST_CASE("acknowledgement: a long burst is acknowledged once, in time")
{
    AccountPolicy const policy;
    auto armed = next_acknowledgement(std::nullopt, Effect::arm_opened, start, policy);
    for (auto second = 1s; second <= 25s; second += 1s) {
        armed = next_acknowledgement(armed, Effect::extend, start + second, policy);
        REQUIRE(armed.has_value());
        CHECK(armed->due_at == start + std::min<AccountPolicy::Duration>(second + 8s, 25s));
    }
}

TEST_CASE("acknowledgement: dropped when something better tells the customer, armed again when that dies")
{
    using Step = AcknowledgementStep;
    struct Case {
        AnswerEvent event;
        Step armed;        ///< a timer stands
        Step open;         ///< no timer stands, and nothing has told the customer
        Step acknowledged; ///< no timer stands: the customer knows
    };
    auto const c = GENERATE(values<Case>({
        {AnswerEvent::agent_accepted, Step::drop, Step::leave, Step::leave},
        {AnswerEvent::echo, Step::drop, Step::leave, Step::leave},
        {AnswerEvent::status_answer_accepted, Step::drop, Step::leave, Step::leave},
        {AnswerEvent::agent_failed, Step::leave, Step::rearm, Step::leave},
        {AnswerEvent::ticket_back, Step::leave, Step::rearm, Step::leave},
        {AnswerEvent::agent_kept, Step::leave, Step::rearm, Step::leave},
    }));
    INFO(static_cast<int>(c.event));
    CHECK(after_answer(c.event, true, false) == c.armed);
    CHECK(after_answer(c.event, false, false) == c.open);
    CHECK(after_answer(c.event, false, true) == c.acknowledged);
}

TEST_CASE("acknowledgement: armed again, it is due at once and still knows what it is about")
{
    CHECK(rearmed_acknowledgement(false, false, start) == timer(0s, 0s));
    CHECK(rearmed_acknowledgement(true, true, start) == timer(0s, 0s, Effect::arm_reopened));
    CHECK(rearmed_acknowledgement(false, true, start) == timer(0s, 0s, Effect::arm_follow_up));
}

TEST_CASE("acknowledgement: when it is due")
{
    struct Case {
        std::string label;
        DueFacts facts;
        std::optional<SkipReason> skipped;
    };
    auto const c = GENERATE(values<Case>({
        {"goes out", {true, false, true, 0}, std::nullopt},
        {"outside the window", {true, false, false, 0}, SkipReason::window_closed},
        {"the last one under the cap", {true, false, true, 9}, std::nullopt},
        {"over the cap", {true, false, true, 10}, SkipReason::capped},
        {"an agent's message is on its way", {true, true, true, 0}, SkipReason::agent_on_the_way},
        {"solved meanwhile", {false, false, true, 0}, SkipReason::not_live},
    }));
    INFO(c.label);
    AccountPolicy policy;
    CHECK(decide_due(c.facts, policy) == c.skipped);

    policy.acknowledgement_template = "received";
    CHECK(decide_due(c.facts, policy) == (c.skipped == SkipReason::window_closed ? std::nullopt : c.skipped));
    policy.acknowledge = false;
    CHECK(decide_due(c.facts, policy) == SkipReason::disabled);
}

TEST_CASE("a cap of zero lets no notice out; answers have a bound of their own")
{
    AccountPolicy policy;
    policy.automatic_per_hour = 0;
    CHECK_FALSE(within_cap(0, policy));
    CHECK(may_answer(0, policy));
}
