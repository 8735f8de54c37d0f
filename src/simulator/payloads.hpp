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
    std::string field{"messages"};
    std::string array{"messages"}; ///< messages, statuses, message_echoes, user_id_update; empty: the item is the whole value
    Json item;
    Json contact{};                ///< null: none
    std::optional<Timestamp> at{}; ///< time of the entry, which then is this one's own; nullopt: entries of messages have none
    std::string message_id{};      ///< the customer's message inside, whose ticks depend on this; empty: none
};

/// A customer's message.
[[nodiscard]] Update message_update(Number const& number, Customer const& customer, Message const& message,
                                    Message const* quoted);
/// A reaction, an edit, a deletion: a message of its own about another one.
[[nodiscard]] Update event_update(Customer const& customer, std::string const& type, Json const& content,
                                  Timestamp now);
/// The number changed, and with it the business-scoped id; `before` is who it was. Told by a system message.
[[nodiscard]] Update changed_number_update(Customer const& before, Customer const& now_known_as, Timestamp now);
/// The same, told by the field user_id_update.
[[nodiscard]] Update changed_user_id_update(Customer const& before, Customer const& now_known_as, Timestamp now);
/// Typed by the business on its phone.
[[nodiscard]] Update echo_update(Number const& number, Customer const& customer, Message const& message);
/// What became of a message of the business. `error` only with failed.
[[nodiscard]] Update status_update(Customer const& customer, Message const& message, Message::Status status,
                                   std::optional<LateError> const& error, Timestamp now);

/// How several updates share one POST.
enum class Packing { together, changes, entries };

/// The body of one POST: every update once, in order within its array.
[[nodiscard]] Json pack(Number const& number, std::vector<Update> const& updates, Packing packing);

} // namespace deskbridge::simulator
