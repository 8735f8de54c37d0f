#include "sequel.hpp"

#include "facts.hpp"

#include "deskbridge/store/message.hpp"

namespace deskbridge::flow {
namespace {

store::NewEvent event_about(Scene const& scene, store::Message const& message, store::EventType type, Actor actor)
{
    return {.type = type,
            .at = scene.now(),
            .actor = actor,
            .account = scene.account.id,
            .conversation = message.conversation,
            .ticket = message.ticket,
            .message = message.id};
}

Actor author(bool from_business)
{
    return {from_business ? ActorKind::phone_app : ActorKind::customer, 0};
}

void react(Scene& scene, store::Message const& message, store::StoredReaction const& reaction)
{
    store::set_reaction(scene.tx, message.id, reaction);
    auto event = event_about(scene, message, "message.reacted", author(reaction.actor == "phone_app"));
    event.data = {{"removed", reaction.emoji.empty()}};
    store::append_event(scene.tx, event);
}

/// R0: shown with its message; what changes a solved ticket makes it unseen.
void mark_unseen(Scene& scene, store::Message const& message)
{
    auto ticket = message.ticket ? store::find_ticket(scene.tx, message.ticket) : std::nullopt;
    if (!ticket)
        return;
    ThreadingFacts facts;
    facts.message.nature = Nature::revision;
    facts.message.sent_at = facts.message.received_at = scene.now();
    facts.message.target_ticket = ticket->id;
    facts.tickets.push_back(threading_ticket(scene, *ticket, false));
    if (!decide_placement(facts, scene.policy()).marks_unseen || ticket->unseen)
        return;
    ticket->unseen = true;
    store::save_ticket(scene.tx, *ticket);
}

/// An edit never brings back what was deleted, nor replaces a later edit.
bool overtaken(store::Message const& message, store::Revised const& revised)
{
    if (message.deleted_at)
        return true;
    return revised.kind == "edit" && message.edited_at && *message.edited_at > revised.provider_at;
}

void revise(Scene& scene, store::Message const& message, store::Revised const& revised, bool from_business)
{
    bool const ours = message.direction == store::Direction::out;
    if (ours != from_business || overtaken(message, revised))
        return;
    store::revise_message(scene.tx, revised);
    bool const deletion = revised.kind == "deletion";
    auto event = event_about(scene, message, "message.edited", author(from_business));
    if (deletion)
        event.type = "message.deleted";
    store::append_event(scene.tx, event);
    if (!from_business)
        mark_unseen(scene, message);
}

std::optional<store::Message> find_target(Scene& scene, ExternalMessageId const& target)
{
    auto const id = store::find_message_sent_as(scene.tx, scene.account.id, target.value);
    return id ? store::find_message(scene.tx, *id) : std::nullopt;
}

} // namespace

void apply_reaction(Scene& scene, Reaction const& reaction)
{
    store::StoredReaction const set{reaction.from_business ? "phone_app" : "customer", reaction.emoji, reaction.sent_at};
    if (auto const message = find_target(scene, reaction.target))
        react(scene, *message, set);
    else
        store::park(scene.tx, {scene.account.id, reaction.target.value, "reaction", set.actor, set.emoji, set.provider_at,
                               scene.now()});
}

void apply_revision(Scene& scene, Revision const& revision)
{
    std::string const kind = revision.kind == Revision::Kind::edit ? "edit" : "deletion";
    if (auto const message = find_target(scene, revision.target))
        revise(scene, *message, {message->id, kind, revision.text, revision.sent_at, scene.now()}, revision.from_business);
    else
        store::park(scene.tx, {scene.account.id, revision.target.value, kind, revision.from_business ? "phone_app" : "customer",
                               revision.text, revision.sent_at, scene.now()});
}

void apply_parked(Scene& scene, MessageId id, ExternalMessageId const& external)
{
    for (auto const& parked : store::take_parked(scene.tx, scene.account.id, external.value)) {
        auto const message = store::find_message(scene.tx, id);
        if (!message)
            return;
        if (parked.kind == "reaction")
            react(scene, *message, {parked.actor, parked.text, parked.provider_at});
        else
            revise(scene, *message, {id, parked.kind, parked.text, parked.provider_at, parked.received_at},
                   parked.actor == "phone_app");
    }
}

} // namespace deskbridge::flow
