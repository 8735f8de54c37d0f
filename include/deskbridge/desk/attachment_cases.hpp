#pragma once

#include "deskbridge/core/ids.hpp"
#include "deskbridge/desk/caller.hpp"
#include "deskbridge/store/attachment.hpp"
#include "deskbridge/store/ticket_view.hpp"

/// Files that came with messages. They are read by whoever may read their ticket.
namespace deskbridge::desk {

/// Errors: not_found (no such message, or it has no such file), conflict (it is not here; detail says why).
struct OpenAttachment {
    static constexpr Rule rule = Rule::any_agent;
    static constexpr bool reads = true;
    using Answer = store::Attachment;
    MessageId message{};
    int number{0}; ///< among the message's files, from 1
};

/// Fetched anew, now, after it failed or while it waits. Answers the message. Errors: conflict (it is here; its account is not
/// configured any more).
struct FetchAgain {
    static constexpr Rule rule = Rule::any_agent;
    static constexpr bool reads = false;
    using Answer = store::TimelineItem;
    MessageId message{};
    int number{0};
};

} // namespace deskbridge::desk
