#pragma once

#include "reading.hpp"

#include "deskbridge/channel/adapter.hpp"

namespace deskbridge::whatsapp {

/// For which account behind the hook a webhook about accounts is read.
struct NewsFor {
    std::string_view account; ///< its number
    bool ours{false};         ///< the WhatsApp Business Account that the webhook is about is this account's
    bool alone{false};        ///< and no other number behind the hook is of it
    Timestamp at{};           ///< when it was told
};

/// What a field about the account says of its health: ban, restriction, violation, review, quality, limit, name, PIN, alert. nullopt:
/// another field, or nothing that makes it better or worse.
/// Source: developers.facebook.com, WhatsApp "account_update webhook reference" and those of account_alerts, account_review_update,
/// business_capability_update, phone_number_name_update, phone_number_quality_update and security (2026-08).
[[nodiscard]] std::optional<HealthNews> read_health_news(Change const& change, NewsFor const& to);

/// The number, then the token, then who gets the webhooks of its WhatsApp Business Account, then which of them the app wants, and where.
/// Source: developers.facebook.com, WhatsApp "Business phone numbers", "Messaging health status", "Webhooks overrides"; Graph API
/// "debug_token" and "App subscriptions"; WhatsApp Business Account "subscribed_apps" (2026-08, 2026-11).
[[nodiscard]] channel::HealthStep check_health(channel::Account const& account, channel::HealthContext const& context,
                                               std::span<HttpResponse const> so_far);

/// The handshake that Meta makes when a callback URL is saved.
[[nodiscard]] channel::HookProbe probe_hook(channel::Account const& account, std::string_view hook_url, std::string_view word);

// What both of them read. (health_words.cpp)

/// GREEN, YELLOW, RED, UNKNOWN, and the older FLAGGED and UNFLAGGED, in lower case.
[[nodiscard]] HealthFinding quality_finding(std::string state);
/// TIER_250 and so on, or a count a day, in lower case.
[[nodiscard]] HealthFinding limit_finding(std::string state);
/// APPROVED, DECLINED, … in lower case, with Meta's reason.
[[nodiscard]] HealthFinding name_finding(std::string state, std::string const& reason);
/// APPROVED, REJECTED, PENDING, … in lower case.
[[nodiscard]] HealthFinding review_finding(std::string state);

} // namespace deskbridge::whatsapp
