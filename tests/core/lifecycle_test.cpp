#include "deskbridge/core/lifecycle.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <string>

using namespace deskbridge;
using Change = TicketChange;
using Interval = LifecycleEffect::Interval;

namespace {

constexpr std::array statuses{TicketStatus::new_,    TicketStatus::open,   TicketStatus::pending,
                              TicketStatus::on_hold, TicketStatus::solved, TicketStatus::closed};

std::string status_word(Result<LifecycleEffect> const& effect, TicketStatus before)
{
    if (!effect)
        return effect.error().fault == Fault::conflict ? "conflict" : "another fault";
    if (!effect->changes) {
        CHECK(effect->status == before);
        return "-";
    }
    return std::string{render_status(effect->status)};
}

std::string told(LifecycleEffect const& effect)
{
    std::string text{render_status(effect.status)};
    static constexpr std::array intervals{"", " interval-opens", " interval-closes", " interval-resumes"};
    text += intervals[static_cast<std::size_t>(effect.interval)];
    if (effect.last_step)
        text += " step:" + std::string{render_step(*effect.last_step)};
    if (effect.notice)
        text += " notice:" + std::string{render_notice(*effect.notice)};
    std::pair<bool, char const*> const flags[]{
        {effect.sets_solved_at, "sets-solved"},     {effect.clears_solved_at, "clears-solved"},
        {effect.raises_reopen_count, "counted"},    {effect.unseen, "unseen"},
        {effect.seen, "seen"},                      {effect.drops_acknowledgement, "drops-ack"},
        {effect.starts_unanswered, "asks"},         {effect.clears_unanswered, "answered"},
        {!effect.changes, "nothing"},
    };
    for (auto const& [set, word] : flags)
        if (set)
            text += " " + std::string{word};
    return text;
}

} // namespace

TEST_CASE("lifecycle: which status follows which")
{
    struct Case {
        std::string label;
        Change change;
        std::array<std::string, 6> after; ///< from new, open, pending, on_hold, solved, closed; "-": nothing changes
    };
    auto const c = GENERATE(values<Case>({
        {"the customer wrote", Change::customer_wrote, {"new", "open", "open", "open", "-", "-"}},
        {"the customer reopened", Change::customer_reopened, {"new", "open", "open", "open", "open", "conflict"}},
        {"an agent wrote", Change::agent_wrote, {"open", "open", "pending", "on_hold", "solved", "closed"}},
        {"taken over", Change::taken_over, {"open", "open", "pending", "on_hold", "solved", "conflict"}},
        {"open", Change::set_open, {"open", "-", "open", "open", "conflict", "conflict"}},
        {"pending", Change::set_pending, {"pending", "pending", "-", "pending", "conflict", "conflict"}},
        {"on hold", Change::set_on_hold, {"on_hold", "on_hold", "on_hold", "-", "conflict", "conflict"}},
        {"solved", Change::solved, {"solved", "solved", "solved", "solved", "-", "conflict"}},
        {"the customer closed", Change::customer_closed, {"solved", "solved", "solved", "solved", "-", "-"}},
        {"the burst moved away", Change::unopened, {"solved", "solved", "solved", "solved", "-", "-"}},
        {"reopened", Change::reopened, {"-", "-", "-", "-", "open", "conflict"}},
        {"merged", Change::merged, {"closed", "closed", "closed", "closed", "closed", "closed"}},
        {"closed", Change::closed, {"closed", "closed", "closed", "closed", "closed", "-"}},
        {"released while nobody had it", Change::released, {"-", "-", "-", "-", "-", "-"}},
    }));
    for (std::size_t i = 0; i < statuses.size(); ++i) {
        INFO(c.label << " from " << render_status(statuses[i]));
        LifecycleFacts facts;
        facts.status = statuses[i];
        CHECK(status_word(decide_change(c.change, facts), statuses[i]) == c.after[i]);
    }
}

