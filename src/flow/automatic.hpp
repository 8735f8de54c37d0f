#pragma once

#include "scene.hpp"

#include "deskbridge/core/intent.hpp"
#include "deskbridge/core/withholding.hpp"

#include <optional>
#include <string>

namespace deskbridge::flow {

/// A text that we send by ourselves.
struct AutomaticText {
    ConversationId conversation;
    TicketId ticket;
    MessageClass message_class{MessageClass::answer};
    std::string purpose;
    OutboundContent content;
    std::optional<std::string> supersedes_key;
    MessageId answers;   ///< the customer's message that it answers
    bool consent{false}; ///< confirms a change of consent: goes out however many answers there were
};

/// Plans and queues it under a savepoint of its own, unless the contact has had enough for this hour or the reply window is closed for it: then the reason
/// goes to the event log and to `Applied::withheld`, and the answer is no message. The same if it fails: a text of ours that
/// cannot be made must not take along what the customer's message changed.
MessageId queue_automatic(Scene& scene, AutomaticText const& text);

/// Tells the event log that a text was due and did not go out. `event` says whom and which ticket it was about.
void tell_withheld(store::Tx& tx, store::NewEvent event, AutomaticText const& text, Withholding why);

/// May the account write to this conversation without a template?
[[nodiscard]] bool window_open(Scene& scene, store::Conversation const& conversation);
/// How long the channel's reply windows are; it is asked once for an event.
[[nodiscard]] WindowRules const& reply_windows(Scene& scene);
/// How long the conversation's is.
[[nodiscard]] std::chrono::seconds reply_window(Scene& scene, store::Conversation const& conversation);

} // namespace deskbridge::flow
