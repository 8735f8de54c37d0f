#pragma once

#include <string_view>

namespace deskbridge {

/// An edit, a deletion or a reaction, beside the message that it is about.
struct SequelFacts {
    enum class Kind { edit, deletion, reaction };
    Kind kind{Kind::edit};
    bool same_chat{false};      ///< it came out of the chat (or group) that the message stands in
    bool from_business{false};  ///< done on the business's own phone
    bool by_customer{false};    ///< the message is a customer's
    bool typed_on_phone{false}; ///< the message was typed on the business's own phone
    bool by_sender{false};      ///< the message is of the very person that the event names
};

/// Why it must not take effect, for the operator and without names; "" if it may.
///
/// Whoever knows the id of a message could claim to change it. A text is changed by who wrote it, and reacted to by those
/// who can see it. What we sent by ourselves has been told through the provider, and nobody changes that from outside.
///
/// Errors:  none. Threads: pure; any thread.
[[nodiscard]] std::string_view why_no_sequel(SequelFacts const& facts) noexcept;

} // namespace deskbridge
