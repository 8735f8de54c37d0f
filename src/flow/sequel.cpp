#include "sequel.hpp"

#include "facts.hpp"
#include "people.hpp"

#include "deskbridge/core/sequel.hpp"
#include "deskbridge/store/journal.hpp"
#include "deskbridge/store/message.hpp"
#include "deskbridge/store/shelf.hpp"

#include <algorithm>

namespace deskbridge::flow {
namespace {

using store::Parked;

constexpr std::string_view customer = "customer";
constexpr std::string_view phone_app = "phone_app";

SequelFacts::Kind kind_of(Parked const& sequel)
{
    if (sequel.kind == "reaction")
        return SequelFacts::Kind::reaction;
    return sequel.kind == "edit" ? SequelFacts::Kind::edit : SequelFacts::Kind::deletion;
}

bool contains(std::vector<ContactId> const& ids, ContactId id)
{
    return id && std::find(ids.begin(), ids.end(), id) != ids.end();
}

/// Is the message one that this event may change? "" if so, else why not.
std::string_view why_not(Scene& scene, store::Message const& message, Parked const& sequel)
{
    auto const chat = store::find_conversation(scene.tx, message.conversation);
    auto const sender = known_as(scene, sequel.sender);
    bool const by_customer = message.direction == store::Direction::in && message.actor.kind == ActorKind::customer;
    auto const author = by_customer ? store::find_contact(scene.tx, ContactId{message.actor.id}) : std::nullopt;
    SequelFacts facts;
    facts.kind = kind_of(sequel);
    facts.same_chat = chat && chat->group == sequel.group && (!chat->group.empty() || contains(sender, chat->contact));
    facts.from_business = sequel.actor == phone_app;
    facts.by_customer = by_customer;
    facts.typed_on_phone = message.direction == store::Direction::out && message.actor.kind == ActorKind::phone_app;
    facts.by_sender = author && contains(sender, author->id);
    return why_no_sequel(facts);
}

store::NewEvent event_about(Scene const& scene, store::Message const& message, store::EventType type, Parked const& sequel)
{
    return {.type = type,
            .at = scene.now(),
            .actor = {sequel.actor == phone_app ? ActorKind::phone_app : ActorKind::customer, 0},
            .account = scene.account.id,
            .conversation = message.conversation,
            .ticket = message.ticket,
            .message = message.id};
}

bool is_by_member(Parked const& sequel)
{
    return sequel.actor == customer && !sequel.group.empty() && !sequel.sender.empty();
}

/// In a group everybody has a reaction of their own.
std::string reacting_as(Scene& scene, store::Message const& message, Parked const& sequel)
{
    if (!is_by_member(sequel))
        return sequel.actor;
    auto const known = known_as(scene, sequel.sender);
    auto const contact = known.empty() ? resolve_writer(scene, {sequel.sender, {}, {}}).id : known.back();
    if (sequel.journal)
        store::link_journal_contact(scene.tx, sequel.journal, contact);
    return store::reacting_as(scene.tx, message.id, contact);
}

void react(Scene& scene, store::Message const& message, Parked const& sequel)
{
    auto const actor = reacting_as(scene, message, sequel);
    store::set_reaction(scene.tx, message.id, {actor, sequel.text, believed(sequel.provider_at, sequel.received_at)});
    auto event = event_about(scene, message, "message.reacted", sequel);
    event.data = {{"removed", sequel.text.empty()}};
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
bool overtaken(store::Message const& message, Parked const& sequel)
{
    if (message.deleted_at)
        return true;
    return sequel.kind == "edit" && message.edited_at &&
           *message.edited_at > believed(sequel.provider_at, sequel.received_at);
}

/// A file that an edit put in another's place stands beside it: what was sent first is not taken away.
void add_files(Scene& scene, MessageId message, std::vector<MediaReference> const& files)
{
    auto const known = store::media_of(scene.tx, message);
    auto position = static_cast<int>(known.size());
    for (auto const& file : files)
        if (std::none_of(known.begin(), known.end(), [&](auto const& one) { return one.reference.external_id == file.external_id; }))
            store::insert_media(scene.tx, message, position++, file, scene.now());
}

void revise(Scene& scene, store::Message const& message, Parked const& sequel, std::vector<MediaReference> const& files)
{
    if (overtaken(message, sequel))
        return;
    add_files(scene, message.id, files);
    store::revise_message(scene.tx, {message.id, sequel.kind, sequel.text, sequel.provider_at, sequel.received_at});
    bool const deletion = sequel.kind == "deletion";
    auto event = event_about(scene, message, "message.edited", sequel);
    if (deletion)
        event.type = "message.deleted";
    store::append_event(scene.tx, event);
    if (sequel.actor == customer)
        mark_unseen(scene, message);
}

void carry_out(Scene& scene, store::Message const& message, Parked const& sequel, std::vector<MediaReference> const& files = {})
{
    if (sequel.kind == "reaction")
        react(scene, message, sequel);
    else
        revise(scene, message, sequel, files);
}

/// What both kinds of events have in common. It takes effect at once if its message is here, else it waits.
template <class Event>
void apply(Scene& scene, Event const& event, std::string kind, std::string text, std::vector<MediaReference> const& files = {})
{
    Parked const sequel{scene.account.id,
                        event.target.value,
                        std::move(kind),
                        std::string{event.from_business ? phone_app : customer},
                        event.sender.addresses,
                        event.group,
                        std::move(text),
                        event.sent_at,
                        scene.now(),
                        scene.received.journal,
                        std::string{scene.received.event_key}};
    auto const id = store::find_message_sent_as(scene.tx, scene.account.id, event.target.value);
    auto const message = id ? store::find_message(scene.tx, *id) : std::nullopt;
    if (!message) {
        store::park(scene.tx, sequel);
        return;
    }
    if (auto const why = why_not(scene, *message, sequel); !why.empty())
        throw store::Rollback{{Fault::forbidden, std::string{why}}};
    if (is_by_member(sequel))
        (void)resolve_writer(scene, event.sender); // who only reacts has a name, too
    carry_out(scene, *message, sequel, files);
}

/// The message itself is not to blame: it stays, and what had waited for it goes where it would have gone.
void refuse(Scene& scene, Parked const& sequel, std::string_view why)
{
    ++scene.applied.refused;
    if (!sequel.journal)
        return;
    store::set_event_shelved(scene.tx, sequel.account, sequel.event_key, true);
    store::put_on_shelf(scene.tx, {sequel.journal, sequel.account, sequel.event_key, store::ShelfReason::effect_failed, why,
                                   scene.now()});
}

} // namespace

void apply_reaction(Scene& scene, Reaction const& reaction)
{
    apply(scene, reaction, "reaction", reaction.emoji);
}

void apply_revision(Scene& scene, Revision const& revision)
{
    apply(scene, revision, revision.kind == Revision::Kind::edit ? "edit" : "deletion", revision.text, revision.media);
}

void apply_parked(Scene& scene, MessageId id, ExternalMessageId const& external)
{
    for (auto const& parked : store::take_parked(scene.tx, scene.account.id, external.value)) {
        auto const message = store::find_message(scene.tx, id);
        if (!message)
            return;
        if (auto const why = why_not(scene, *message, parked); !why.empty())
            refuse(scene, parked, why);
        else
            carry_out(scene, *message, parked);
    }
}

} // namespace deskbridge::flow
