#include "place.hpp"

#include "alarm.hpp"
#include "sequel.hpp"

#include "deskbridge/core/text.hpp"
#include "deskbridge/store/merge.hpp"
#include "deskbridge/store/placement.hpp"
#include "deskbridge/store/ticket_view.hpp"
#include "deskbridge/store/timer.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace deskbridge::flow {
namespace {

constexpr std::size_t subject_units = 80;
constexpr std::chrono::minutes history_files_wait{10}; ///< what customers send now goes first
constexpr int looked_through = 1000; ///< messages of a chat, for the place of one that came late

/// Where something goes and when the interval begins that this opens.
struct Goal {
    Target target;
    Timestamp opened_at;
    std::string_view words; ///< the customer's, of which a ticket that is opened gets its subject
};

/// What the ticket is about, for lists: the first line of the customer's words.
std::string subject_of(std::string_view words)
{
    auto const line = words.substr(0, words.find('\n'));
    return line.empty() ? std::string{} : shorten(clean_text(line), subject_units);
}

store::Ticket open_ticket(Scene& scene, Chat const& chat, Goal const& goal)
{
    store::Ticket ticket;
    ticket.reference = store::fresh_reference(scene.tx, scene.around.dice);
    ticket.conversation = chat.conversation.id;
    ticket.subject = subject_of(goal.words);
    ticket.follow_up_of = goal.target.follow_up_of;
    ticket.opened_at = goal.opened_at;
    ticket.last_activity = chat.now;
    ticket.last_step_at = chat.now;
    ticket.id = store::insert_ticket(scene.tx, ticket);
    auto event = event_of(scene, chat, "ticket.opened", chat.customer());
    event.ticket = ticket.id;
    if (ticket.follow_up_of)
        event.data.add("follow_up_of", ticket.follow_up_of.value);
    store::append_event(scene.tx, event);
    ++scene.applied.opened;
    return ticket;
}

/// False: nothing changes, and nothing was saved.
bool change(Scene& scene, store::Ticket& ticket, TicketChange what, store::ChangeBy const& by)
{
    auto const effect = decide_change(what, store::lifecycle_facts(ticket));
    if (!effect)
        throw store::Rollback{effect.error()};
    store::carry_out(scene.tx, ticket, *effect, by);
    return effect->changes;
}

/// The customer wrote in it, which ends its waiting; saved with all that was changed before.
bool wrote_in(Scene& scene, Chat const& chat, Target const& target, store::Ticket& ticket)
{
    return target.action == PlacementAction::append && is_live(ticket.status) &&
           change(scene, ticket, TicketChange::customer_wrote, {chat.customer(), chat.now, {}});
}

/// As it was gathered, once: what is done to a ticket then is in the store alone.
store::Ticket chosen(Scene& scene, TicketId id)
{
    for (auto& ticket : std::exchange(scene.gathered, {}))
        if (ticket.id == id)
            return std::move(ticket);
    auto ticket = store::find_ticket(scene.tx, id);
    if (!ticket)
        throw store::Rollback{{Fault::storage, "the ticket that was chosen is gone"}};
    return std::move(*ticket);
}

/// The ticket that `goal` means: found, opened or reopened. None: the conversation only.
std::optional<store::Ticket> reach(Scene& scene, Chat const& chat, Goal const& goal)
{
    switch (goal.target.action) {
    case PlacementAction::conversation_only: return std::nullopt;
    case PlacementAction::open:
    case PlacementAction::follow_up: return open_ticket(scene, chat, goal);
    case PlacementAction::append:
    case PlacementAction::reopen: break;
    }
    auto ticket = chosen(scene, goal.target.ticket);
    if (goal.target.action == PlacementAction::reopen) {
        change(scene, ticket, TicketChange::customer_reopened, {chat.customer(), chat.now, goal.opened_at});
        ++scene.applied.reopened;
    }
    return ticket;
}

/// What the message does to the ticket that it was appended to.
void touch(Scene& scene, Chat const& chat, PlacementDecision const& decision, std::string_view words, store::Ticket& ticket)
{
    bool const calls = !decision.command || decision.command->command == Command::agent;
    bool const wrote = decision.matter && calls;
    auto const before = ticket;
    if (decision.answers_agent)
        ticket.unanswered_agent_at.reset();
    if (decision.marks_unseen)
        ticket.unseen = true;
    if (wrote)
        ticket.last_activity = std::max(ticket.last_activity, chat.now);
    if (ticket.subject.empty() && wrote)
        ticket.subject = subject_of(words);
    if (wrote && wrote_in(scene, chat, decision.target, ticket))
        return;
    if (before.unanswered_agent_at != ticket.unanswered_agent_at || before.unseen != ticket.unseen ||
        before.last_activity != ticket.last_activity || before.subject != ticket.subject)
        store::save_ticket(scene.tx, ticket);
}

/// A ticket that its burst has left: merged into where the burst is, or back to solved.
void leave_behind(Scene& scene, Chat const& chat, BurstMove const& move, TicketId target)
{
    auto ticket = move.from ? store::find_ticket(scene.tx, move.from) : std::nullopt;
    if (!ticket || move.leaves == BurstMove::Leaves::as_it_is)
        return;
    store::ChangeBy const by{chat.customer(), chat.now, {}};
    if (move.leaves == BurstMove::Leaves::unopened) {
        change(scene, *ticket, TicketChange::unopened, by);
    } else {
        if (auto const into = store::find_ticket(scene.tx, target))
            store::remember_merge(scene.tx, *ticket, *into, by.now);
        ticket->merged_into = target;
        change(scene, *ticket, TicketChange::merged, by);
        store::tell_merged(scene.tx, event_of(scene, chat, "ticket.merged", chat.customer()),
                           {ticket->id, target, static_cast<int>(move.messages.size())});
    }
    store::drop_timer(scene.tx, ticket->id);
}

struct Moving {
    std::string rule; ///< as in message_placement.rule
    PlacementAction action{PlacementAction::append};
    std::string reason;
};

void move_burst(Scene& scene, Chat const& chat, std::vector<BurstMove> const& moves, TicketId to, Moving moving)
{
    for (auto const& move : moves) {
        for (auto const id : move.messages) {
            store::set_message_ticket(scene.tx, id, to);
            store::Placement row;
            row.message = id;
            row.rule = moving.rule;
            row.action = render_action(moving.action);
            row.from = move.from;
            row.to = to;
            row.reason = moving.reason;
            row.settings_version = scene.policy().settings_version;
            row.actor = chat.customer();
            row.at = chat.now;
            store::insert_placement(scene.tx, row);
            auto event = event_of(scene, chat, "message.placed", chat.customer());
            event.ticket = to;
            event.message = id;
            event.data = {{"rule", moving.rule}, {"action", row.action}, {"from", move.from.value}};
            store::append_event(scene.tx, event);
            moving.action = PlacementAction::append; // only the first one of a burst opens
        }
        leave_behind(scene, chat, move, to);
        store::ask_again(scene.tx, move.from);
    }
}

} // namespace

