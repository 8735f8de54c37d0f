#include "outbox_sender.hpp"

#include "deskbridge/store/account_health.hpp"

/// What failed before anything could be delivered: a connection, an upload, the journal itself.
namespace deskbridge::flow {

namespace asio = boost::asio;
using namespace std::chrono_literals;

asio::awaitable<void> OutboxPump::postpone(Sender& sender, store::ReadyHead const& head, NotSent const& why)
{
    auto const now = parts_.clock.now();
    sender.pace.give_back(head.conversation);
    figures_->no_connection.add();
    judge_provider(sender, Sign::no_connection, now);
    OutcomeFacts const facts{.now = now, .dice = parts_.dice(), .keeps = sender.policy.keeps};
    std::vector<store::OutboxEffect> effects;
    std::optional<Timestamp> timer;
    auto job = [&](store::Tx& tx) {
        effects = store::postpone(tx, head.intent, why, facts, settings_.rules);
        timer = settle(tx, effects, now);
    };
    auto const done = co_await parts_.store.write(job, store::Lane::outcome);
    parts_.log.warning("send_postponed", {{"account", sender.name()}, {"intent", head.intent.value}, {"reason", why.why}});
    if (done) {
        armed(timer);
        co_return;
    }
    rest_lane(head.conversation, now); // it still says that it may go: not in a circle
    if (is_news("send_not_begun", done.error()))
        parts_.log.warning("send_not_begun", {{"intent", head.intent.value}, {"reason", done.error().detail}});
}

void OutboxPump::cannot_begin(Sender& sender, store::ReadyHead const& head, Error const& error, Timestamp now)
{
    if (error.fault == Fault::unavailable)
        sender.not_before = now + 1s; // the store has too much to do: not in a circle
    else
        rest_lane(head.conversation, now); // this one alone cannot begin
    if (is_news("send_not_begun", error))
        parts_.log.warning("send_not_begun", {{"intent", head.intent.value}, {"reason", error.detail}});
}

asio::awaitable<void> OutboxPump::conclude(Sender& sender, store::ReadyHead const& head, Ended& ended, Timestamp since)
{
    if (!co_await may_go_on(sender)) { // what we broke off ourselves says nothing about the provider
        sender.pace.give_back(head.conversation);
        co_return;
    }
    auto const now = parts_.clock.now();
    ended.complaints = learn_pace(sender, head.conversation, ended.outcome, since);
    store::BeginAttempt const begin{head.intent, ended.token, parts_.epoch, now, sender.context.account.scope};
    OutcomeFacts const facts{.now = now, .dice = parts_.dice(), .keeps = sender.policy.keeps};
    std::optional<store::RecordedOutcome> recorded;
    std::vector<store::OutboxEffect> moved; // it had become none of those that go
    std::string stays;                      // or of those that go now
    std::optional<Timestamp> timer;
    auto job = [&](store::Tx& tx) {
        auto begun = store::begin_attempt(tx, begin, sender.policy);
        if (std::holds_alternative<store::AttemptBegun>(begun))
            recorded = store::record_outcome(tx, ended.token, ended.outcome, facts, sender.policy);
        else if (auto* const moves = std::get_if<std::vector<store::OutboxEffect>>(&begun))
            moved = std::move(*moves);
        else
            stays = std::get<Stay>(begun).why;
        if (ended.complaints)
            store::want_check(tx, sender.context.id, {.at = now});
        timer = settle(tx, recorded ? recorded->effects : moved, now);
    };
    auto const done = co_await parts_.store.write(job, store::Lane::outcome);
    if (!done) {
        sender.pace.give_back(head.conversation);
        cannot_begin(sender, head, done.error(), now);
        co_return;
    }
    away_.clear();
    armed(timer);
    if (recorded) {
        report(sender, head, ended.outcome, *recorded);
        co_return;
    }
    sender.pace.give_back(head.conversation);
    if (!stays.empty())
        parts_.log.debug("send_waits", {{"intent", head.intent.value}, {"reason", stays}});
    report_moves(moved);
}

} // namespace deskbridge::flow
