#include "automatic.hpp"

#include "deskbridge/core/acknowledgement.hpp"
#include "deskbridge/core/reply_window.hpp"
#include "deskbridge/store/message.hpp"
#include "deskbridge/store/outbox.hpp"

namespace deskbridge::flow {

WindowRules const& reply_windows(Scene& scene)
{
    if (!scene.windows)
        scene.windows = scene.account.adapter->capabilities(scene.account.account).reply_window;
    return *scene.windows;
}

std::chrono::seconds reply_window(Scene& scene, store::Conversation const& conversation)
{
    return reply_windows(scene).of(conversation.address);
}

bool window_open(Scene& scene, store::Conversation const& conversation)
{
    return ReplyWindow{conversation.window_from, reply_window(scene, conversation)}.open_at(scene.now());
}

namespace {

std::optional<Withholding> objection(Scene& scene, AutomaticText const& text, store::Conversation const& conversation)
{
    if (!conversation.contact)
        return Withholding::group;
    if (!text.content.template_call && !window_open(scene, conversation))
        return Withholding::window_closed;
    if (text.consent)
        return std::nullopt;
    auto const lately = store::automatic_since(scene.tx, conversation.contact, scene.now() - std::chrono::hours{1});
    bool const enough = text.message_class == MessageClass::answer ? !may_answer(lately.answers, scene.policy())
                                                                   : !within_cap(lately.notices, scene.policy());
    return enough ? std::optional{Withholding::capped} : std::nullopt;
}

MessageId withhold(Scene& scene, AutomaticText const& text, ContactId contact, Withholding why)
{
    scene.applied.withheld.emplace_back(render_withholding(why));
    tell_withheld(scene.tx, {.type = "message.withheld", .at = scene.now(), .account = scene.account.id, .contact = contact}, text, why);
    return {};
}

store::Outgoing outgoing(Scene const& scene, AutomaticText const& text)
{
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
    return out;
}

} // namespace

void tell_withheld(store::Tx& tx, store::NewEvent event, AutomaticText const& text, Withholding why)
{
    event.type = "message.withheld";
    event.conversation = text.conversation;
    event.ticket = text.ticket;
    event.data = {{"class", render_message_class(text.message_class)}, {"purpose", text.purpose}, {"reason", render_withholding(why)}};
    store::append_event(tx, event);
}

MessageId queue_automatic(Scene& scene, AutomaticText const& text)
{
    auto const conversation = store::find_conversation(scene.tx, text.conversation);
    auto const why = conversation ? objection(scene, text, *conversation) : Withholding::group;
    if (why)
        return withhold(scene, text, conversation ? conversation->contact : ContactId{}, *why);
    MessageId message;
    auto const queued = scene.tx.nested([&](store::Tx& tx) { message = store::queue_message(tx, outgoing(scene, text)); });
    if (!queued) {
        scene.applied.failures.push_back(queued.error().detail);
        return withhold(scene, text, conversation->contact, Withholding::failed);
    }
    scene.applied.queued = true;
    return message;
}

} // namespace deskbridge::flow