store::Message inbound_row(Scene const& scene, Chat const& chat, InboundMessage const& message)
{
    store::Message row;
    row.conversation = chat.conversation.id;
    row.account = scene.account.id;
    row.actor = chat.customer();
    row.kind = render_message_kind(message.kind);
    row.text = message.text;
    row.details = message.details;
    row.choice_id = message.choice_id;
    row.external_id = message.id.value;
    if (message.quoted)
        row.quoted_external_id = message.quoted->value;
    row.provider_at = message.sent_at;
    row.received_at = chat.now;
    row.journal = scene.received.journal;
    return row;
}

void attach_sequels(Scene& scene, MessageId id, InboundMessage const& message)
{
    int position = 0;
    auto const fetch_at = scene.now() + (message.history ? history_files_wait : std::chrono::minutes{0});
    for (auto const& media : message.media)
        store::insert_media(scene.tx, id, position++, media, fetch_at);
    apply_parked(scene, id, message.id);
}

void record_placement(Scene& scene, Chat const& chat, MessageId message, TicketId ticket, PlacementDecision const& decision)
{
    store::Placement row;
    row.message = message;
    row.rule = render_rule(decision.rule);
    row.action = render_action(decision.target.action);
    row.to = ticket;
    row.candidates = render_candidates(decision.candidates);
    row.guess = decision.guess;
    row.reason = decision.reason;
    row.settings_version = decision.settings_version;
    row.actor = {ActorKind::system, 0};
    row.at = chat.now;
    store::insert_placement(scene.tx, row);
    auto event = event_of(scene, chat, "message.placed", row.actor);
    event.ticket = ticket;
    event.message = message;
    event.data = {{"rule", row.rule}, {"action", row.action}, {"guess", row.guess}};
    store::append_event(scene.tx, event);
    scene.applied.placed.push_back(row.rule);
}

