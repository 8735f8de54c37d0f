#include "deskbridge/flow/effects.hpp"

#include "automatic.hpp"
#include "contact_notes.hpp"
#include "message_effect.hpp"
#include "people.hpp"
#include "sequel.hpp"
#include "window.hpp"

#include "deskbridge/core/identity.hpp"
#include "deskbridge/flow/acknowledgement.hpp"
#include "deskbridge/store/account_health.hpp"
#include "deskbridge/store/cost.hpp"
#include "deskbridge/store/marketing_choice.hpp"
#include "deskbridge/store/outbox.hpp"
#include "deskbridge/store/reach.hpp"
#include "deskbridge/store/template.hpp"

#include <algorithm>

namespace deskbridge::flow {
namespace {

template <class... Fs>
struct Overloaded : Fs... {
    using Fs::operator()...;
};
template <class... Fs>
Overloaded(Fs...) -> Overloaded<Fs...>;

/// How the account is.
void ask_soon(Scene& scene)
{
    constexpr std::chrono::seconds gathering{20}; // several are often told at once
    store::want_check(scene.tx, scene.account.id, {.at = scene.now() + gathering});
}

/// As if the answer to the send had said so.
void slow_down(Scene& scene, Receipt const& receipt, store::ReceiptEffect const& result)
{
    if (!result.failed_begun || result.effects.empty() || receipt.slows == NotSent::Slows::intent)
        return;
    scene.applied.slowed.push_back({scene.account.id, result.effects.front().conversation, receipt.slows, receipt.asked,
                                    believed(receipt.at, scene.now()), *result.failed_begun, receipt.errors.empty() ? 0 : receipt.errors.front().code});
    if (receipt.slows == NotSent::Slows::proactive)
        ask_soon(scene); // it may be worse than this number can tell
}

void apply_receipt(Scene& scene, Receipt const& receipt)
{
    auto const result = store::apply_receipt(scene.tx, scene.account.id, receipt, scene.now(), reply_windows(scene));
    if (result.price) {
        scene.applied.priced.emplace_back(cost_class(*result.price));
        store::count_cost(scene.tx, scene.account.id, believed(receipt.at, scene.now()), cost_class(*result.price));
    }
    if (result.delay)
        scene.applied.receipt_delays.push_back(*result.delay);
    if (result.duplicate)
        scene.applied.duplicated.push_back(*result.duplicate);
    for (auto const& effect : result.effects) {
        bool const was_in_doubt = effect.before == IntentState::unknown || effect.before == IntentState::held;
        scene.applied.proven += was_in_doubt && effect.after == IntentState::accepted ? 1 : 0;
        auto const conversation = store::find_conversation(scene.tx, effect.conversation);
        if (conversation && conversation->contact)
            store::learn_addresses(scene.tx, {scene.account.id, conversation->contact, scene.account.account.scope, scene.now()},
                                   receipt.recipient);
        if (auto const due = settle_acknowledgement(scene.tx, effect, scene.now()))
            scene.applied.timer_due = scene.applied.timer_due ? std::min(*scene.applied.timer_due, *due) : *due;
        scene.applied.queued = true; // what waited behind it may go
        if (effect.paused_account)
            scene.applied.paused.push_back({scene.account.account.name, *effect.paused_account});
    }
    slow_down(scene, receipt, result);
    if (receipt.status == ReceiptStatus::failed && receipt.because == Refused::Because::account)
        ask_soon(scene);
}

/// Webhooks tell only a part, in any order: the provider is asked soon how things stand.
void apply_news(Scene& scene, HealthNews const& news, Timestamp told_at)
{
    for (auto const& finding : news.findings)
        (void)store::apply_finding(scene.tx, scene.account.id, finding,
                                   {HealthSource::webhook, believed(told_at, scene.now()), scene.now()});
    ask_soon(scene);
}

/// Somebody lets us write to them, and has said nothing.
void open_chat(Scene& scene, store::Contact contact, Sender const& sender, Timestamp at)
{
    auto chat = enter_chat(scene, std::move(contact));
    tell_time(scene, chat, at);
    if (chat.conversation.address.value.empty())
        chat.conversation.address = scene.account.adapter->reply_address(sender.addresses);
    prolong_window(scene, chat, at);
    store::save_inbound(scene.tx, chat.conversation);
}

/// Recorded; no customer's matter.
void apply_notice(Scene& scene, ChannelNotice const& notice)
{
    ContactId contact;
    if (notice.sender && !notice.sender->addresses.empty()) {
        auto known = resolve_contact(scene, *notice.sender);
        contact = known.id;
        if (notice.opens_window)
            open_chat(scene, std::move(known), *notice.sender, notice.at);
    }
    store::append_event(scene.tx, {.type = "notice.received",
                                   .at = scene.now(),
                                   .account = scene.account.id,
                                   .contact = contact,
                                   .data = {{"kind", notice.kind}}});
    if (notice.wants_marketing && contact)
        store::note_marketing_choice(scene.tx, scene.account.id, contact,
                                     {*notice.wants_marketing, store::MarketingChoice::Source::customer, believed(notice.at, scene.now())},
                                     scene.now());
    if (notice.about_template)
        store::apply_template_change(scene.tx, scene.account.id, *notice.about_template, notice.at, scene.now());
    if (notice.about_health)
        apply_news(scene, *notice.about_health, notice.at);
    if (notice.about_reach)
        store::note_reach(scene.tx, scene.account.id, *notice.about_reach, notice.at);
}

} // namespace

std::string_view kind_of(EventBody const& body) noexcept
{
    return std::visit(Overloaded{
                          [](InboundMessage const& m) -> std::string_view { return m.group.empty() ? "message" : "group_message"; },
                          [](Reaction const&) -> std::string_view { return "reaction"; },
                          [](Revision const&) -> std::string_view { return "revision"; },
                          [](Receipt const&) -> std::string_view { return "receipt"; },
                          [](Echo const&) -> std::string_view { return "echo"; },
                          [](IdentityChange const&) -> std::string_view { return "identity_change"; },
                          [](ChannelNotice const&) -> std::string_view { return "notice"; },
                      },
                      body);
}

Applied apply_event(store::Tx& tx, Surroundings const& around, channel::AccountContext const& account, InboundEvent const& event,
                    Received const& received)
{
    Applied applied;
    Scene scene{tx, around, account, received, applied};
    std::visit(Overloaded{
                   [&scene](InboundMessage const& message) { apply_message(scene, message); },
                   [&scene](Reaction const& reaction) { apply_reaction(scene, reaction); },
                   [&scene](Revision const& revision) { apply_revision(scene, revision); },
                   [&scene](Receipt const& receipt) { apply_receipt(scene, receipt); },
                   [&scene](Echo const& echo) { apply_echo(scene, echo); },
                   [&scene](IdentityChange const& change) { apply_identity_change(scene, change); },
                   [&scene](ChannelNotice const& notice) { apply_notice(scene, notice); },
               },
               event.body);
    note_news(scene);
    return applied;
}

} // namespace deskbridge::flow
