#pragma once

#include "json_reading.hpp"

#include "deskbridge/core/time.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deskbridge::simulator {

/// One message of a chat. `content` has the provider's shape for its type.
struct Message {
    enum class Status { sent, delivered, read, failed, accepted };

    std::string id;
    bool from_business{false};
    Timestamp at{};
    std::string type{"text"};
    Json content = Json::object();
    std::string quoted{};        ///< id of the message it answers; empty: none
    Status status{Status::sent}; ///< of a customer's message: delivered = the webhook was answered 200, read = read mark
    Json error{};                ///< with failed: code, title, details
    std::string callback_data{};
    std::string answered_to{};   ///< recipient as the business wrote it, for statuses
    bool silent{false};          ///< taken and never delivered
    bool edited{false};
    bool revoked{false};
    std::string reaction_of_customer{};
    std::string reaction_of_business{};
};

/// Somebody with a phone, and the chat with the business.
struct Customer {
    std::string id;
    std::string name;
    std::string country;  ///< ISO 3166, two letters
    std::string language; ///< BCP 47
    std::string phone;    ///< digits; always there for us, hidden from the business if `phone_hidden`
    std::string user_id;  ///< business-scoped
    std::string username{};
    bool phone_hidden{false};
    bool online{true};    ///< off: messages are sent, not delivered
    std::vector<Message> messages{};
    std::optional<Timestamp> last_written{}; ///< what the 24-hour window counts from
};

[[nodiscard]] std::string_view name_of(Message::Status status) noexcept;
[[nodiscard]] std::optional<Message::Status> status_named(std::string_view name) noexcept;

[[nodiscard]] Json to_json(Message const& message);
[[nodiscard]] Message message_from(Json const& doc);
/// Without the messages.
[[nodiscard]] Json to_json(Customer const& customer);
[[nodiscard]] Customer customer_from(Json const& doc);

/// A country that customers can be invented for.
struct Country {
    std::string_view code;
    std::string_view name;
    std::string_view language;
    std::string_view prefix; ///< of an invented number, with the country's own; from a fictional range where one exists
    std::size_t digits;      ///< to follow at random
};

[[nodiscard]] std::vector<Country> const& countries();
/// The first one if unknown.
[[nodiscard]] Country const& country_of(std::string_view code);

/// A customer who did not exist before: id, phone and business-scoped id by chance.
[[nodiscard]] Customer invent_customer(std::string_view country);
[[nodiscard]] std::string invent_user_id(std::string_view country);
[[nodiscard]] std::string invent_phone(std::string_view country);

} // namespace deskbridge::simulator
