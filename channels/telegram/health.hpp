#pragma once

#include "deskbridge/channel/adapter.hpp"

namespace deskbridge::telegram {

/// Is the bot there (getMe), and do its updates come here (getWebhookInfo): also what Telegram says about its last failed delivery.
/// Source: core.telegram.org/bots/api#getme, #getwebhookinfo (Bot API 10.1, 2026-11).
[[nodiscard]] channel::HealthStep check_health(channel::Account const& account, channel::HealthContext const& context,
                                               std::span<HttpResponse const> so_far);

} // namespace deskbridge::telegram
