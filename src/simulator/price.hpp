#pragma once

#include "json_reading.hpp"

#include "deskbridge/core/time.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace deskbridge::simulator {

/// What a message's price depends on.
struct PriceFacts {
    std::string category;                  ///< of a template; empty: a free-form message
    bool in_group{false};
    std::optional<Timestamp> free_until{}; ///< the end of a free entry point
    bool quota_left{true};                 ///< of the month's free service messages
};

/// What statuses tell of it: `pricing`, and within a free entry point `conversation`.
///
/// Since 2026-10-01 free-form replies are charged as well, after 1000 free ones a number and month. How `pricing` names that quota is
/// not documented: `free_customer_service` is what such messages were called before.
/// Source: Meta, "Pricing on the WhatsApp Business Platform", read 2026-11.
/// Threads: pure; any thread.
[[nodiscard]] Json price_of(PriceFacts const& facts, std::string_view conversation_id);

/// Does this price use up one of the month's free messages?
[[nodiscard]] bool uses_quota(Json const& price);
/// "2026-11", by the provider's clock: what a month's quota is counted under.
[[nodiscard]] std::string month_of(Timestamp at);

} // namespace deskbridge::simulator
