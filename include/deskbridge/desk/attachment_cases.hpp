#pragma once

#include "deskbridge/core/ids.hpp"
#include "deskbridge/desk/caller.hpp"
#include "deskbridge/store/attachment.hpp"
#include "deskbridge/store/ticket_view.hpp"

/// Files that came with messages, named by their number. They are read by whoever may read their ticket.
namespace deskbridge::desk {

/// Errors: not_found (no such file), conflict (it is not here; detail says why).
struct OpenAttachment {
    static constexpr Rule rule = Rule::any_agent;
    static constexpr bool reads = true;
    using Answer = store::Attachment;
    std::int64_t attachment{0};
};

/// Fetched anew, now, after it failed or while it waits. Answers its message. Errors: not_found, conflict (it is here; its account is not
/// configured any more).
struct RetryAttachment {
    static constexpr Rule rule = Rule::any_agent;
    static constexpr bool reads = false;
    using Answer = store::TimelineItem;
    std::int64_t attachment{0};
};

} // namespace deskbridge::desk
