#include "message_effect.hpp"

#include "alarm.hpp"
#include "automatic.hpp"
#include "facts.hpp"
#include "free_entry.hpp"
#include "orders.hpp"
#include "people.hpp"
#include "place.hpp"
#include "text_reading.hpp"
#include "window.hpp"

#include "deskbridge/core/language.hpp"
#include "deskbridge/store/account_health.hpp"
#include "deskbridge/store/contact.hpp"
#include "deskbridge/store/outbox.hpp"

namespace deskbridge::flow {
namespace {

/// What was sent from an address before its owner left it may come after that.
bool has_been_left(Scene& scene, Address const& address)
{
    auto const& scope = scene.account.account.scope;
    return !store::find_holder(scene.tx, scope, address) && store::find_last_holder(scene.tx, scope, address);
}

/// A customer's message opens the reply window and tells where answers go; one that comes late does neither wrongly.
void keep_address(Scene& scene, Chat& chat, InboundMessage const& message, std::optional<Timestamp> before)
{
    auto& conversation = chat.conversation;
    bool const newest = !before || believed(message.sent_at, chat.now) >= *before || conversation.address.value.empty();
    auto const address = scene.account.adapter->reply_address(message.sender.addresses);
    if (newest && address != conversation.address && (conversation.address.value.empty() || !has_been_left(scene, address)))
        conversation.address = address;
    prolong_window(scene, chat, message);
    save_inbound(scene, chat);
}

/// The language follows the customer, unless somebody has chosen one.
void follow_language(Scene& scene, Chat& chat, InboundMessage const& message, PlacementDecision const& decision)
{
    auto& contact = chat.contact;
    if (!decision.matter || decision.command || contact.language_set_by == "customer" || contact.language_set_by == "agent")
        return;
    if (message.text.empty() || message.kind == MessageKind::placeholder)
        return;
    auto const* read = scene.received.reading;
    if (read && (!read->language || read->language == contact.language))
        return;
    auto const detected = detect_language(message.text, scene.catalogue().languages());
    if (!detected || detected == contact.language)
        return;
    contact.language = detected;
    contact.language_set_by = "detected";
    store::save_contact(scene.tx, contact);
    auto event = event_of(scene, chat, "contact.changed", {ActorKind::system, 0});
    event.data = {{"language", *detected}};
    store::append_event(scene.tx, event);
}

void follow_pick(Scene& scene, Chat const& chat, Understanding const& said, PickDecision const& pick)
{
    auto const ticket = carry_pick(scene, chat, pick);
    if (said.offer && !said.offer->picked_at) {
        store::mark_picked(scene.tx, said.offer->id, chat.now);
        auto event = event_of(scene, chat, "offer.picked", chat.customer());
        event.ticket = ticket ? ticket->id : TicketId{};
        store::append_event(scene.tx, event);
    }
    answer_pick(scene, chat, pick, ticket);
}

/// What the customer's message sets in motion on our side.
void answer_message(Scene& scene, Chat& chat, Understanding const& said, PlacementDecision const& decision, Landed const& landed)
{
    offer_choice(scene, chat, decision, landed);
    if (decision.command)
        obey(scene, chat, *decision.command, landed);
    if (decision.pick)
        follow_pick(scene, chat, said, *decision.pick);
}

/// What had waited for the reply window.
void use_window(Scene& scene, Chat const& chat, PlacementDecision const& decision, Landed const& landed, bool was_open)
{
    bool const stop = decision.command && decision.command->command == Command::stop;
    if (!decision.matter || !window_open(scene, chat.conversation))
        return;
    if (!stop && store::release_kept(scene.tx, chat.conversation.id, scene.now(), scene.policy().kept_texts) > 0)
        scene.applied.queued = true;
    if (!was_open && landed.ticket)
        arm_if_owed(scene, landed.ticket->id);
}

} // namespace

void apply_message(Scene& scene, InboundMessage const& message)
{
    if (message.history)
        return apply_history(scene, message, message.sender, false);
    if (message.standby)
        return apply_standby(scene, message, message.sender, false);
    if (message.completes && complete(scene, message))
        return;
    if (known_already(scene, message))
        return; // the same message under another key
    store::count_inbound(scene.tx, scene.account.id, scene.now());
    if (message.kind == MessageKind::call)
        return apply_call(scene, message);
    if (!message.group.empty())
        return apply_group_message(scene, message);
    auto chat = enter_chat(scene, resolve_writer(scene, message.sender));
    tell_time(scene, chat, message.sent_at);
    bool const was_open = window_open(scene, chat.conversation);
    auto const said = understand(scene, chat, message);
    auto const facts = gather(scene, chat, message, said);
    auto const decision = decide_placement(facts, scene.policy());
    keep_address(scene, chat, message, facts.customer_sent_at);
    follow_language(scene, chat, message, decision);

    auto const landed = place(scene, chat, message, said, decision);
    attach_sequels(scene, landed.message, message);
    keep_referral(scene, chat.conversation.id, landed.message, message);
    answer_message(scene, chat, said, decision, landed);
    use_window(scene, chat, decision, landed, was_open);
}

} // namespace deskbridge::flow
