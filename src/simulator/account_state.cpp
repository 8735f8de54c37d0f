#include "account_state.hpp"

#include "limits.hpp"

#include <algorithm>
#include <array>

namespace deskbridge::simulator {
namespace {

constexpr std::array<std::string_view, 10> happenings{"ban",      "restriction", "violation",   "review",     "alert",
                                                      "security", "silent",      "name_reason", "capability", "username"};

/// All that an app can subscribe to. Source: Meta, WhatsApp Business Platform, "Webhooks", read 2026-11.
constexpr std::array<std::string_view, 34> webhook_fields{
    "account_alerts", "account_review_update", "account_settings_update", "account_update", "automatic_events", "business_capability_update",
    "business_status_update", "business_username_update", "calls", "flows", "group_lifecycle_update", "group_participants_update",
    "group_settings_update", "group_status_update", "history", "message_echoes", "message_template_components_update",
    "message_template_quality_update", "message_template_status_update", "messages", "messaging_handovers", "partner_solutions",
    "payment_configuration_update", "phone_number_name_update", "phone_number_quality_update", "security", "smb_app_state_sync",
    "smb_message_echoes", "standby", "template_category_update", "template_correct_category_detection", "tracking_events",
    "user_id_update", "user_preferences"};

bool is_ticked(Json const& state, std::string_view field)
{
    auto const& unticked = state.at("unticked");
    return !unticked.is_array() || std::find(unticked.begin(), unticked.end(), Json(field)) == unticked.end();
}

struct Teller {
    std::string const& display_number;
    std::string const& waba_id;
    std::vector<AccountNews>& news;

