#include "contact_notes.hpp"

#include "deskbridge/store/message.hpp"

namespace deskbridge::flow {
namespace {

struct Told {
    std::string_view purpose;
    std::string const& text;
    Timestamp at;
};

/// In the ticket that is being worked on; if there is none, in the chat alone.
void note(Scene& scene, store::Conversation const& conversation, Told const& told)
{
    auto const ticket = latest_live(scene.tx, conversation.id);
    store::Message note;
    note.conversation = conversation.id;
    note.ticket = ticket ? ticket->id : TicketId{};
    note.account = conversation.account;
    note.direction = store::Direction::note;
    note.actor = {ActorKind::system, 0};
    note.purpose = told.purpose;
    note.text = told.text;
    note.provider_at = told.at;
    note.received_at = scene.now();
    note.matter = false;
    note.journal = scene.received.journal;
    auto const id = store::insert_message(scene.tx, note);
    store::append_event(scene.tx, {.type = "message.noted",
                                   .at = scene.now(),
                                   .account = conversation.account,
                                   .contact = conversation.contact,
                                   .conversation = conversation.id,
                                   .ticket = note.ticket,
                                   .message = id,
                                   .data = {{"purpose", told.purpose}}});
}

/// The provider's words; where it has none, ours.
std::string words_of(IdentityChange const& change)
{
    if (!change.text.empty())
        return change.text;
    if (!change.group.empty())
        return "The group has another id at the provider now. What was said before was said in it.";
    if (change.current.empty())
        return "The provider says that their security code changed: it may be a new phone, or somebody else with their number.";
    return "The provider says that they have another address now. It is the same person: what was said before is theirs.";
}

} // namespace

void note_identity_change(Scene& scene, ContactId contact, IdentityChange const& change)
{
    auto const text = words_of(change);
    for (auto const& conversation : store::conversations_of(scene.tx, contact))
        if (conversation.account == scene.account.id)
            note(scene, conversation, {"identity_changed", text, change.at});
}

void note_identity_change(Scene& scene, ConversationId conversation, IdentityChange const& change)
{
    auto const text = words_of(change);
    if (auto const chat = store::find_conversation(scene.tx, conversation))
        note(scene, *chat, {"identity_changed", text, change.at});
}

void note_news(Scene& scene)
{
    for (auto const& news : scene.news) {
        auto const contact = store::find_contact(scene.tx, news.contact); // it may have become part of another since
        for (auto const& conversation : store::conversations_of(scene.tx, contact ? contact->id : news.contact))
            note(scene, conversation, {news.purpose, news.text, scene.now()});
    }
}

} // namespace deskbridge::flow
