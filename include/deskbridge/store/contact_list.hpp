#pragma once

#include "deskbridge/store/contact.hpp"

#include <optional>
#include <string>
#include <vector>

/// Contacts one after the other: whoever wrote last first, then those who never wrote (only we wrote to them, or their phone told), the
/// newest record first. Records that were merged away are not among them.
namespace deskbridge::store {

/// Where a contact stands in that order.
struct ContactPlace {
    std::optional<Timestamp> wrote_at{};  ///< of the latest message that opened a reply window; nullopt: never wrote
    ConversationId conversation{};        ///< where that was; 0: never wrote
    ContactId contact{};
};

struct ContactQuery {
    std::string name{};                   ///< folded (`fold_for_match`), within name or user name; empty: not by it
    std::string address{};                ///< within an address that is or was theirs, lower case; empty: not by it
    std::optional<ContactPlace> after{};  ///< nullopt: from the top
    int limit{50};
};

struct ContactRow {
    Contact contact;
    ContactPlace place;
    std::vector<Identity> addresses{};    ///< those that are theirs now, newest first
};

/// With neither name nor address: everybody; with both: whoever fits one of them. A search reads past whoever does not fit.
[[nodiscard]] std::vector<ContactRow> find_contacts(Reading& reading, ContactQuery const& query);

} // namespace deskbridge::store