    void tell(char const* field, Json value) const { news.push_back({field, std::move(value)}); }
};

void tell_quality(Teller const& to, Json const& state)
{
    bool const bad = state.at("quality") == "RED";
    to.tell("phone_number_quality_update", Json{{"display_phone_number", to.display_number},
                                                {"event", bad ? "FLAGGED" : "UNFLAGGED"},
                                                {"current_limit", state.at("limit")}});
}

void tell_limit(Teller const& to, Json const& before, Json const& state)
{
    to.tell("phone_number_quality_update", Json{{"display_phone_number", to.display_number},
                                                {"event", "UPGRADE"},
                                                {"old_limit", before},
                                                {"current_limit", state.at("limit")},
                                                {"max_daily_conversations_per_business", state.at("limit")}});
}

void tell_name(Teller const& to, Json const& order, Json const& state)
{
    to.tell("phone_number_name_update", Json{{"display_phone_number", to.display_number},
                                             {"decision", state.at("name_status")},
                                             {"requested_verified_name", "The shop"},
                                             {"rejection_reason", text_at(order, {"name_reason"}).value_or("NONE")}});
}

void tell_standing(Teller const& to, Json const& order)
{
    if (auto const ban = text_at(order, {"ban"}))
        to.tell("account_update", Json{{"event", "DISABLED_UPDATE"},
                                       {"ban_info", {{"waba_ban_state", *ban}, {"waba_ban_date", "December 6, 2026"}}}});
    if (auto const* restriction = at(order, {"restriction"})) {
        Json item{{"restriction_type", text_at(*restriction, {"type"}).value_or("RESTRICTED_BIZ_INITIATED_MESSAGING")}};
        if (auto const ends = int_at(*restriction, {"expiration"}))
            item["expiration"] = *ends;
        to.tell("account_update", Json{{"event", "ACCOUNT_RESTRICTION"}, {"restriction_info", Json::array({item})}});
    }
    if (auto const violation = text_at(order, {"violation"}))
        to.tell("account_update", Json{{"event", "ACCOUNT_VIOLATION"}, {"violation_info", {{"violation_type", *violation}}}});
    if (auto const decision = text_at(order, {"review"}))
        to.tell("account_review_update", Json{{"decision", *decision}});
}

/// What the business may; and the name under which customers find it.
void tell_rights(Teller const& to, Json const& order)
{
    if (auto const* capability = at(order, {"capability"})) {
        Json value{{"max_daily_conversations_per_business", text_at(*capability, {"limit"}).value_or("TIER_1K")},
                   {"max_phone_numbers_per_business", int_at(*capability, {"phone_numbers"}).value_or(25)}};
        if (auto const each = int_at(*capability, {"phone_numbers_per_waba"}))
            value["max_phone_numbers_per_waba"] = *each;
        to.tell("business_capability_update", std::move(value));
    }
    if (auto const* username = at(order, {"username"}))
        to.tell("business_username_update", Json{{"display_phone_number", to.display_number},
                                                 {"username", text_at(*username, {"name"}).value_or("the.shop")},
                                                 {"status", text_at(*username, {"status"}).value_or("approved")}});
}

void tell_rest(Teller const& to, Json const& order)
{
    if (auto const event = text_at(order, {"security"}))
        to.tell("security", Json{{"display_phone_number", to.display_number}, {"event", *event}, {"requester", "61555822107539"}});
    auto const* alert = at(order, {"alert"});
    if (!alert)
        return;
    auto const said = [&](char const* key, char const* otherwise) { return text_at(*alert, {key}).value_or(otherwise); };
    to.tell("account_alerts", Json{{"entity_type", "WABA"},
                                   {"entity_id", to.waba_id},
                                   {"alert_info", {{"alert_type", said("type", "BILLING")},
                                                   {"alert_severity", said("severity", "WARNING")},
                                                   {"alert_status", said("status", "ACTIVE")},
                                                   {"alert_description", said("description", "Look at your account.")}}}});
}

} // namespace

Result<std::vector<AccountNews>> AccountState::change(Json const& order, std::string const& display_number, std::string const& waba_id)
{
    for (auto const& [key, value] : order.items())
        if (!state_.contains(key) && std::find(happenings.begin(), happenings.end(), key) == happenings.end())
            return Error{Fault::malformed, "nothing about the account is called " + key};
    auto const before = state_;
    for (auto const& [key, value] : order.items())
        if (state_.contains(key))
            state_[key] = value;
    std::vector<AccountNews> news;
    Teller const to{display_number, waba_id, news};
    if (before.at("quality") != state_.at("quality"))
        tell_quality(to, state_);
    if (before.at("limit") != state_.at("limit"))
        tell_limit(to, before.at("limit"), state_);
    if (before.at("name_status") != state_.at("name_status"))
        tell_name(to, order, state_);
    tell_standing(to, order);
    tell_rights(to, order);
    tell_rest(to, order);
    if (bool_at(order, {"silent"}).value_or(false))
        news.clear();
    return news;
}

std::string AccountState::word(char const* key) const
{
    return text_at(state_, {key}).value_or("");
}

Json AccountState::number_fields() const
{
    Json entity{{"entity_type", "PHONE_NUMBER"}, {"can_send_message", word("can_send")}};
    if (!word("why").empty())
        entity["errors"] = Json::array(
            {Json{{"error_code", 141006}, {"error_description", word("why")}, {"possible_solution", word("solution")}}});
    Json fields{{"quality_rating", word("quality")},
                {"name_status", word("name_status")},
                {"status", word("status")},
                {"throughput", {{"level", "STANDARD"}}},
                {"messaging_limit_tier", word("limit")},
                {"health_status", {{"can_send_message", word("can_send")}, {"entities", Json::array({entity})}}},
                {"code_verification_status", "VERIFIED"}};
    if (!word("called").empty())
        fields["webhook_configuration"] = Json{{"application", word("called")}};
    return fields;
}

Json AccountState::token_data() const
{
    return Json{{"app_id", app_id},
                {"type", "SYSTEM_USER"},
                {"is_valid", true},
                {"expires_at", state_.at("expires_at")},
                {"scopes", state_.at("scopes")}};
}

bool AccountState::subscribed() const
{
    return bool_at(state_, {"subscribed"}).value_or(true);
}

bool AccountState::hears(std::string_view field) const
{
    return subscribed() && bool_at(state_, {"app_active"}).value_or(true) && is_ticked(state_, field);
}

Json AccountState::app_subscription(std::string const& url) const
{
    auto ticked = Json::array();
    for (auto const name : webhook_fields)
        if (is_ticked(state_, name))
            ticked.push_back(Json{{"name", name}, {"version", "v25.0"}});
    return Json{{"object", "whatsapp_business_account"},
                {"callback_url", word("app_url").empty() ? url : word("app_url")},
                {"active", state_.at("app_active")},
                {"fields", std::move(ticked)}};
}

std::optional<std::size_t> AccountState::reach() const
{
    return reach_of_tier(word("limit"));
}

bool AccountState::requires_proof() const
{
    return bool_at(state_, {"require_proof"}).value_or(false);
}

} // namespace deskbridge::simulator
