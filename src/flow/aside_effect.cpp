#include "message_effect.hpp"

#include "facts.hpp"
#include "people.hpp"
#include "place.hpp"
#include "window.hpp"

#include "deskbridge/store/account_health.hpp"
#include "deskbridge/store/outbox.hpp"

#include <utility>

namespace deskbridge::flow {
namespace {

/// Where it is shown. Calls are requests for help that nobody takes: somebody has to see them, also in a ticket that is done.
std::optional<store::Ticket> ticket_for(Scene& scene, Chat const& chat, Nature nature)
{
    auto live = latest_live(scene.tx, chat.conversation.id);
    if (live || nature != Nature::call)
        return live;
    auto newest = store::tickets_of(scene.tx, chat.conversation.id, 1);
    return newest.empty() ? std::nullopt : std::optional{std::move(newest.front())};
}

/// Nobody's matter, but shown in the ticket that is being worked on.
PlacementDecision decide_aside(Scene& scene, Chat const& chat, Nature nature, InboundMessage const& message)
{
    ThreadingFacts facts;
    facts.message.nature = nature;
    facts.message.kind = message.kind;
    facts.message.sent_at = message.sent_at;
    facts.message.received_at = chat.now;
    if (auto const ticket = ticket_for(scene, chat, nature)) {
        facts.message.target_ticket = ticket->id;
        facts.tickets.push_back(threading_ticket(scene, *ticket, false));
    }
    return decide_placement(facts, scene.policy());
}

/// @param row  as it is stored, but for where it goes.
void put_aside(Scene& scene, Chat const& chat, InboundMessage const& message, PlacementDecision const& decision, store::Message row)
{
    row.matter = false;
    row.ticket = decision.target.ticket;
    auto const id = store::insert_message(scene.tx, row);
    auto event = event_of(scene, chat, "message.received", row.actor);
    event.ticket = row.ticket;
    event.message = id;
    event.data = {{"kind", row.kind}, {"matter", false}};
    if (message.standby)
        event.data.add("standby", true);
    store::append_event(scene.tx, event);
    record_placement(scene, chat, id, row.ticket, decision);
    attach_sequels(scene, id, message);
}

void keep_first_address(Scene& scene, Chat& chat, Sender const& customer)
{
    if (chat.conversation.address.value.empty())
        chat.conversation.address = scene.account.adapter->reply_address(customer.addresses);
}

} // namespace

// The reply window is the number's, whichever of its apps the customer wrote to.
void apply_standby(Scene& scene, InboundMessage const& message, Sender const& customer, bool from_app)
{
    if (customer.addresses.empty() || !message.group.empty())
        throw store::Rollback{{Fault::malformed, "a group's message, in chats that another app has"}};
    if (store::find_intent_sent_as(scene.tx, scene.account.id, message.id.value) ||
        store::find_message(scene.tx, scene.account.id, message.id.value))
        return; // it is here already
    if (!from_app)
        store::count_inbound(scene.tx, scene.account.id, scene.now());
    auto chat = enter_chat(scene, customer);
    tell_time(scene, chat, message.sent_at);
    keep_first_address(scene, chat, customer);
    if (!from_app)
        prolong_window(scene, chat, message);
    store::save_inbound(scene.tx, chat.conversation);
    auto row = inbound_row(scene, chat, message);
    row.purpose = "standby";
    if (from_app) {
        row.direction = store::Direction::out;
        row.actor = {ActorKind::system, 0};
    }
    put_aside(scene, chat, message, decide_aside(scene, chat, Nature::standby, message), std::move(row));
}

void apply_call(Scene& scene, InboundMessage const& call)
{
    auto chat = enter_chat(scene, call.sender);
    tell_time(scene, chat, call.sent_at);
    keep_first_address(scene, chat, call.sender);
    prolong_window(scene, chat, call);
    store::save_inbound(scene.tx, chat.conversation);
    auto const landed = place(scene, chat, call, {}, decide_aside(scene, chat, Nature::call, call));
    attach_sequels(scene, landed.message, call);
}

bool complete(Scene& scene, InboundMessage const& ended)
{
    auto const known = store::find_message(scene.tx, scene.account.id, ended.id.value);
    if (!known || known->kind != render_message_kind(ended.kind))
        return false;
    store::complete_message(scene.tx, known->id, ended.text, ended.details);
    store::append_event(scene.tx, {.type = "message.received",
                                   .at = scene.now(),
                                   .actor = known->actor,
                                   .account = scene.account.id,
                                   .conversation = known->conversation,
                                   .ticket = known->ticket,
                                   .message = known->id,
                                   .data = {{"kind", known->kind}, {"matter", false}, {"completed", true}}});
    return true;
}

} // namespace deskbridge::flow
