#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace deskbridge::store {

/// Every type that the event log knows. Each has its meaning and the keys of its `data` in
/// schemas/json/event-types.json; a test compares the two. Types are never renamed or reused: outside readers rely on them.
inline constexpr auto event_types = std::to_array<std::string_view>({
    "account.added",
    "account.changed",
    "account.check_requested",
    "account.health_changed",
    "account.paused",
    "account.resumed",
    "account.unconfigured",
    "agent.added",
    "agent.changed",
    "agent.disabled",
    "agent.enabled",
    "attachment.brought",
    "attachment.discarded",
    "attachment.failed",
    "attachment.fetched",
    "attachment.requested",
    "clock.set_back",
    "contact.added",
    "contact.changed",
    "contact.identity_added",
    "contact.identity_moved",
    "contact.marketing_changed",
    "contact.merged",
    "conversation.opened",
    "daemon.started",
    "daemon.stopped",
    "free_entry.closed",
    "free_entry.opened",
    "intent.accepted",
    "intent.cancelled",
    "intent.expired",
    "intent.held",
    "intent.kept",
    "intent.queued",
    "intent.receipt",
    "intent.refused",
    "intent.retry_wait",
    "intent.unknown",
    "message.deleted",
    "message.duplicated",
    "message.edited",
    "message.noted",
    "message.placed",
    "message.queued",
    "message.reacted",
    "message.received",
    "message.withheld",
    "notice.received",
    "offer.made",
    "offer.picked",
    "shelf.added",
    "shelf.resolved",
    "store.restored",
    "template.changed",
    "template.sync_requested",
    "template.synced",
    "ticket.acknowledged",
    "ticket.assigned",
    "ticket.merged",
    "ticket.opened",
    "ticket.reopened",
    "ticket.seen",
    "ticket.status_changed",
    "ticket.unmerged",
    "window.closed",
    "window.closing",
    "window.opened",
});

/// The name of a known type; any other name does not compile.
class EventType {
public:
    consteval EventType(char const* name) : name_{name}
    {
        if (std::find(event_types.begin(), event_types.end(), name_) == event_types.end())
            throw "not in event_types: add it there and to schemas/json/event-types.json";
    }
    [[nodiscard]] constexpr std::string_view name() const noexcept { return name_; }

private:
    std::string_view name_;
};

} // namespace deskbridge::store
