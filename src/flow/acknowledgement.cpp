#include "deskbridge/flow/acknowledgement.hpp"

#include "alarm.hpp"
#include "automatic.hpp"
#include "free_entry.hpp"
#include "own_echo.hpp"
#include "scene.hpp"

#include "deskbridge/channel/configured_template.hpp"
#include "deskbridge/core/acknowledgement.hpp"
#include "deskbridge/core/reference.hpp"
#include "deskbridge/store/message.hpp"
#include "deskbridge/store/offer.hpp"
#include "deskbridge/store/template.hpp"
#include "deskbridge/store/timer.hpp"

namespace deskbridge::flow {
namespace {

using store::Ticket;

std::optional<Timestamp> settle(store::Tx& tx, TicketId id, AnswerEvent event, Timestamp now)
{
    auto const ticket = id ? store::find_ticket(tx, id) : std::nullopt;
    if (!ticket)
        return std::nullopt;
    bool const armed = store::find_timer(tx, id).has_value();
    switch (after_answer(event, armed, acknowledged(tx, *ticket))) {
    case AcknowledgementStep::leave: return std::nullopt;
    case AcknowledgementStep::drop: store::drop_timer(tx, id); return std::nullopt;
    case AcknowledgementStep::rearm: break;
    }
    if (!is_live(ticket->status))
        return std::nullopt;
    auto const timer = rearmed_acknowledgement(ticket->reopen_count > 0, static_cast<bool>(ticket->follow_up_of), now);
    store::arm_timer(tx, {id, timer.due_at, timer.deadline, std::string{render_acknowledgement(timer.kind)}});
    return timer.due_at;
}

/// The tickets that hang on it: its own; of a status answer without one, the rows of the list that was offered with it.
std::vector<TicketId> named_by(store::Tx& tx, store::OutboxEffect const& effect, Timestamp now)
{
    if (effect.ticket || effect.message_class == MessageClass::agent)
        return {effect.ticket};
    auto const offer = store::latest_offer(tx, effect.conversation, store::Offer::Kind::status, now - std::chrono::hours{1});
    return offer ? offer->options : std::vector<TicketId>{};
}

std::optional<Timestamp> min_of(std::optional<Timestamp> a, std::optional<Timestamp> b)
{
    return a && b ? std::min(*a, *b) : a ? a : b;
}

/// What a due timer is about.
struct Due {
    store::Timer timer;
    Ticket ticket;
    store::Conversation conversation;
    store::Contact contact;
};

std::optional<Due> load_due(store::Tx& tx, store::Timer const& timer)
{
    auto ticket = store::find_ticket(tx, timer.ticket);
    auto conversation = ticket ? store::find_conversation(tx, ticket->conversation) : std::nullopt;
    auto contact = conversation ? store::find_contact(tx, conversation->contact) : std::nullopt;
    if (!contact)
        return std::nullopt;
    return Due{timer, std::move(*ticket), std::move(*conversation), std::move(*contact)};
}

std::optional<SkipReason> judge(Scene& scene, Due const& due)
{
    DueFacts facts;
    facts.ticket_live = is_live(due.ticket.status);
    facts.agent_on_the_way = store::agent_on_the_way(scene.tx, due.ticket.id);
    facts.window_open = window_open(scene, due.conversation);
    facts.automatic_last_hour = store::automatic_since(scene.tx, due.contact.id, scene.now() - std::chrono::hours{1}).notices;
    return decide_due(facts, scene.policy());
}

OutboundContent content_of(Scene& scene, Due const& due)
{
    AcknowledgementFacts facts;
    facts.kind = parse_acknowledgement(due.timer.detail).value_or(AcknowledgementEffect::arm_opened);
    facts.reference = due.ticket.reference;
    facts.within = scene.policy().expect_answer_within;
    if (auto const earlier = store::find_ticket(scene.tx, due.ticket.follow_up_of))
        facts.earlier = earlier->reference;
    if (facts.kind == AcknowledgementEffect::arm_reopened) {
        auto const offer = store::latest_offer(scene.tx, due.conversation.id, store::Offer::Kind::something_new,
                                               due.ticket.opened_at);
        if (offer && !offer->picked_at)
            facts.nonce = offer->nonce;
    }
    return acknowledgement_text(text_context(scene, due.contact), facts);
}

/// Outside the reply window, where no words of our own go out. Errors: it may not be sent.
Result<OutboundContent> template_of(Scene& scene, Due const& due)
{
    auto const& policy = scene.policy();
    TemplateCall const call{policy.acknowledgement_template, policy.acknowledgement_template_language,
                            {show_reference(due.ticket.reference, policy.reference_prefix)}};
    return channel::configured_template(scene.account, store::known_templates(scene.tx, scene.account.id, call.name), call,
                                        due.conversation.address);
}

/// What nobody wants to hear any more is not withheld; the rest is, and agents should see it.
std::optional<Withholding> withholding_of(SkipReason reason)
{
    switch (reason) {
    case SkipReason::disabled: return Withholding::switched_off;
    case SkipReason::window_closed: return Withholding::window_closed;
    case SkipReason::capped: return Withholding::capped;
    case SkipReason::no_account: return Withholding::no_account;
    case SkipReason::template_refused: return Withholding::template_refused;
    case SkipReason::not_live:
    case SkipReason::agent_on_the_way:
    case SkipReason::withheld: // it has been told
    case SkipReason::failed: break;
    }
    return std::nullopt;
}

void tell_skipped(store::Tx& tx, Due const& due, SkipReason reason, Timestamp now)
{
    auto const why = withholding_of(reason);
    if (!why)
        return;
    AutomaticText text;
    text.conversation = due.conversation.id;
    text.ticket = due.ticket.id;
    text.message_class = MessageClass::notice;
    text.purpose = "acknowledgement";
    store::NewEvent const event{
        .type = "message.withheld", .at = now, .account = due.conversation.account, .contact = due.contact.id};
    tell_withheld(tx, event, text, *why);
}

/// Nullopt: it is queued.
std::optional<SkipReason> send(Scene& scene, Due& due)
{
    AutomaticText text;
    text.conversation = due.conversation.id;
    text.ticket = due.ticket.id;
    text.message_class = MessageClass::notice;
    text.purpose = "acknowledgement";
    bool const open = window_open(scene, due.conversation);
    auto content = open ? Result<OutboundContent>{content_of(scene, due)} : template_of(scene, due);
    if (!content) {
        scene.applied.failures.push_back(content.error().detail);
        tell_skipped(scene.tx, due, SkipReason::template_refused, scene.now());
        return SkipReason::template_refused;
    }
    text.content = std::move(*content);
    text.supersedes_key = notice_key(due.ticket.id);
    auto const message = queue_automatic(scene, text);
    if (!message)
        return SkipReason::withheld;
    due.ticket.acknowledged_at = scene.now();
    store::save_ticket(scene.tx, due.ticket);
    store::append_event(scene.tx, {.type = "ticket.acknowledged",
                                   .at = scene.now(),
                                   .account = scene.account.id,
                                   .contact = due.contact.id,
                                   .conversation = due.conversation.id,
                                   .ticket = due.ticket.id,
                                   .message = message});
    return std::nullopt;
}

/// Nullopt: it is queued.
std::optional<SkipReason> fire(store::Tx& tx, Surroundings const& around, store::Timer const& timer, Timestamp now, Applied& applied)
{
    store::drop_timer(tx, timer.ticket);
    auto due = load_due(tx, timer);
    auto const* account = due ? channel::find_account(around.accounts, due->conversation.account) : nullptr;
    if (!account) {
        if (due && is_live(due->ticket.status))
            tell_skipped(tx, *due, SkipReason::no_account, now);
        return SkipReason::no_account;
    }
    Received const received{now, {}};
    Scene scene{tx, around, *account, received, applied};
    if (auto const reason = judge(scene, *due)) {
        tell_skipped(tx, *due, *reason, now);
        return reason;
    }
    return send(scene, *due);
}

} // namespace

std::optional<Timestamp> settle_acknowledgement(store::Tx& tx, store::OutboxEffect const& effect, Timestamp now)
{
    std::optional<Timestamp> due;
    if (effect.mistaken_echo)
        due = absorb_own_echo(tx, effect, now);
    begin_free_entry(tx, effect, now);
    if (!effect.answer)
        return due;
    for (auto const ticket : named_by(tx, effect, now))
        due = min_of(due, settle(tx, ticket, *effect.answer, now));
    return due;
}

Fired fire_due(store::Tx& tx, Surroundings const& around, Timestamp now, int limit)
{
    Fired fired;
    for (auto const& timer : store::due_timers(tx, now, limit)) {
        Applied applied;
        std::optional<SkipReason> skipped;
        auto const done = tx.nested([&](store::Tx& inner) { skipped = fire(inner, around, timer, now, applied); });
        if (!done) {
            store::drop_timer(tx, timer.ticket); // it would fail again, and hold up everybody else's
            skipped = SkipReason::failed;
            applied.failures = {done.error().detail};
        }
        fired.failures.insert(fired.failures.end(), applied.failures.begin(), applied.failures.end());
        if (skipped)
            fired.skipped.push_back(*skipped);
        else
            ++fired.sent;
    }
    fired.next_due = store::next_timer_due(tx);
    return fired;
}

} // namespace deskbridge::flow
