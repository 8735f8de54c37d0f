#pragma once

#include "deskbridge/core/inbound.hpp"
#include "deskbridge/store/store.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The table of receipts, as they were told.
namespace deskbridge::store::outbox {

/// A receipt as stored, or about to be.
struct Said {
    std::string external_id;
    std::string token;
    ReceiptStatus status{ReceiptStatus::sent};
    Refused::Because because{Refused::Because::message};
    ProviderError error;
    Timestamp provider_at;
    Timestamp received_at;
    bool worth_retry{false}; ///< not kept with what is parked
    std::optional<Price> price{};
    std::string template_status{}; ///< the same: the list will tell
};

/// @param intent  whose message it is about; 0: nobody knows yet, and it is parked
void insert_receipt(Tx& tx, AccountId account, IntentId intent, Said const& said);

/// Receipts of this id that were parked, as if they came at `now`.
[[nodiscard]] std::vector<Said> parked_receipts(Reading& reading, AccountId account, std::string_view external_id, Timestamp now);
/// Now they are this intent's.
void give_parked(Tx& tx, AccountId account, std::string_view external_id, IntentId intent);

/// Providers tell a message's price with one receipt and again with a later one.
[[nodiscard]] bool priced_before(Reading& reading, AccountId account, IntentId intent, std::string_view external_id);
[[nodiscard]] bool failed_before(Reading& reading, IntentId intent, std::string_view external_id);

} // namespace deskbridge::store::outbox