TEST_CASE("lifecycle: what goes with a change")
{
    struct Case {
        std::string label;
        Change change;
        LifecycleFacts facts;
        std::string told;
    };
    using S = TicketStatus;
    LifecycleFacts const assigned{S::open, LastStep::taken_over, true, false, false};
    LifecycleFacts const theirs{S::open, LastStep::taken_over, true, true, false};
    LifecycleFacts const with_reply{S::open, LastStep::answered, true, false, true};
    auto const is = [](S status) { return LifecycleFacts{status, LastStep::received, false, false, false}; };
    auto const was = [&](S now, S before) {
        auto facts = is(now);
        facts.was = before;
        return facts;
    };
    auto const c = GENERATE_COPY(values<Case>({
        {"words into a new one: nobody has looked at it yet", Change::customer_wrote, is(S::new_), "new unseen answered"},
        {"words into one that waits", Change::customer_wrote, is(S::pending), "open step:customer_wrote unseen answered"},
        {"a closing word in a solved one", Change::customer_wrote, is(S::solved), "solved nothing"},
        {"reopened by the customer: acknowledged, not noticed", Change::customer_reopened, is(S::solved),
         "open interval-opens step:reopened clears-solved counted unseen answered"},
        {"an agent's first message", Change::agent_wrote, is(S::new_), "open step:answered seen asks"},
        {"an agent's message in a solved one", Change::agent_wrote, is(S::solved), "solved seen asks"},
        {"taken over", Change::taken_over, is(S::new_), "open step:taken_over notice:taken_over seen"},
        {"from one agent to another: no news", Change::taken_over, assigned, "open seen"},
        {"taken by who has it", Change::taken_over, theirs, "open nothing"},
        {"a solved one is taken quietly", Change::taken_over, is(S::solved), "solved seen"},
        {"released", Change::released, assigned, "open"},
        {"waiting for the customer", Change::set_pending, is(S::open),
         "pending step:waiting_for_you notice:waiting_for_you seen"},
        {"…told by the reply itself", Change::set_pending, with_reply, "pending step:waiting_for_you seen"},
        {"waiting for others", Change::set_on_hold, is(S::open), "on_hold step:waiting_for_others seen"},
        {"our turn again", Change::set_open, is(S::pending), "open seen"},
        {"solved", Change::solved, is(S::pending),
         "solved interval-closes step:solved notice:solved sets-solved seen drops-ack"},
        {"closed by the customer", Change::customer_closed, is(S::open),
         "solved interval-closes step:solved sets-solved drops-ack answered"},
        {"the burst that had reopened it moved away", Change::unopened, is(S::open),
         "solved interval-closes step:solved sets-solved drops-ack"},
        {"reopened by an agent", Change::reopened, is(S::solved),
         "open interval-opens step:reopened notice:reopened clears-solved counted"},
        {"merged while live", Change::merged, is(S::open), "closed interval-closes step:solved sets-solved drops-ack"},
        {"merged when it was solved", Change::merged, is(S::solved), "closed drops-ack"},
        {"closed by time", Change::closed, is(S::solved), "closed drops-ack"},
        {"a merge undone", Change::restored, was(S::closed, S::pending), "pending interval-resumes clears-solved"},
        {"a merge undone that found it solved", Change::restored, was(S::closed, S::solved), "solved"},
        {"the burst that had reopened it is back", Change::restored, was(S::solved, S::open), "open interval-resumes clears-solved"},
    }));
    INFO(c.label);
    auto const effect = decide_change(c.change, c.facts);
    REQUIRE(effect.has_value());
    CHECK(told(*effect) == c.told);
}

TEST_CASE("lifecycle: each notice has its switch, and nobody who stopped gets one")
{
    auto const kind = GENERATE(NoticeKind::taken_over, NoticeKind::waiting_for_you, NoticeKind::solved, NoticeKind::reopened);
    INFO(render_notice(kind));
    AccountPolicy policy;
    CHECK(tells(kind, policy, false));
    CHECK_FALSE(tells(kind, policy, true));
    policy.notices = {kind != NoticeKind::taken_over, kind != NoticeKind::waiting_for_you, kind != NoticeKind::solved,
                      kind != NoticeKind::reopened};
    CHECK_FALSE(tells(kind, policy, false));
    policy.notices = {kind == NoticeKind::taken_over, kind == NoticeKind::waiting_for_you, kind == NoticeKind::solved,
                      kind == NoticeKind::reopened};
    CHECK(tells(kind, policy, false));
}

TEST_CASE("lifecycle: steps are written and read alike")
{
    for (auto const step : {LastStep::received, LastStep::taken_over, LastStep::answered, LastStep::waiting_for_you,
                            LastStep::waiting_for_others, LastStep::solved, LastStep::reopened, LastStep::customer_wrote})
        CHECK(parse_step(render_step(step)) == step);
    CHECK_FALSE(parse_step("").has_value());
    CHECK_FALSE(parse_step("Received").has_value());
}
