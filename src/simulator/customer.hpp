#pragma once

#include "json_reading.hpp"

#include "deskbridge/core/time.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace deskbridge::simulator {

/// One message of a chat, or of a group. `content` has the provider's shape for its type.
struct Message {
    enum class Status { sent, delivered, read, failed, accepted, played };

    std::string id;
    std::string number{}; ///< phone number id of the business's number that it was sent to, or from
    std::string group{};  ///< id of the group; empty: between the two alone
    std::string author{}; ///< in a group: id of the customer who wrote it
    bool from_business{false};
    Timestamp at{};
    std::string type{"text"};
    Json content = Json::object();
    std::string quoted{};        ///< id of the message it answers; empty: none
    Status status{Status::sent}; ///< of a customer's message: delivered = the webhook was answered 200, read = read mark
    Json error{};                ///< with failed: code, title, details
    std::string callback_data{};
    std::string answered_to{};   ///< recipient as the business wrote it, for statuses
    Json referral{};             ///< of an advert that led to it; null: none
    Json price{};                ///< what statuses tell of a message of the business
    std::vector<std::string> reached{}; ///< of a group's message: customers to whom it was delivered
    std::vector<std::string> read_by{}; ///< and who has read it
    bool silent{false};          ///< of the business: taken and never delivered; of a customer: never told, they are blocked
    bool initiated{false};       ///< of the business: to somebody who had not written within a day
    std::string held{};          ///< kept back by the template that `World::held_by` names so; empty: it went
    bool edited{false};
    bool revoked{false};
    std::string reaction_of_customer{};
    std::string reaction_of_business{};
};

/// Somebody with a phone.
struct Person {
    std::string id;
    std::string name;
    std::string country;  ///< ISO 3166, two letters
    std::string language; ///< BCP 47
    std::string phone;    ///< digits; always there for us, hidden from the business if `phone_hidden`
    std::string user_id;  ///< business-scoped, in the portfolio of the first number
    std::string parent_user_id{}; ///< of linked portfolios; empty: there are none
    std::string username{};
    bool phone_hidden{false};
    bool phone_empty{false};    ///< what is hidden is told as "" instead of left out
    bool profile_hidden{false}; ///< contacts come without `profile`
    bool online{true};    ///< off: messages are sent, not delivered
    // By phone number id of the business.
    std::set<std::string> blocking{};   ///< whom they have blocked: nothing arrives any more, and nobody says so
    std::set<std::string> blocked_by{}; ///< who has blocked them
    std::set<std::string> opted_out{};  ///< whose marketing they do not want
    std::set<std::string> standby{};    ///< where another app has the conversation
};

/// What came of an advert: free of charge for three days from the first answer within one day.
struct FreeEntry {
    Timestamp asked{};
    std::optional<Timestamp> until{}; ///< not before the first answer
    /// Until when a message that goes out now is free, and those after it; nullopt: this one costs.
    [[nodiscard]] std::optional<Timestamp> end_for(Timestamp now) const;
};

/// Somebody, and the chats with the business's numbers.
struct Customer : Person {
    std::vector<Message> messages{};
    std::map<std::string, Timestamp> last_written{};  ///< by number: what the 24-hour window counts from
    std::map<std::string, FreeEntry> free_entries{};  ///< by number
    [[nodiscard]] std::optional<Timestamp> written_to(std::string const& number) const;
};

/// A group of one of the business's numbers: the business and up to eight customers.
/// Source: Meta, WhatsApp Cloud API, "Groups API", read 2026-11.
struct Group {
    std::string id;
    std::string number;
    std::string subject;
    std::string description{};
    std::set<std::string> participants{}; ///< ids of customers
    bool suspended{false};
    bool deleted{false};
    std::vector<Message> messages{};
    std::optional<Timestamp> last_written{};
};

[[nodiscard]] std::string_view name_of(Message::Status status) noexcept;
[[nodiscard]] std::optional<Message::Status> status_named(std::string_view name) noexcept;

[[nodiscard]] Json to_json(Message const& message);
[[nodiscard]] Message message_from(Json const& doc);
/// What changes by orders alone; the chat, and what follows from it, is not in it.
[[nodiscard]] Json to_json(Person const& person);
[[nodiscard]] Customer customer_from(Json const& doc);
[[nodiscard]] Json to_json(Group const& group);
[[nodiscard]] Group group_from(Json const& doc);

/// The business-scoped id in a portfolio; "": that of the first number.
[[nodiscard]] std::string user_id_in(Person const& person, std::string_view portfolio);

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
