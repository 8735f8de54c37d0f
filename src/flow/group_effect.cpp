#include "message_effect.hpp"

#include "automatic.hpp"
#include "facts.hpp"
#include "people.hpp"
#include "place.hpp"
#include "window.hpp"

#include "deskbridge/store/outbox.hpp"

namespace deskbridge::flow {
namespace {

/// The chat is the group's; the contact whoever wrote, so that the timeline can say who it was.
Chat chat_in_group(Scene& scene, InboundMessage const& message)
{
    Chat chat{resolve_contact(scene, message.sender), {}, scene.now()};
    if (auto known = store::find_group_conversation(scene.tx, scene.account.id, message.group)) {
        chat.conversation = std::move(*known);
        return chat;
    }
    auto const id = store::insert_group_conversation(scene.tx, scene.account.id, message.group, scene.now());
    chat.conversation = *store::find_conversation(scene.tx, id);
    store::append_event(scene.tx, event_of(scene, chat, "conversation.opened", chat.customer()));
    return chat;
}

/// No orders, no references and no picks: what one of them asks, all of them would read.
Understanding understand_quote(Scene& scene, Chat const& chat, InboundMessage const& message)
{
    Understanding said;
    said.closer = closes(scene, message);
    read_quote(scene, chat, message, said);
    return said;
}

PlacementDecision decide(Scene& scene, Chat const& chat, InboundMessage const& message, Understanding const& said)
{
    auto facts = gather(scene, chat, message, said);
    facts.message.group = scene.policy().groups == Groups::stored;
    auto decision = decide_placement(facts, scene.policy());
    decision.acknowledgement = AcknowledgementEffect::none;
    decision.offer = OfferKind::none;
    return decision;
}

} // namespace

void apply_group_message(Scene& scene, InboundMessage const& message)
{
    auto chat = chat_in_group(scene, message);
    tell_time(scene, chat, message.sent_at);
    auto const said = understand_quote(scene, chat, message);
    auto const decision = decide(scene, chat, message, said);
    if (scene.policy().groups == Groups::tickets)
        prolong_window(scene, chat, message);
    save_inbound(scene, chat);
    auto const landed = place(scene, chat, message, said, decision);
    attach_sequels(scene, landed.message, message);
    if (decision.matter && window_open(scene, chat.conversation) &&
        store::release_kept(scene.tx, chat.conversation.id, scene.now(), scene.policy().kept_texts) > 0)
        scene.applied.queued = true;
}

} // namespace deskbridge::flow
