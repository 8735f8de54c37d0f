#pragma once

#include "ids.hpp"
#include "people.hpp"

#include "deskbridge/channel/adapter.hpp"

namespace deskbridge::whatsapp {

/// Collects the events of one body, and what could not be read, so that one bad part never loses its siblings.
class Collector {
public:
    Collector(channel::Hook const& hook, Timestamp received_at) : hook_{hook}, received_at_{received_at} {}

    void add(std::string account_number, std::string key, EventBody body);
    /// A notice about the account, the chat or a template. Its key is the hash of what makes it different from others.
    void notice(std::string account_number, ChannelNotice body, std::string_view hash);
    void unreadable(std::string account_number, Json const& node, std::string_view why);

    [[nodiscard]] channel::Hook const& hook() const noexcept { return hook_; }
    [[nodiscard]] Timestamp received_at() const noexcept { return received_at_; }
    /// Errors: malformed (there was something, and none of it could be read).
    [[nodiscard]] Result<channel::Intake> finish() &&;

private:
    channel::Hook const& hook_;
    Timestamp received_at_;
    std::vector<InboundEvent> events_;
    std::size_t unread_{0};
    std::string first_reason_;
};

/// One `changes[]` item on its way through the readers of its parts.
struct Change {
    Json const& value;          ///< its "value": an object
    std::string field;          ///< its "field"
    std::string waba_id;        ///< `id` of the entry it came in
    std::string entry_time;     ///< `time` of that entry as it stands there; "" if it has none
    std::string account_number; ///< the phone number id it names; "" if it names none
    Timestamp at;               ///< of the entry, if it says so, else of receipt
    People people;
};

/// The details of a notice: the node as JSON, or only its size when it is too big to keep beside the journal.
[[nodiscard]] std::string render_details(Json const& details);

/// Reads `messages[]` and `message_echoes[]` of a value. Source: developers.facebook.com, WhatsApp "messages webhook
/// reference" and "smb_message_echoes webhook reference" (2026-08).
void read_messages(Change const& change, Collector& into);
void read_echoes(Change const& change, Collector& into);

/// Reads `statuses[]`. Source: the same, "status messages" (2026-08).
void read_statuses(Change const& change, Collector& into);

/// Reads every other field: recorded as notices, and address changes as such.
void read_other_field(Change const& change, Collector& into);
/// What stands beside messages and statuses in a value: errors of the account, clicks, summaries.
void read_account_parts(Change const& change, Collector& into);

/// The whole body. Errors: malformed (not JSON, no object, of another product, nothing readable in it).
[[nodiscard]] Result<channel::Intake> read_webhook(channel::Hook const& hook, std::string_view body, Timestamp received_at);

} // namespace deskbridge::whatsapp
