#include "people.hpp"

#include "deskbridge/core/our_time.hpp"

namespace deskbridge::flow {

Chat enter_chat(Scene& scene, Sender const& sender)
{
    return enter_chat(scene, resolve_contact(scene, sender));
}

Chat enter_chat(Scene& scene, store::Contact contact)
{
    Chat chat{std::move(contact), {}, scene.now()};
    if (auto known = store::find_conversation(scene.tx, scene.account.id, chat.contact.id)) {
        chat.conversation = std::move(*known);
        return chat;
    }
    auto const id = store::insert_conversation(scene.tx, scene.account.id, chat.contact.id, scene.now());
    chat.conversation = *store::find_conversation(scene.tx, id);
    store::append_event(scene.tx, event_of(scene, chat, "conversation.opened", chat.customer()));
    return chat;
}

void tell_time(Scene& scene, Chat& chat, Timestamp told)
{
    if (told > scene.now()) // else our clock cannot be known to be behind
        chat.now = our_time(scene.now(), told, store::latest_moment(scene.tx, chat.conversation.id));
}

} // namespace deskbridge::flow
