#pragma once

#include "ids.hpp"

#include "deskbridge/core/inbound.hpp"

namespace deskbridge::whatsapp {

/// One item of `messages[]` (or of the echoes) whose id and customer are known.
struct MessageNode {
    Json const& json;
    std::string type;
    ExternalMessageId id;
    Sender customer;
    Timestamp at;
    bool from_phone{false}; ///< an echo
};

/// The message's own word for its kind; when that is missing, the object that it carries tells.
[[nodiscard]] std::string type_of(Json const& message);

/// A message of type `system`: a changed number, a changed scoped id, changed keys; anything else is a notice.
/// Source: developers.facebook.com, WhatsApp "system messages webhook reference" (2026-08) and its older editions, whose
/// spellings (customer_changed_number, new_wa_id, customer_identity_changed) are still met.
[[nodiscard]] EventBody read_system(MessageNode const& node);

/// An item of the field `user_id_update`; nullopt if it names nobody.
[[nodiscard]] std::optional<IdentityChange> read_user_id_update(Json const& item, Timestamp otherwise);

} // namespace deskbridge::whatsapp
