#pragma once

#include "deskbridge/store/store.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deskbridge::store {

/// A list of tickets that we offered to the customer; a pick refers to it by its nonce.
struct Offer {
    enum class Kind { choice, something_new, status };
    std::int64_t id{0};
    std::string nonce;
    ConversationId conversation;
    Kind kind{Kind::choice};
    MessageId first_message;       ///< first of the burst that a pick moves
    std::vector<TicketId> options; ///< in the order shown; 0 = something new
    Timestamp offered_at;
    std::optional<Timestamp> picked_at;
};

/// Inserts every field but `id`. Errors: a nonce used before throws.
std::int64_t insert_offer(Tx& tx, Offer const& offer);
[[nodiscard]] std::optional<Offer> find_offer(Reading& reading, std::string_view nonce);
/// The newest of the conversation, if it was offered at or after `since`.
[[nodiscard]] std::optional<Offer> latest_offer(Reading& reading, ConversationId conversation, Timestamp since);
/// The newest of that kind.
[[nodiscard]] std::optional<Offer> latest_offer(Reading& reading, ConversationId conversation, Offer::Kind kind, Timestamp since);
void mark_picked(Tx& tx, std::int64_t offer_id, Timestamp at);

} // namespace deskbridge::store
