#pragma once

#include "customer.hpp"
#include "graph_error.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace deskbridge::simulator {

/// The business number that webhooks speak of.
struct Number {
    std::string phone_number_id;
    std::string waba_id;
    std::string display_phone_number;
};

/// One piece of news for the webhook: an element of one array of one field's value.
struct Update {
    Number number{};
    std::string field{"messages"};
    std::string array{"messages"}; ///< messages, statuses, message_echoes, …; empty: the item is the whole value
    Json item;
    Json contact{};                ///< null: none
    std::optional<Timestamp> at{}; ///< time of the entry, which then is this one's own; nullopt: entries of messages have none
    std::string message_id{};      ///< the customer's message inside, whose ticks depend on this; empty: none
};

// Everywhere a person's `user_id` is the one of the number's portfolio.

/// A customer's message.
[[nodiscard]] Update message_update(Number const& number, Person const& customer, Message const& message,
                                    Message const* quoted);
/// A reaction, an edit, a deletion: a message of its own about another one. `group`: in which it happened; empty: none.
[[nodiscard]] Update event_update(Number const& number, Person const& customer, std::string const& type, Json const& content,
                                  Timestamp now, std::string const& group = {});
/// The number changed, and with it the business-scoped id; `before` is who it was. Told by a system message.
[[nodiscard]] Update changed_number_update(Number const& number, Person const& before, Person const& now_known_as, Timestamp now);
/// The business-scoped id alone changed. Told by a system message.
[[nodiscard]] Update changed_id_update(Number const& number, Person const& before, Person const& now_known_as, Timestamp now);
/// The security code changed: another device, or another owner of the number. Told by a system message.
[[nodiscard]] Update changed_code_update(Number const& number, Person const& before, Person const& now_known_as, Timestamp now);
/// A changed id, told by the field user_id_update.
[[nodiscard]] Update changed_user_id_update(Number const& number, Person const& before, Person const& now_known_as, Timestamp now);
/// Typed by the business on its phone: also an edit, a deletion.
[[nodiscard]] Update echo_update(Number const& number, Person const& customer, Message const& message);
/// What became of a message of the business. `error` only with failed.
[[nodiscard]] Update status_update(Number const& number, Person const& customer, Message const& message, Message::Status status,
                                   std::optional<LateError> const& error, Timestamp now);
/// The same in a group: of one participant, or, with none, of the group. `error` only with failed.
[[nodiscard]] Update group_status_update(Number const& number, Message const& message, Person const* participant, Message::Status status,
                                         std::optional<LateError> const& error, Timestamp now);

/// As `contacts[]` has somebody.
[[nodiscard]] Json contact_of(Person const& customer, bool with_profile = true);
/// Unix seconds, as the provider writes them in messages: a text.
[[nodiscard]] std::string seconds_of(Timestamp at);
/// Adds the phone under this name, unless it is hidden.
void put_phone(Json& item, char const* name, Person const& customer);

/// How several updates share one POST.
enum class Packing { together, changes, entries };

/// The body of one POST: every update once, in order within its array; numbers of one account may share an entry.
[[nodiscard]] Json pack(std::vector<Update> const& updates, Packing packing);

} // namespace deskbridge::simulator
