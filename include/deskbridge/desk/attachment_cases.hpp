#pragma once

#include "deskbridge/core/ids.hpp"
#include "deskbridge/desk/caller.hpp"
#include "deskbridge/store/attachment.hpp"
#include "deskbridge/store/outgoing_file.hpp"
#include "deskbridge/store/ticket_view.hpp"

/// Files of messages, named by their number. They are read by whoever may read their ticket.
namespace deskbridge::desk {

/// A file that lies in the media folder already gets its number, so that a reply can name it; the number stays when it has become an
/// attachment of that reply. `client_key` as in use_cases.hpp. Errors: malformed (an empty file), conflict (the key was used for another).
struct BringFile {
    static constexpr Rule rule = Rule::any_agent;
    static constexpr bool reads = false;
    using Answer = store::BroughtFile;
    std::string file_name{}; ///< as the agent's machine has it; a path before it is dropped
    std::string mime_type{}; ///< as announced
    store::KeptFile file{};
    std::string client_key{};
};

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
