#include "orders.hpp"

#include "alarm.hpp"
#include "automatic.hpp"

#include "deskbridge/core/text.hpp"
#include "deskbridge/store/timer.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace deskbridge::flow {
namespace {

struct Answer {
    std::string purpose;
    OutboundContent content;
    TicketId ticket;
    bool consent{false};
};

/// Answers the message that was queued; none if it was withheld.
MessageId answer(Scene& scene, Chat const& chat, MessageId asked, Answer answer)
{
    AutomaticText text;
    text.conversation = chat.conversation.id;
    text.ticket = answer.ticket;
    text.purpose = std::move(answer.purpose);
    text.content = std::move(answer.content);
    text.answers = asked;
    text.consent = answer.consent;
    return queue_automatic(scene, text);
}

std::vector<store::Ticket> load(Scene& scene, std::vector<TicketId> const& ids)
{
    std::vector<store::Ticket> tickets;
    for (auto const id : ids)
        if (auto ticket = store::find_ticket(scene.tx, id))
            tickets.push_back(std::move(*ticket));
    return tickets;
}

ToldTicket told(Scene const& scene, store::Ticket const& ticket)
{
    return {ticket.reference,      ticket.status, ticket.subject,
            parse_step(ticket.last_step).value_or(LastStep::received),
            ticket.last_step_at,   ticket.summary, scene.policy().expect_answer_within};
}

std::vector<ToldTicket> told(Scene const& scene, std::vector<store::Ticket> const& tickets, std::size_t most)
{
    std::vector<ToldTicket> out;
    for (auto const& ticket : tickets)
        if (out.size() < most)
            out.push_back(told(scene, ticket));
    return out;
}

void make_offer(Scene& scene, Chat const& chat, store::Offer offer)
{
    offer.conversation = chat.conversation.id;
    offer.offered_at = chat.now;
    store::insert_offer(scene.tx, offer);
    auto event = event_of(scene, chat, "offer.made", {ActorKind::system, 0});
    event.message = offer.first_message;
    event.data = {{"options", offer.options.size()}};
    store::append_event(scene.tx, event);
}

/// 96 random bits as text.
std::string fresh_nonce(Scene& scene)
{
    return fmt::format("{:016x}{:08x}", scene.around.dice(), scene.around.dice() & 0xffffffffU);
}

store::Offer offer_of(Scene& scene, store::Offer::Kind kind, std::vector<store::Ticket> const& tickets, std::size_t most)
{
    store::Offer offer;
    offer.kind = kind;
    offer.nonce = fresh_nonce(scene);
    for (auto const& ticket : tickets)
        if (offer.options.size() < most)
            offer.options.push_back(ticket.id);
    return offer;
}

void tell_status(Scene& scene, Chat const& chat, CommandDecision const& order, MessageId asked)
{
    auto tickets = load(scene, order.scope);
    if (tickets.empty() && order.newest)
        tickets = load(scene, {order.newest});
    auto const facts = told(scene, tickets, status_rows);
    auto const context = text_context(scene, chat.contact);
    Answer reply{"status", {}, tickets.size() == 1 ? tickets.front().id : TicketId{}};
    std::string nonce;
    if (tickets.size() > 1) {
        auto offer = offer_of(scene, store::Offer::Kind::status, tickets, status_rows);
        nonce = offer.nonce;
        make_offer(scene, chat, std::move(offer));
    }
    reply.content = status_text(context, facts, tickets.size(), nonce);
    answer(scene, chat, asked, std::move(reply));
}

void close_tickets(Scene& scene, Chat const& chat, CommandDecision const& order, MessageId asked)
{
    std::string references;
    int closed = 0;
    TicketId last;
    for (auto& ticket : load(scene, order.scope)) {
        auto const effect = decide_change(TicketChange::customer_closed, store::lifecycle_facts(ticket));
        if (!effect || !effect->changes)
            continue;
        ticket.solved_notice_at = chat.now; // the answer below tells it
        store::carry_out(scene.tx, ticket, *effect, {chat.customer(), chat.now, {}});
        references += (references.empty() ? "" : " ") + ticket.reference;
        last = ticket.id;
        ++closed;
    }
    auto const context = text_context(scene, chat.contact);
    if (closed == 0)
        answer(scene, chat, asked, {"close", plain_text(context, TextKey::close_none), {}});
    else if (closed == 1)
        answer(scene, chat, asked, {"close", plain_text(context, TextKey::close_confirmed, {{"reference", references}}), last});
    else
        answer(scene, chat, asked, {"close", plain_text(context, TextKey::close_several, {{"references", references}}), {}});
}

/// Every ticket that the call is about comes back to the agents' attention.
void call_agent(Scene& scene, Chat const& chat, CommandDecision const& order, Landed const& landed)
{
    auto tickets = load(scene, order.scope);
    auto const reached = landed.ticket ? landed.ticket : landed.elsewhere;
    if (reached && std::none_of(tickets.begin(), tickets.end(), [&](auto const& ticket) { return ticket.id == reached->id; }))
        tickets.push_back(*reached);
    for (auto& ticket : tickets) {
        auto const effect = decide_change(TicketChange::customer_wrote, store::lifecycle_facts(ticket));
        if (effect && is_live(ticket.status))
            store::carry_out(scene.tx, ticket, *effect, {chat.customer(), chat.now, {}});
    }
    auto const told = reached ? reached : tickets.empty() ? std::nullopt : std::optional{tickets.front()};
    if (!told)
        return;
    TextValues values{{"reference", told->reference}};
    auto const context = text_context(scene, chat.contact);
    if (scene.policy().expect_answer_within)
        values["within"] = scene.catalogue().render_within(*scene.policy().expect_answer_within, context.language);
    if (answer(scene, chat, landed.message, {"agent", plain_text(context, TextKey::agent_requested, std::move(values)), told->id}))
        count_as_acknowledged(scene, told->id);
}

void set_consent(Scene& scene, Chat& chat, bool stopped, MessageId asked)
{
    bool const changes = stopped != chat.contact.stopped_at.has_value();
    if (changes) {
        chat.contact.stopped_at = stopped ? std::optional{scene.now()} : std::nullopt;
        store::save_contact(scene.tx, chat.contact);
        auto event = event_of(scene, chat, "contact.changed", chat.customer());
        event.data = {{"stopped", stopped}};
        store::append_event(scene.tx, event);
    }
    auto const key = stopped ? TextKey::stop_confirmed : TextKey::start_confirmed;
    answer(scene, chat, asked, {stopped ? "stop" : "start", plain_text(text_context(scene, chat.contact), key), {}, changes});
}

void set_language(Scene& scene, Chat& chat, std::string const& language, MessageId asked)
{
    auto const& enabled = scene.catalogue().languages();
    if (std::find(enabled.begin(), enabled.end(), language) == enabled.end())
        return;
    chat.contact.language = language;
    chat.contact.language_set_by = "customer";
    store::save_contact(scene.tx, chat.contact);
    auto event = event_of(scene, chat, "contact.changed", chat.customer());
    event.data = {{"language", language}};
    store::append_event(scene.tx, event);
    answer(scene, chat, asked, {"language", plain_text(text_context(scene, chat.contact), TextKey::language_changed), {}});
}

} // namespace

