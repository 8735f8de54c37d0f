#pragma once

#include "deskbridge/core/ids.hpp"
#include "deskbridge/core/outcome.hpp"
#include "deskbridge/core/time.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace deskbridge {

/// Every spelling under which a provider may know this number, itself first; just itself for most countries.
///
/// Brazil 55 + area + 8 digits or a 9 before them (mobile numbers only); Mexico 52 or 521; Argentina 54 or 549.
/// @param digits  international, without "+"; anything else answers itself alone.
/// Source: WhatsApp Business Platform, "Phone numbers: Brazil, Mexico and Argentina" (2025-11).
[[nodiscard]] std::vector<std::string> number_variants(std::string_view digits);

/// How well an address tells who somebody is.
enum class AddressStrength {
    id,     ///< given by the provider, for one person: bsuid, user ids
    parent, ///< the same, shared by linked businesses: parent_bsuid
    number, ///< a phone number: may get a new owner
};
[[nodiscard]] AddressStrength strength_of(std::string_view kind) noexcept;

/// One address of an event, and who has it.
struct AddressHolder {
    Address address;                 ///< as the event spells it
    ContactId holder;                ///< current holder of it or of one of its variants; 0: nobody
    std::string held_as;             ///< the spelling that was found, if `holder`
    std::vector<Address> other_ids;  ///< the holder's current addresses of strength `id` in this scope; looked for only if the event names an id
    ContactId last_holder;           ///< who had it before, if nobody has it now
    std::vector<Address> other_numbers; ///< like other_ids, of strength `number`; looked for only of an announced change
    Timestamp last_seen{};              ///< when `holder` last wrote from it, to the day
};

/// Whose event this is.
struct ContactDecision {
    enum class Outcome {
        found,   ///< `contact` (of a change: 0 = it concerns nobody we know)
        create,
        merge,   ///< `contact` goes on, `merged` becomes part of it
        recycled ///< the number has a new owner: a contact of its own (`contact`, or 0: make one), flag it
    };
    Outcome outcome{Outcome::create};
    ContactId contact;               ///< whose event it is; 0: make one
    std::vector<ContactId> merged;
    ContactId flagged;               ///< recycled: who had the number until now; loses it
    std::vector<Address> attach;     ///< addresses that `contact` has not got yet, in the event's spelling
    std::vector<Address> retire;     ///< addresses that are not current any more, in the spelling they are held in
    std::string reason;              ///< for agents and logs: no address
    friend bool operator==(ContactDecision const&, ContactDecision const&) = default;
};

/// Never by name or user name.
///
/// @param held  the event's addresses, strongest first; at least one.
/// Errors:  none. Threads: pure; any thread.
/// Source: WhatsApp Cloud API, "Business-scoped user IDs" (2026-06).
[[nodiscard]] ContactDecision decide_contact(std::span<AddressHolder const> held);

/// A change of address that the provider announced: `current` goes to whoever holds `previous`, whichever came first,
/// the announcement or a message from the new address. `contact` 0: nobody known is concerned.
///
/// A person has one number at a time: one that is new to them takes the place of those they had, also when `previous`
/// names ids alone.
[[nodiscard]] ContactDecision decide_identity_change(std::span<AddressHolder const> previous,
                                                     std::span<AddressHolder const> current);

} // namespace deskbridge
