#pragma once

#include "payloads.hpp"

namespace deskbridge::simulator {

// News of other fields than `messages`. Source: Meta, WhatsApp Business Platform, "Webhooks", read 2026-10.

/// An element of a field's list. `contact`: null for none.
[[nodiscard]] Update listed_update(Number const& number, std::string field, std::string array, Json item, Json contact = {});

/// A call of the customer's that begins, or with `duration` one that is over.
[[nodiscard]] Update call_update(Number const& number, Person const& customer, std::string const& call_id, Timestamp now,
                                 std::optional<std::chrono::seconds> duration);
/// Marketing is not wanted any more (`stop`), or again (`resume`).
[[nodiscard]] Update preference_update(Number const& number, Person const& customer, std::string const& value, Timestamp now);
/// The conversation has another owner: another app (`control_passed`), or this one again (`control_taken`).
[[nodiscard]] Update handover_update(Number const& number, Person const& customer, bool to_other, Timestamp now);
/// A contact of the business phone's address book.
[[nodiscard]] Update address_book_update(Number const& number, Person const& customer, std::string const& action, Timestamp now);

/// A message of the business phone's history; a file without its content: `media_placeholder`.
[[nodiscard]] Json history_item(Number const& number, Person const& customer, Message const& message, bool with_file);
/// A part of the history: what was said with one customer. `place`: phase, chunk_order, progress.
[[nodiscard]] Update history_update(Number const& number, Person const& customer, Json messages, Json place);

} // namespace deskbridge::simulator
