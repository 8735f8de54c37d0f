#include "account_paused.hpp"
#include "outbox_sender.hpp"

namespace deskbridge::flow {

namespace {

struct Line {
    LogLevel level;
    std::string_view event;
    Counter& counter;
    ProviderError const& error;
};

ProviderError const no_error{};

} // namespace

bool OutboxPump::is_news(std::string_view event, Error const& error)
{
    return error.fault != Fault::unavailable || away_.insert(event).second;
}

void OutboxPump::report(Sender const& sender, store::ReadyHead const& head, Outcome const& outcome,
                        store::RecordedOutcome const& recorded)
{
    auto const line = [&]() -> Line {
        if (std::holds_alternative<Accepted>(outcome))
            return {LogLevel::info, "send_accepted", figures_->accepted, no_error};
        if (auto const* not_sent = std::get_if<NotSent>(&outcome))
            return {LogLevel::info, "send_not_sent", figures_->not_sent, not_sent->error};
        if (auto const* refused = std::get_if<Refused>(&outcome))
            return {LogLevel::warning, "send_refused", figures_->refused, refused->error};
        auto const& error = std::get<Unknown>(outcome).error;
        if (recorded.effects.empty()) // a receipt was faster than the answer that was lost
            return {LogLevel::info, "send_settled", figures_->accepted, error};
        return {LogLevel::warning, "send_unknown", figures_->unknown, error};
    }();
    line.counter.add();
    auto const state = recorded.effects.empty() ? std::string_view{"settled_by_receipt"}
                                                : render_intent_state(recorded.effects.front().after);
    auto const reason = recorded.effects.empty() ? std::string{} : recorded.effects.front().reason;
    parts_.log.write(line.level, line.event,
                     {{"account", sender.name()},
                      {"intent", head.intent.value},
                      {"message", head.message.value},
                      {"conversation", head.conversation.value},
                      {"state", state},
                      {"reason", reason},
                      {"code", line.error.code},
                      {"trace", line.error.trace}});
    if (recorded.paused_account)
        log_account_paused(parts_.log, sender.name(), *recorded.paused_account);
    if (recorded.duplicate) {
        figures_->duplicated.add();
        parts_.log.warning("message_duplicated", {{"message", head.message.value}});
    }
    if (recorded.effects.size() > 1)
        report_moves({recorded.effects.begin() + 1, recorded.effects.end()});
}

void OutboxPump::report_rest(Sender const& sender, RestReason reason, std::chrono::seconds rest, int code)
{
    auto& counter = [&]() -> Counter& {
        switch (reason) {
        case RestReason::throttled: return figures_->throttled;
        case RestReason::complaints: return figures_->complaints;
        case RestReason::failing: return figures_->failing;
        case RestReason::no_connection: break;
        }
        return figures_->unreachable;
    }();
    counter.add();
    parts_.log.warning("account_rests",
                       {{"account", sender.name()}, {"reason", render_rest_reason(reason)}, {"seconds", rest.count()}, {"code", code}});
}

void OutboxPump::report_moves(std::vector<store::OutboxEffect> const& effects)
{
    for (auto const& effect : effects) {
        bool const in_doubt = effect.before == IntentState::unknown;
        if (in_doubt && effect.after == IntentState::retry_wait)
            figures_->presumed.add();
        if (in_doubt && effect.after == IntentState::held)
            figures_->asked.add();
        parts_.log.info("intent_moved", {{"intent", effect.intent.value},
                                         {"message", effect.message.value},
                                         {"conversation", effect.conversation.value},
                                         {"before", render_intent_state(effect.before)},
                                         {"state", render_intent_state(effect.after)},
                                         {"reason", effect.reason}});
    }
}

} // namespace deskbridge::flow
