#include "message_effect.hpp"

#include "facts.hpp"
#include "people.hpp"
#include "place.hpp"

#include "deskbridge/core/timeline.hpp"
#include "deskbridge/store/outbox.hpp"

namespace deskbridge::flow {
namespace {

PlacementDecision decide_history(Scene& scene, InboundMessage const& message)
{
    ThreadingFacts facts;
    facts.message.nature = Nature::history;
    facts.message.kind = message.kind;
    facts.message.sent_at = message.sent_at;
    facts.message.received_at = scene.now();
    return decide_placement(facts, scene.policy());
}

/// Whoever has the addresses now keeps them: what was so back then moves nobody's.
Chat chat_of(Scene& scene, Sender const& customer)
{
    auto const known = known_as(scene, customer.addresses);
    if (auto contact = known.empty() ? std::nullopt : store::find_contact(scene.tx, known.back()))
        return enter_chat(scene, std::move(*contact));
    auto stranger = customer;
    stranger.addresses = unheld(scene, customer.addresses);
    return enter_chat(scene, stranger.addresses.empty() ? customer : stranger);
}

/// The file that a placeholder of the history stands for, which comes in a webhook of its own.
void complete_history(Scene& scene, store::Message const& known, InboundMessage const& message)
{
    if (known.purpose != "history" || known.kind != render_message_kind(MessageKind::placeholder) || message.media.empty())
        return; // it came when it was written, or is complete
    auto const kind = render_message_kind(message.kind);
    store::fill_history(scene.tx, {known.id, kind, message.text, message.details});
    auto const chat = store::find_conversation(scene.tx, known.conversation);
    store::append_event(scene.tx, {.type = "message.received",
                                   .at = scene.now(),
                                   .actor = known.actor,
                                   .account = scene.account.id,
                                   .contact = chat ? chat->contact : ContactId{},
                                   .conversation = known.conversation,
                                   .message = known.id,
                                   .data = {{"kind", kind}, {"history", true}, {"completed", true}}});
    attach_sequels(scene, known.id, message);
}

} // namespace

bool known_already(Scene& scene, InboundMessage const& message)
{
    auto const known = store::find_message(scene.tx, scene.account.id, message.id.value);
    bool const copy = known && (known->purpose == "history" || known->purpose == "standby");
    if (copy)
        store::forget_copy(scene.tx, known->id);
    return known && !copy;
}

// To be read by whoever looks at the chat: it opens no window, wakes nobody, and no rule of threading sees it.
void apply_history(Scene& scene, InboundMessage const& message, Sender const& customer, bool from_business)
{
    if (store::find_intent_sent_as(scene.tx, scene.account.id, message.id.value))
        return; // it came when it was written
    if (auto const known = store::find_message(scene.tx, scene.account.id, message.id.value))
        return complete_history(scene, *known, message);
    auto const chat = chat_of(scene, customer);
    if (chat.conversation.address.value.empty())
        store::set_address(scene.tx, chat.conversation.id, scene.account.adapter->reply_address(customer.addresses));
    auto row = inbound_row(scene, chat, message);
    row.purpose = "history";
    row.matter = false;
    row.position = position_of_history(message.sent_at);
    if (from_business) {
        row.direction = store::Direction::out;
        row.actor = {ActorKind::phone_app, 0};
        row.message_class = "agent";
    }
    auto const id = store::insert_message(scene.tx, row);
    auto event = event_of(scene, chat, "message.received", row.actor);
    event.message = id;
    event.data = {{"kind", row.kind}, {"history", true}};
    store::append_event(scene.tx, event);
    record_placement(scene, chat, id, {}, decide_history(scene, message));
    attach_sequels(scene, id, message);
}

} // namespace deskbridge::flow
