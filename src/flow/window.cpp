#include "window.hpp"

#include "automatic.hpp"

#include "deskbridge/core/reply_window.hpp"

#include <algorithm>

namespace deskbridge::flow {
namespace {

void tell_window_opened(Scene& scene, Chat& chat, Timestamp ends_at)
{
    chat.conversation.window_opened_at = scene.now();
    chat.conversation.window_told_at.reset();
    auto event = event_of(scene, chat, "window.opened", chat.customer());
    event.data = {{"ends_at", render_rfc3339(ends_at)}};
    store::append_event(scene.tx, event);
}

/// Answers go from now on where no window is needed: there is no deadline any more.
void end_window(Scene& scene, store::Conversation& conversation)
{
    if (!conversation.window_opened_at)
        return;
    tell_window_closed(scene, conversation, scene.now());
    conversation.window_opened_at.reset();
    conversation.window_told_at.reset();
}

} // namespace

void tell_window_closed(Scene& scene, store::Conversation const& conversation, Timestamp ends_at)
{
    store::close_window(scene.tx, conversation.id);
    store::NewEvent event{.type = "window.closed",
                          .at = scene.now(),
                          .account = scene.account.id,
                          .contact = conversation.contact,
                          .conversation = conversation.id};
    event.data = {{"ends_at", render_rfc3339(ends_at)}};
    store::append_event(scene.tx, event);
}

void prolong_window(Scene& scene, Chat& chat, InboundMessage const& message)
{
    if (!message.opens_no_window)
        prolong_window(scene, chat, message.sent_at);
}

void prolong_window(Scene& scene, Chat& chat, Timestamp sent_at)
{
    auto& conversation = chat.conversation;
    auto const from = window_from(sent_at, scene.now());
    if (conversation.window_from && *conversation.window_from >= from)
        return;
    auto const length = reply_window(scene, conversation);
    ReplyWindow const before{conversation.window_from, length};
    ReplyWindow const window{from, length};
    conversation.window_from = from;
    if (length == std::chrono::seconds::zero())
        return end_window(scene, conversation);
    auto const ends_at = window.closes_at();
    if (!ends_at || !window.open_at(scene.now()))
        return;
    bool const was_open = before.open_at(scene.now());
    if (was_open && conversation.window_opened_at)
        return;
    if (conversation.window_opened_at)
        tell_window_closed(scene, conversation, before.closes_at().value_or(scene.now()));
    tell_window_opened(scene, chat, *ends_at);
}

void save_inbound(Scene& scene, Chat& chat)
{
    auto& last = chat.conversation.last_inbound;
    last = std::max(last.value_or(scene.now()), scene.now());
    store::save_inbound(scene.tx, chat.conversation);
}

} // namespace deskbridge::flow
