#include "automatic.hpp"

#include "deskbridge/core/acknowledgement.hpp"
#include "deskbridge/core/reply_window.hpp"
#include "deskbridge/store/message.hpp"
#include "deskbridge/store/outbox.hpp"

namespace deskbridge::flow {

bool window_open(channel::AccountContext const& account, store::Conversation const& conversation, Timestamp now)
{
    auto const window = account.adapter->capabilities(account.account).reply_window;
    return ReplyWindow{conversation.window_from, window}.open_at(now);
}

MessageId queue_automatic(Scene& scene, AutomaticText const& text)
{
    auto const withhold = [&scene](std::string_view reason) {
        scene.applied.withheld.emplace_back(reason);
        return MessageId{};
    };
    auto const conversation = store::find_conversation(scene.tx, text.conversation);
    if (!conversation || !conversation->contact)
        return withhold("group");
    if (!window_open(scene.account, *conversation, scene.now()))
        return withhold("window_closed");
    auto const lately = store::automatic_since(scene.tx, conversation->contact, scene.now() - std::chrono::hours{1});
    if (!text.consent && !within_cap(lately, scene.policy()))
        return withhold("capped");
    auto const can = scene.account.adapter->capabilities(scene.account.account);
    store::Outgoing out;
    out.conversation = text.conversation;
    out.ticket = text.ticket;
    out.account = scene.account.id;
    out.message_class = text.message_class;
    out.purpose = text.purpose;
    out.shown = text.content;
    out.parts = scene.account.adapter->plan(text.content, can);
    out.now = scene.now();
    out.supersedes_key = text.supersedes_key;
    out.quoted = text.answers;
    auto const message = store::queue_message(scene.tx, out);
    scene.applied.queued = true;
    return message;
}

} // namespace deskbridge::flow
