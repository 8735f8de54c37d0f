#pragma once

#include "deskbridge/core/ids.hpp"
#include "deskbridge/desk/caller.hpp"
#include "deskbridge/store/contact.hpp"

#include <vector>

/// Looking at whoever writes.
namespace deskbridge::desk {

struct ContactCard {
    store::Contact contact;
    std::vector<store::Identity> addresses;          ///< current ones first, then retired ones, each newest first
    std::vector<store::MergedContact> merged_from;   ///< oldest first
};

/// A contact that became part of another one is answered by that one. Errors: not_found.
struct ShowContact {
    static constexpr Rule rule = Rule::any_agent;
    static constexpr bool reads = true;
    using Answer = ContactCard;
    ContactId contact{};
};

} // namespace deskbridge::desk
