#pragma once

#include "deskbridge/core/outcome.hpp"
#include "deskbridge/store/store.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deskbridge::store {

/// Our record of a person. Names are the customer's own choice: display text, never a key.
struct Contact {
    ContactId id;
    std::string name;
    std::string username;
    std::optional<std::string> language;        ///< nullopt: the account's default
    std::string language_set_by{"default"};     ///< default, country, detected, customer, agent
    std::optional<Timestamp> stopped_at;        ///< opted out of proactive messages
    std::string flagged;                        ///< "", identity_changed, number_recycled
    ContactId merged_into;                      ///< whose record goes on; 0: this one
    Timestamp created_at;
};

/// One address of a person; `valid_to` empty: current. Only one contact holds a current address at a time.
struct Identity {
    ContactId contact;
    std::string scope;
    Address address;
    std::optional<Timestamp> valid_to;
    Timestamp valid_from{};
    Timestamp last_seen{};
};

/// A record that became part of another one.
struct MergedContact {
    ContactId id;
    std::string name;
    std::string username;
    std::optional<Timestamp> at; ///< nullopt: before merges were dated
    std::string because;         ///< what proved that it is the same person
};

/// Follows `merged_into`, so the answer is never a merged-away record.
[[nodiscard]] std::optional<Contact> find_contact(Reading& reading, ContactId id);
[[nodiscard]] ContactId insert_contact(Tx& tx, std::string_view name, std::string_view username, Timestamp now);
/// Writes every column of `contact` but `created_at` and `merged_into`.
void save_contact(Tx& tx, Contact const& contact);

struct Holding {
    ContactId contact;
    Timestamp last_seen; ///< of the address, see `touch_identity`
};
/// Who holds this address now, and since when it is silent.
[[nodiscard]] std::optional<Holding> find_holding(Reading& reading, std::string_view scope, Address const& address);
/// Who holds this address now.
[[nodiscard]] std::optional<ContactId> find_holder(Reading& reading, std::string_view scope, Address const& address);
/// Who had it before, if nobody has it now; the latest one.
[[nodiscard]] std::optional<ContactId> find_last_holder(Reading& reading, std::string_view scope, Address const& address);
/// Current ones first, then retired ones, each newest first.
[[nodiscard]] std::vector<Identity> identities_of(Reading& reading, ContactId contact);

/// Gives the address to `contact`; does nothing if the contact has it, retires it at another holder.
void attach_identity(Tx& tx, ContactId contact, std::string_view scope, Address const& address, Timestamp at);
void retire_identity(Tx& tx, std::string_view scope, Address const& address, Timestamp at);
/// It was used. Each call writes a page: the caller leaves out what nobody will read.
void touch_identity(Tx& tx, std::string_view scope, Address const& address, Timestamp at);

/// Under what else the provider knows somebody: whose, told when and to which account.
struct Learnt {
    AccountId account;
    ContactId contact;
    std::string_view scope;
    Timestamp at;
};
/// The provider named these addresses as the contact's: they are, unless somebody holds or has held them. Also writes
/// `contact.identity_added`.
void learn_addresses(Tx& tx, Learnt const& about, std::vector<Address> const& addresses);

/// `from` becomes part of `into`: addresses, conversations, tickets and messages follow. Both histories stay.
void merge_contacts(Tx& tx, ContactId from, ContactId into, Timestamp at, std::string_view because);
/// Those that became part of `into`, also by way of others, oldest first.
[[nodiscard]] std::vector<MergedContact> merged_into(Reading& reading, ContactId into);

} // namespace deskbridge::store
