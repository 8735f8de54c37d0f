#include "work.hpp"

#include "deskbridge/core/text.hpp"
#include "deskbridge/store/merge.hpp"

#include <algorithm>

namespace deskbridge::desk {

namespace {

constexpr int page = 200;
constexpr std::size_t max_split = 500;
constexpr std::size_t subject_units = 80;

int relocate_all(Work& work, TicketId from, TicketId to)
{
    int moved = 0;
    MessageId after;
    for (;;) {
        auto const messages = store::messages_of(work.tx, from, after, page);
        for (auto const& message : messages)
            relocate(work, {message.id, from, to, "merge", "append"});
        if (messages.empty())
            return moved;
        moved += static_cast<int>(messages.size());
        after = messages.back().id;
    }
}

void check_mergeable(Subject const& from, Subject const& into)
{
    if (from.ticket.id == into.ticket.id)
        fail(Fault::conflict, "a ticket cannot be merged into itself");
    if (from.conversation.id != into.conversation.id)
        fail(Fault::conflict, "only tickets of the same conversation can be merged");
    if (is_live(from.ticket.status) && !is_live(into.ticket.status))
        fail(Fault::conflict, number_of(into.ticket.id) + " is " + std::string{render_status(into.ticket.status)} + ": reopen it first");
}

/// What `into` takes over from the ticket that it swallows.
void absorb(store::Ticket& into, store::Ticket const& from)
{
    into.last_activity = std::max(into.last_activity, from.last_activity);
    into.unseen = into.unseen || from.unseen;
    into.unanswered_agent_at = std::max(into.unanswered_agent_at, from.unanswered_agent_at);
    if (into.subject.empty())
        into.subject = from.subject;
}

std::vector<store::Message> chosen_messages(Work& work, Split const& request, TicketId source)
{
    if (request.messages.empty() || request.messages.size() > max_split)
        fail(Fault::malformed, "name one to 500 messages");
    auto ids = request.messages;
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    std::vector<store::Message> messages;
    for (auto const id : ids)
        messages.push_back(found_message(work.tx, id));
    for (auto const& message : messages)
        if (message.ticket != source)
            fail(Fault::conflict, "message " + std::to_string(message.id.value) + " is not in " + number_of(source));
    return messages;
}

/// An agent is at work on it: nothing to acknowledge.
TicketId open_from(Work& work, Subject const& source, std::vector<store::Message> const& messages)
{
    auto const& first = messages.front();
    store::Ticket ticket;
    ticket.reference = store::fresh_reference(work.tx, work.parts.dice);
    ticket.conversation = source.conversation.id;
    ticket.status = TicketStatus::open;
    ticket.subject = shorten(first.text.substr(0, first.text.find('\n')), subject_units);
    ticket.assignee = source.ticket.assignee;
    ticket.opened_at = believed(first.provider_at, first.received_at);
    ticket.last_activity = messages.back().received_at;
    ticket.last_step_at = first.received_at;
    ticket.unseen = false;
    ticket.acknowledged_at = work.now;
    return store::insert_ticket(work.tx, ticket);
}

} // namespace

void relocate(Work& work, Relocation const& relocation)
{
    store::set_message_ticket(work.tx, relocation.message, relocation.to);
    store::set_intents_ticket(work.tx, relocation.message, relocation.to);
    store::Placement placement;
    placement.message = relocation.message;
    placement.rule = relocation.rule;
    placement.action = relocation.action;
    placement.from = relocation.from;
    placement.to = relocation.to;
    placement.actor = work.actor();
    placement.at = work.now;
    store::insert_placement(work.tx, placement);
}

void tell_placed(Work& work, store::Message const& message, Relocation const& relocation)
{
    store::append_event(work.tx, {.type = "message.placed",
                                  .at = work.now,
                                  .actor = work.actor(),
                                  .account = message.account,
                                  .conversation = message.conversation,
                                  .ticket = relocation.to,
                                  .message = message.id,
                                  .data = {{"rule", relocation.rule}, {"from", relocation.from.value}, {"to", relocation.to.value}}});
}

void touch(Work& work, TicketId id, Timestamp activity)
{
    auto ticket = store::find_ticket(work.tx, id);
    if (!ticket)
        return;
    ticket->last_activity = std::max(ticket->last_activity, activity);
    store::save_ticket(work.tx, *ticket);
}

void leave(Work& work, TicketId id)
{
    touch(work, id, {});
    store::ask_again(work.tx, id);
}

void become_part(Work& work, Subject& from, Subject& into)
{
    auto const messages = relocate_all(work, from.ticket.id, into.ticket.id);
    store::remember_merge(work.tx, from.ticket, into.ticket, work.now);
    from.ticket.merged_into = into.ticket.id;
    change(work, from, TicketChange::merged);
    absorb(into.ticket, from.ticket);
    store::save_ticket(work.tx, into.ticket);
    store::tell_merged(work.tx, event_of(work, from, "ticket.merged"), {from.ticket.id, into.ticket.id, messages});
}

TicketCard act(Work& work, Merge const& request)
{
    auto from = open_subject(work, request.ticket);
    auto into = open_subject(work, request.into);
    check_mergeable(from, into);
    become_part(work, from, into);
    return card_of(work.tx, work.parts.accounts, into.ticket.id);
}

TicketCard act(Work& work, MoveMessage const& request)
{
    auto const message = found_message(work.tx, request.message);
    auto const to = open_subject(work, request.to);
    if (message.conversation != to.conversation.id)
        fail(Fault::conflict, "a message stays in its conversation");
    if (message.ticket == to.ticket.id)
        fail(Fault::conflict, "the message is there already");
    Relocation const relocation{message.id, message.ticket, to.ticket.id, "move", "append"};
    relocate(work, relocation);
    tell_placed(work, message, relocation);
    touch(work, to.ticket.id, message.received_at);
    leave(work, message.ticket);
    return card_of(work.tx, work.parts.accounts, to.ticket.id);
}

TicketCard act(Work& work, Split const& request)
{
    auto const source = open_subject(work, request.ticket);
    auto const messages = chosen_messages(work, request, source.ticket.id);
    auto const id = open_from(work, source, messages);
    auto event = event_of(work, source, "ticket.opened");
    event.ticket = id;
    event.data.add("split_from", source.ticket.id.value);
    store::append_event(work.tx, event);
    for (auto const& message : messages) {
        Relocation const relocation{message.id, source.ticket.id, id, "split", "open"};
        relocate(work, relocation);
        tell_placed(work, message, relocation);
    }
    leave(work, source.ticket.id);
    return card_of(work.tx, work.parts.accounts, id);
}

} // namespace deskbridge::desk
