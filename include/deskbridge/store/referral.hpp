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
/// Of the messages that are in the ticket now, oldest first, at most `limit`.
[[nodiscard]] std::vector<ReferredMessage> referrals_of(Reading& reading, TicketId ticket, int limit);

} // namespace deskbridge::store
