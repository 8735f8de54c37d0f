#pragma once

#include "json_reading.hpp"

#include "deskbridge/core/result.hpp"
#include "deskbridge/core/time.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace deskbridge::simulator {

/// What a change through the control API makes the provider tell: the field, and its value.
struct AccountNews {
    std::string field;
    Json value;
};

/// How the provider has the business's account, number and token. Everything is well with every run.
/// Source: Meta, WhatsApp Business Platform, "Business phone numbers", "Webhooks" and Graph API "debug_token", read 2026-11.
/// Threads: the reactor.
class AccountState {
public:
    /// Changes what the order names: `quality`, `limit`, `name_status`, `status`, `can_send` (with `why`, `solution`), `called` (where its
    /// webhooks go; "": not told), `subscribed`, `expires_at` of the token in Unix seconds (0: never), `scopes`, `require_proof` (every call must show an
    /// appsecret_proof), and of the app: `app_active`, `app_url` (where its webhooks go; "": where they do go), `unticked` (fields of webhooks
    /// that it does not subscribe to: they do not come); and what only happens:
    /// `ban` (DISABLE, SCHEDULE_FOR_DISABLE, REINSTATE), `restriction` {type, expiration}, `violation`, `review`, `alert` {type, severity,
    /// status, description}, `security`, `capability` {limit, phone_numbers, phone_numbers_per_waba}, `username` {name, status}. `silent`: nobody is told. Answers what the webhooks say. Errors: malformed (an unknown key).
    [[nodiscard]] Result<std::vector<AccountNews>> change(Json const& order, std::string const& display_number, std::string const& waba_id);
    [[nodiscard]] Json all() const { return state_; }

    /// The fields of the number that this is about.
    [[nodiscard]] Json number_fields() const;
    /// `data` of GET /debug_token.
    [[nodiscard]] Json token_data() const;
    [[nodiscard]] bool subscribed() const;
    /// The item of GET /{app id}/subscriptions. @param url  where the webhooks do go
    [[nodiscard]] Json app_subscription(std::string const& url) const;
    /// Does the app get webhooks of this field?
    [[nodiscard]] bool hears(std::string_view field) const;
    /// How many people may be written to first within a day; nullopt: no limit.
    [[nodiscard]] std::optional<std::size_t> reach() const;
    [[nodiscard]] bool requires_proof() const;
    void subscribe() { state_["subscribed"] = true; }

private:
    [[nodiscard]] std::string word(char const* key) const;

    Json state_{{"quality", "GREEN"},    {"limit", "TIER_1K"},       {"name_status", "APPROVED"}, {"status", "CONNECTED"},
                {"can_send", "AVAILABLE"}, {"why", ""},              {"solution", ""},            {"called", ""},
                {"subscribed", true},    {"expires_at", 0},          {"require_proof", false},
                {"app_active", true},    {"app_url", ""},            {"unticked", Json::array()},
                {"scopes", Json::array({"whatsapp_business_management", "whatsapp_business_messaging"})}};
};

/// Of the Meta app that the business uses.
inline constexpr auto app_id = "100200300";

} // namespace deskbridge::simulator
