#pragma once

#include "deskbridge/core/ids.hpp"
#include "deskbridge/desk/caller.hpp"
#include "deskbridge/store/contact.hpp"
#include "deskbridge/store/contact_list.hpp"
#include "deskbridge/store/marketing_choice.hpp"

#include <string>
#include <vector>

/// Looking at whoever writes.
namespace deskbridge::desk {

struct ContactCard {
    store::Contact contact;
    std::vector<store::Identity> addresses;          ///< current ones first, then retired ones, each newest first
    std::vector<store::MergedContact> merged_from;   ///< oldest first
    std::vector<store::MarketingWord> marketing;     ///< whether they want marketing, as far as anybody told, by account
};

struct ContactPage {
    std::vector<store::ContactRow> contacts;
    std::string next; ///< `after` of the next page; empty: this is the last one
};

/// Whoever wrote last first; those who never wrote at the end. Errors: malformed (`after`).
struct ListContacts {
    static constexpr Rule rule = Rule::any_agent;
    static constexpr bool reads = true;
    using Answer = ContactPage;
    std::string search{}; ///< part of a name, a user name or an address that is or was theirs; blank: everybody
    std::string after{};
    int limit{50};        ///< 1 … 200
};

/// A contact that became part of another one is answered by that one. Errors: not_found.
struct ShowContact {
    static constexpr Rule rule = Rule::any_agent;
    static constexpr bool reads = true;
    using Answer = ContactCard;
    ContactId contact{};
};

} // namespace deskbridge::desk
