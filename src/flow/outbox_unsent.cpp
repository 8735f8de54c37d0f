#include "outbox_sender.hpp"

#include "deskbridge/store/account_health.hpp"

/// What failed before anything could be delivered: an upload.
namespace deskbridge::flow {

namespace asio = boost::asio;

asio::awaitable<void> OutboxPump::conclude(Sender& sender, store::ReadyHead const& head, Ended& ended)
{
    auto const now = parts_.clock.now();
    ended.complaints = learn_pace(sender, head.conversation, ended.outcome, now);
    store::BeginAttempt const begin{head.intent, ended.token, parts_.epoch, now, sender.context.account.scope};
    OutcomeFacts const facts{.now = now, .dice = parts_.dice(), .keeps = sender.policy.keeps};
    std::optional<store::RecordedOutcome> recorded;
    std::vector<store::OutboxEffect> moved; // it had become none of those that go
    std::optional<Timestamp> timer;
    auto job = [&](store::Tx& tx) {
        recorded.reset();
        moved.clear();
        auto begun = store::begin_attempt(tx, begin, sender.policy);
        if (std::holds_alternative<store::AttemptBegun>(begun))
            recorded = store::record_outcome(tx, ended.token, ended.outcome, facts, sender.policy);
        else if (auto* const moves = std::get_if<std::vector<store::OutboxEffect>>(&begun))
            moved = std::move(*moves);
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
    report_moves(moved);
}

} // namespace deskbridge::flow
