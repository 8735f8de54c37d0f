#pragma once

#include "deskbridge/core/time.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace deskbridge::test {

// Webhooks as Meta builds them. Source: WhatsApp Cloud API, "Webhooks: messages" (2025-11).

inline constexpr char const* app_secret = "test-app-secret";
inline constexpr char const* waba_id = "880011223344556";

/// A business number.
struct Number {
    std::string phone_number_id;
    std::string display{"49301234567"};
};

/// A person on WhatsApp, as Meta knows them now.
struct Customer {
    std::string name;    ///< in conversations
    std::string profile; ///< chosen by the person
    std::string phone;   ///< empty: hidden
    std::string user_id;
};

/// Who writes when it does not matter who.
inline Customer const mara{"mara", "Mara", "4915112345678", "DE.1"};

/// One change of a webhook's entry.
[[nodiscard]] nlohmann::json change(std::string const& field, Number const& number, nlohmann::json value);
/// An item of `messages`, without its content; `at` is cut to seconds, as Meta does.
[[nodiscard]] nlohmann::json message_of(Customer const& customer, std::string const& id, Timestamp at);
[[nodiscard]] nlohmann::json messages_change(Number const& number, Customer const& customer, nlohmann::json messages);
[[nodiscard]] nlohmann::json status_of(std::string const& id, std::string const& status, Timestamp at, int error_code = 0);
[[nodiscard]] std::string webhook(std::vector<nlohmann::json> const& changes);

} // namespace deskbridge::test
