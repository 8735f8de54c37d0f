#pragma once

#include "deskbridge/core/pacing.hpp"
#include "deskbridge/store/account.hpp"
#include "deskbridge/store/outbox_view.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deskbridge::desk {

/// A moment in a sentence: "2026-11-28 19:09:56 UTC".
[[nodiscard]] std::string in_words(Timestamp at);

/// How a provider message stands, as the end of a sentence: "was accepted at …".
[[nodiscard]] std::string standing_of(store::IntentRow const& intent);

/// The same of a whole message: of the part that matters most to whoever wanted to change it.
[[nodiscard]] std::string standing_of(std::vector<store::IntentRow> const& parts);

struct WaitingFacts {
    store::AccountRow const& account;
    store::LanePlace const& place;
    Timestamp now;
    std::optional<store::IntentRow> const& window_template; ///< the latest that asked the customer to write; of a kept one
    std::optional<AccountRest> rest{};                      ///< of its account
};
/// What it waits for and who can change that; empty: it does not wait.
[[nodiscard]] std::string waits_for(store::IntentRow const& intent, WaitingFacts const& facts);

} // namespace deskbridge::desk
