#include "message_effect.hpp"

#include "alarm.hpp"
#include "facts.hpp"
#include "people.hpp"
#include "place.hpp"

#include "deskbridge/store/echo_mark.hpp"
#include "deskbridge/store/outbox.hpp"

namespace deskbridge::flow {
namespace {

constexpr Actor phone_app{ActorKind::phone_app, 0};

struct Quoted {
    MessageId message;
    TicketId ticket;
};

/// Of this chat alone, as for customers' messages.
Quoted find_quoted(Scene& scene, Chat const& chat, InboundMessage const& message)
{
    if (!message.quoted)
        return {};
    auto const id = store::find_message_sent_as(scene.tx, scene.account.id, message.quoted->value);
    auto const row = id ? store::find_message(scene.tx, *id) : std::nullopt;
    if (!row || row->conversation != chat.conversation.id)
        return {};
    return {row->id, row->ticket};
}

PlacementDecision decide(Scene& scene, Chat const& chat, Echo const& echo, Quoted const& quoted)
{
    EchoFacts facts;
    facts.group = !echo.message.group.empty() && scene.policy().groups == Groups::stored;
    facts.quoted_ticket = quoted.ticket;
    for (auto const& ticket : tickets_in_question(scene, chat.conversation.id))
        facts.tickets.push_back(threading_ticket(scene, ticket, false));
    return decide_echo(facts, scene.policy());
}

/// An agent's message like any other, but that it neither opens nor reopens; and unless it turns out to be ours.
void count_as_agents(Scene& scene, Chat const& chat, TicketId id, MessageId echo)
{
    auto ticket = store::find_ticket(scene.tx, id);
    if (!ticket)
        return;
    store::keep_mark(scene.tx, id, {echo, chat.now, store::marks_of(*ticket), store::find_timer(scene.tx, id)});
    if (auto const effect = decide_change(TicketChange::agent_wrote, store::lifecycle_facts(*ticket)))
        store::carry_out(scene.tx, *ticket, *effect, {phone_app, chat.now, {}});
    ticket->last_activity = std::max(ticket->last_activity, chat.now);
    store::save_ticket(scene.tx, *ticket);
    drop_after_echo(scene, id);
}

Chat chat_of(Scene& scene, Echo const& echo)
{
    auto const& group = echo.message.group;
    if (group.empty()) {
        auto chat = enter_chat(scene, {echo.to, {}, {}});
        if (chat.conversation.address.value.empty())
            store::set_address(scene.tx, chat.conversation.id, scene.account.adapter->reply_address(echo.to));
        return chat;
    }
    Chat chat;
    chat.now = scene.now();
    if (auto known = store::find_group_conversation(scene.tx, scene.account.id, group)) {
        chat.conversation = std::move(*known);
        return chat;
    }
    auto const id = store::insert_group_conversation(scene.tx, scene.account.id, group, scene.now());
    chat.conversation = *store::find_conversation(scene.tx, id);
    store::append_event(scene.tx, event_of(scene, chat, "conversation.opened", phone_app));
    return chat;
}

} // namespace

void apply_echo(Scene& scene, Echo const& echo)
{
    auto const& message = echo.message;
    if (message.history)
        return apply_history(scene, message, {echo.to, {}, {}}, true);
    if (message.standby)
        return apply_standby(scene, message, {echo.to, {}, {}}, true);
    if (store::find_intent_sent_as(scene.tx, scene.account.id, message.id.value) || known_already(scene, message))
        return; // our own send, or known already
    if (echo.to.empty() && message.group.empty())
        throw store::Rollback{{Fault::malformed, "an echo without a recipient"}};
    auto chat = chat_of(scene, echo);
    tell_time(scene, chat, message.sent_at);
    auto const quoted = find_quoted(scene, chat, message);
    auto const decision = decide(scene, chat, echo, quoted);

    auto row = inbound_row(scene, chat, message);
    row.ticket = decision.target.ticket;
    row.direction = store::Direction::out;
    row.actor = phone_app;
    row.message_class = "agent";
    row.quoted = quoted.message;
    auto const id = store::insert_message(scene.tx, row);
    auto event = event_of(scene, chat, "message.received", phone_app);
    event.ticket = row.ticket;
    event.message = id;
    event.data = {{"kind", row.kind}, {"echo", true}};
    store::append_event(scene.tx, event);
    record_placement(scene, chat, id, row.ticket, decision);
    if (row.ticket)
        count_as_agents(scene, chat, row.ticket, id);
    attach_sequels(scene, id, message);
}

} // namespace deskbridge::flow