void obey(Scene& scene, Chat& chat, CommandDecision const& order, Landed const& landed)
{
    auto const context = text_context(scene, chat.contact);
    auto const asked = landed.message;
    if (order.not_found) {
        answer(scene, chat, asked, {"not_found", plain_text(context, TextKey::not_found), {}});
        return;
    }
    switch (order.command) {
    case Command::status: tell_status(scene, chat, order, asked); return;
    case Command::new_: answer(scene, chat, asked, {"new", plain_text(context, TextKey::new_asked), {}}); return;
    case Command::agent: call_agent(scene, chat, order, landed); return;
    case Command::close: close_tickets(scene, chat, order, asked); return;
    case Command::help: {
        auto const key = order.asks_to_describe ? TextKey::help_no_ticket : TextKey::help;
        answer(scene, chat, asked, {"help", plain_text(context, key), {}});
        return;
    }
    case Command::stop: set_consent(scene, chat, true, asked); return;
    case Command::start: set_consent(scene, chat, false, asked); return;
    case Command::language: set_language(scene, chat, order.language, asked); return;
    }
}

void answer_pick(Scene& scene, Chat const& chat, PickDecision const& pick, std::optional<store::Ticket> const& ticket)
{
    using Result = PickDecision::Result;
    auto const context = text_context(scene, chat.contact);
    if ((pick.result != Result::moved && pick.result != Result::kept) || !ticket) {
        answer(scene, chat, {}, {"pick", plain_text(context, TextKey::pick_late), {}});
        return;
    }
    bool const opened = pick.target.action == PlacementAction::open || pick.target.action == PlacementAction::follow_up;
    auto const key = opened ? TextKey::pick_new : TextKey::pick_moved;
    if (answer(scene, chat, {}, {"pick", plain_text(context, key, {{"reference", ticket->reference}}), ticket->id}))
        count_as_acknowledged(scene, ticket->id);
}

void offer_choice(Scene& scene, Chat const& chat, PlacementDecision const& decision, Landed const& landed)
{
    // The acknowledgement of every reopening carries the button, so it needs its offer.
    bool const reopened = decision.target.action == PlacementAction::reopen && decision.offer == OfferKind::none;
    if (!landed.ticket || (decision.offer == OfferKind::none && !reopened))
        return;
    if (decision.offer == OfferKind::something_new || reopened) {
        auto offer = offer_of(scene, store::Offer::Kind::something_new, {}, 0);
        offer.options.push_back({});
        offer.first_message = landed.message;
        make_offer(scene, chat, std::move(offer));
        return;
    }
    std::vector<TicketId> ids;
    for (auto const& candidate : decision.candidates)
        ids.push_back(candidate.ticket);
    auto const tickets = load(scene, ids);
    auto offer = offer_of(scene, store::Offer::Kind::choice, tickets, choice_rows);
    offer.options.push_back({});
    offer.first_message = landed.message;

    AutomaticText text;
    text.conversation = chat.conversation.id;
    text.ticket = landed.ticket->id;
    text.message_class = MessageClass::notice;
    text.purpose = "choice";
    text.content = choice_text(text_context(scene, chat.contact), landed.ticket->reference, told(scene, tickets, choice_rows),
                               offer.nonce);
    text.supersedes_key = "choice:" + std::to_string(chat.conversation.id.value);
    if (queue_automatic(scene, text))
        make_offer(scene, chat, std::move(offer));
}

} // namespace deskbridge::flow
