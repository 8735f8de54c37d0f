#pragma once

#include "deskbridge/core/inbound.hpp"
#include "deskbridge/store/store.hpp"

#include <vector>

namespace deskbridge::store {

/// A customer's message, and the advert from which it was written.
struct ReferredMessage {
    MessageId message;
    Timestamp at; ///< the provider's time
    Referral referral;
};

void insert_referral(Tx& tx, MessageId message, Referral const& referral);
/// Of these messages, in their order.
[[nodiscard]] std::vector<ReferredMessage> referrals_of(Reading& reading, std::vector<MessageId> const& messages);

} // namespace deskbridge::store
