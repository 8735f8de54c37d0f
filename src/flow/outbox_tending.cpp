#include "deskbridge/channel/configured_template.hpp"
#include "deskbridge/store/account.hpp"
#include "deskbridge/store/template.hpp"
#include "outbox_sender.hpp"

namespace deskbridge::flow {

namespace asio = boost::asio;

namespace {

constexpr int tended_at_once = 200;
constexpr std::chrono::seconds between_doubts{5}; ///< a look at all of an account's unknown ones may cost some milliseconds of the writer

/// As the provider's list has it. Errors: it may not be sent.
Result<OutboundContent> window_template_of(store::Tx& tx, channel::AccountContext const& account)
{
    TemplateCall const call{account.policy.window_template, account.policy.window_template_language, {}};
    return channel::configured_template(account, store::known_templates(tx, account.id, call.name), call, {});
}

struct Announced {
    std::size_t queued{0};
    std::string refused; ///< why the template may not be sent; the texts stay kept
    std::vector<std::pair<ConversationId, std::string>> failed; ///< and why
};

} // namespace

asio::awaitable<void> OutboxPump::tend(Sender& sender, Timestamp now, Timestamp& look_again)
{
    store::TendQuery const query{sender.context.id, now, tended_at_once, sender.doubts_at <= now};
    if (!query.doubts)
        look_again = std::min(look_again, sender.doubts_at);
    auto needed = [&](store::Reading& reading) { return store::needs_tending(reading, query); };
    auto const needs = co_await parts_.store.read(needed);
    if (needs && !*needs)
        co_return;
    store::Tended tended;
    std::optional<Timestamp> timer;
    auto job = [&](store::Tx& tx) {
        if (auto const refused = parts_.refusals.last(sender.context.hook))
            store::note_intake_refusal(tx, sender.context.id, *refused);
        tended = store::tend_outbox(tx, sender.policy, query);
        timer = settle(tx, tended.effects, now);
    };
    auto const done = co_await parts_.store.write(job, store::Lane::upkeep);
    if (!done) {
        parts_.log.warning("outbox_not_tended", {{"account", sender.name()}, {"reason", done.error().detail}});
        co_return;
    }
    armed(timer);
    report_moves(tended.effects);
    report_failed(sender, tended);
    if (tended.look_again)
        look_again = std::min(look_again, *tended.look_again);
    if (query.doubts && tended.look_again) // a proof that comes meanwhile may wait as long
        sender.doubts_at = std::min(*tended.look_again, now + between_doubts);
    if (tended.effects.size() >= static_cast<std::size_t>(tended_at_once))
        bell_.ring();
    co_await announce(sender, tended.to_announce, now);
}

asio::awaitable<void> OutboxPump::announce(Sender& sender, std::vector<ConversationId> const& conversations, Timestamp now)
{
    if (conversations.empty())
        co_return;
    auto job = [&](store::Tx& tx) {
        Announced announced;
        auto const content = window_template_of(tx, sender.context);
        if (!content) {
            announced.refused = content.error().detail;
            return announced;
        }
        for (auto const conversation : conversations) {
            bool queued = false;
            auto const done = tx.nested([&](store::Tx& inner) {
                queued = store::announce_kept(inner, sender.context.id, conversation, *content, now);
            });
            if (!done)
                announced.failed.emplace_back(conversation, done.error().detail);
            else if (queued)
                ++announced.queued;
        }
        return announced;
    };
    auto const announced = co_await parts_.store.write(job, store::Lane::upkeep);
    if (!announced) {
        parts_.log.warning("outbox_not_tended", {{"account", sender.name()}, {"reason", announced.error().detail}});
        co_return;
    }
    for (auto const& [conversation, why] : announced->failed)
        if (sender.unannounced.insert(conversation).second) {
            figures_->templates_failed.add();
            parts_.log.error("window_template_failed", {{"account", sender.name()}, {"conversation", conversation.value}, {"reason", why}});
        }
    if (!announced->refused.empty() && !sender.template_refused) {
        figures_->templates_refused.add();
        parts_.log.error("window_template_refused", {{"account", sender.name()}, {"count", conversations.size()},
                                                     {"reason", announced->refused}});
    }
    sender.template_refused = !announced->refused.empty();
    figures_->templates_queued.add(announced->queued);
    if (announced->queued > 0)
        parts_.log.info("window_template_queued", {{"account", sender.name()}, {"count", announced->queued}});
}

void OutboxPump::report_failed(Sender& sender, store::Tended const& tended)
{
    for (auto const& [intent, why] : tended.failed)
        if (sender.troubled.insert(intent).second) // it fails again with every round: said once
            parts_.log.error("intent_not_tended", {{"account", sender.name()}, {"intent", intent.value}, {"reason", why}});
}

std::optional<Timestamp> OutboxPump::settle(store::Tx& tx, std::vector<store::OutboxEffect> const& effects, Timestamp now)
{
    std::optional<Timestamp> earliest;
    for (auto const& effect : effects) {
        std::optional<Timestamp> due;
        // What became of a message stands, also when its ticket's acknowledgement cannot be told.
        auto const done = tx.nested([&](store::Tx& inner) { due = settle_acknowledgement(inner, effect, now); });
        if (!done)
            parts_.log.error("acknowledgement_not_settled", {{"intent", effect.intent.value}, {"reason", done.error().detail}});
        else if (due)
            earliest = earliest ? std::min(*earliest, *due) : *due;
    }
    return earliest;
}

} // namespace deskbridge::flow
