#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>

namespace deskbridge {

/// A row's identity in our own store; 0 is no row.
template <class Tag>
struct Id {
    std::int64_t value{0};
    friend auto operator<=>(Id const&, Id const&) = default;
    [[nodiscard]] explicit operator bool() const noexcept { return value != 0; }
};

using AccountId = Id<struct AccountTag>;
using AgentId = Id<struct AgentTag>;
using ContactId = Id<struct ContactTag>;
using ConversationId = Id<struct ConversationTag>;
using TicketId = Id<struct TicketTag>; ///< also the ticket's number: #1042
using MessageId = Id<struct MessageTag>;
using IntentId = Id<struct IntentTag>;
using JournalId = Id<struct JournalTag>;
using ShelfId = Id<struct ShelfTag>;
using EventSeq = Id<struct EventTag>; ///< position in the event log

/// The provider's id of a message; only the adapter that made it may look inside.
struct ExternalMessageId {
    std::string value;
    friend auto operator<=>(ExternalMessageId const&, ExternalMessageId const&) = default;
};

} // namespace deskbridge

template <class Tag>
struct std::hash<deskbridge::Id<Tag>> {
    std::size_t operator()(deskbridge::Id<Tag> const& id) const noexcept { return std::hash<std::int64_t>{}(id.value); }
};