Landed place(Scene& scene, Chat const& chat, InboundMessage const& message, Understanding const& said,
             PlacementDecision const& decision)
{
    auto const words = message.kind == MessageKind::placeholder ? std::string_view{} : std::string_view{message.text};
    Landed landed;
    landed.ticket = reach(scene, chat, {decision.target, decision.opened_at, words});
    if (landed.ticket && landed.ticket->conversation != chat.conversation.id)
        landed.elsewhere = std::exchange(landed.ticket, std::nullopt);
    if (landed.ticket)
        touch(scene, chat, decision, words, *landed.ticket);
    auto const ticket = landed.ticket ? landed.ticket->id : TicketId{};

    auto row = inbound_row(scene, chat, message);
    row.ticket = ticket;
    row.quoted = said.quoted;
    row.matter = decision.matter;
    row.late = decision.late;
    if (decision.late)
        row.position = position_of_late(store::end_of_screen(scene.tx, chat.conversation.id, looked_through),
                                        believed(message.sent_at, chat.now), said.quoted);
    if (decision.command)
        row.command = render_command(decision.command->command);
    else if (decision.pick)
        row.command = "pick";
    landed.message = store::insert_message(scene.tx, row);
    auto event = event_of(scene, chat, "message.received", chat.customer());
    event.ticket = ticket;
    event.message = landed.message;
    event.data = {{"kind", row.kind}, {"matter", row.matter}, {"late", row.late}};
    store::append_event(scene.tx, event);

    record_placement(scene, chat, landed.message, ticket, decision);
    if (ticket) {
        move_burst(scene, chat, decision.moves, ticket,
                   {std::string{render_rule(decision.rule)}, PlacementAction::append, "goes along with its burst"});
        arm(scene, ticket, decision.acknowledgement);
    }
    return landed;
}

std::optional<store::Ticket> carry_pick(Scene& scene, Chat const& chat, PickDecision const& pick)
{
    if (pick.result != PickDecision::Result::moved && pick.result != PickDecision::Result::kept)
        return std::nullopt;
    std::string words;
    if (!pick.moves.empty() && !pick.moves.front().messages.empty())
        if (auto const first = store::find_message(scene.tx, pick.moves.front().messages.front()))
            words = first->text;
    auto ticket = reach(scene, chat, {pick.target, pick.opened_at, words});
    if (!ticket || pick.result == PickDecision::Result::kept)
        return ticket;
    ticket->unseen = true;
    ticket->last_activity = std::max(ticket->last_activity, chat.now);
    if (!wrote_in(scene, chat, pick.target, *ticket))
        store::save_ticket(scene.tx, *ticket);
    move_burst(scene, chat, pick.moves, ticket->id, {"pick", pick.target.action, "picked by the customer"});
    arm(scene, ticket->id, pick.acknowledgement);
    return ticket;
}

} // namespace deskbridge::flow
