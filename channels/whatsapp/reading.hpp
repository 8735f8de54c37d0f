#pragma once

#include "ids.hpp"
#include "people.hpp"

#include "deskbridge/channel/adapter.hpp"
#include "deskbridge/channel/reading.hpp"

namespace deskbridge::whatsapp {

using channel::Collector;
using channel::render_details;

/// One `changes[]` item on its way through the readers of its parts.
struct Change {
    Json const& value;          ///< its "value": an object
    std::string field;          ///< its "field"
    std::string waba_id;        ///< `id` of the entry it came in
    std::string entry_time;     ///< `time` of that entry as it stands there; "" if it has none
    std::string account_number; ///< the phone number id it names; "" if it names none
    Timestamp at;               ///< of the entry, if it says so, else of receipt
    People people;
    bool standby{false};        ///< another app of the number has the chats in it
};

/// Reads `messages[]` and `message_echoes[]` of a value. Source: developers.facebook.com, WhatsApp "messages webhook
/// reference" and "smb_message_echoes webhook reference" (2026-08).
void read_messages(Change const& change, Collector& into);
void read_echoes(Change const& change, Collector& into);

/// Reads the chats of a number's `history`, which come once, when it is connected while it stays in the phone app. Source: developers.
/// facebook.com, WhatsApp "history webhook reference" (2026-05-21): files are placeholders there, and "additional history webhooks" bring the
/// ids of those of the last 14 days. The page does not show one, so both forms are read: the message in its chat again, with its file; and
/// as an item of `messages`, as in every other field.
void read_history(Change const& change, Collector& into);

/// Reads what is said in chats that another app of the number has. Source: developers.facebook.com, WhatsApp "standby webhook reference"
/// (2026-08).
void read_standby(Change const& change, Collector& into);

/// A call that a customer made, once, whichever of its events comes first. False: it is none. Source: developers.facebook.com, WhatsApp
/// "User-initiated calls" (2026-08).
[[nodiscard]] bool read_call(Json const& item, Change const& change, Collector& into);

/// Reads `statuses[]`. Source: the same, "status messages" (2026-08).
void read_statuses(Change const& change, Collector& into);

/// Reads every other field: recorded as notices, and address changes as such.
void read_other_field(Change const& change, Collector& into);
/// What stands beside messages and statuses in a value: errors of the account, clicks, summaries.
void read_account_parts(Change const& change, Collector& into);

/// The whole body. Errors: malformed (not JSON, no object, of another product, nothing readable in it).
[[nodiscard]] Result<channel::Intake> read_webhook(channel::Hook const& hook, std::string_view body, Timestamp received_at);

} // namespace deskbridge::whatsapp
