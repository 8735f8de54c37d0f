#pragma once

#include <span>
#include <string_view>

namespace deskbridge::whatsapp {

/// How much is lost without a field.
enum class Need {
    always, ///< everything: without it nothing comes
    wanted, ///< whatever the number is used for
    by_use, ///< only what a number is used for that not every one is
};

/// A field of webhooks that an app subscribes to, and that something is done with here.
struct WebhookField {
    std::string_view name;
    Need need;
    std::string_view tells; ///< what comes in it, as whatsapp.md has it
};

/// All of them, in the order in which whatsapp.md lists them. Each comes only if it is ticked in the app's dashboard.
/// Source: developers.facebook.com, WhatsApp "Webhooks", the reference of each field (2026-08).
[[nodiscard]] std::span<WebhookField const> webhook_fields() noexcept;

} // namespace deskbridge::whatsapp
