#include "deskbridge/core/identity.hpp"

#include <algorithm>

namespace deskbridge {
namespace {

using Holders = std::span<AddressHolder const>;
using What = ContactDecision::Outcome;

bool is_id(AddressHolder const& held)
{
    return strength_of(held.address.kind) == AddressStrength::id;
}

bool is_number(AddressHolder const& held)
{
    return strength_of(held.address.kind) == AddressStrength::number;
}

AddressHolder const* find_id(Holders held)
{
    auto const at = std::find_if(held.begin(), held.end(), is_id);
    return at == held.end() ? nullptr : &*at;
}

/// Does the holder have an id of the same kind that is not the one of this event?
bool has_other_id(AddressHolder const& held, AddressHolder const* id)
{
    return id && std::any_of(held.other_ids.begin(), held.other_ids.end(), [id](Address const& other) {
               return other.kind == id->address.kind && other.value != id->address.value;
           });
}

void add_once(std::vector<ContactId>& ids, ContactId id)
{
    if (std::find(ids.begin(), ids.end(), id) == ids.end())
        ids.push_back(id);
}

/// The spelling in the event is kept as an alias, even when a variant of it is known: answers go to exactly what came.
void attach_rest(ContactDecision& decision, Holders held)
{
    for (auto const& one : held) {
        bool const has_it = decision.contact && one.holder == decision.contact && one.held_as == one.address.value;
        if (!has_it)
            decision.attach.push_back(one.address);
    }
}

/// `number` has gone from its holder to the person of this event.
void take_over(ContactDecision& decision, AddressHolder const& number)
{
    decision.outcome = What::recycled;
    decision.flagged = number.holder;
    decision.retire.push_back({number.address.kind, number.held_as});
    decision.reason = "the number is known with another id: it has a new owner";
}

/// Takes addresses from whoever has them. Whom one of them shows to be this person is not taken for an earlier owner of their number as well.
template <class ChangedHands>
void gather(ContactDecision& decision, Holders held, ChangedHands const& changed_hands)
{
    auto const is_other = [&](AddressHolder const& one) { return one.holder && one.holder != decision.contact; };
    for (auto const& one : held)
        if (is_other(one) && !changed_hands(one))
            add_once(decision.merged, one.holder);
    auto const& merged = decision.merged;
    for (auto const& one : held)
        if (is_other(one) && changed_hands(one) && std::find(merged.begin(), merged.end(), one.holder) == merged.end())
            take_over(decision, one);
    if (!merged.empty() && decision.outcome == What::found)
        decision.outcome = What::merge;
}

/// The strongest address that anybody has or had decides; a number only if its holder has no other id.
AddressHolder const* owner_of(Holders held)
{
    auto const* id = find_id(held);
    for (auto const& one : held)
        if (one.holder && !(is_number(one) && has_other_id(one, id)))
            return &one;
    return nullptr;
}

/// Whose addresses these were, are, or have become.
ContactId find_changed(Holders previous, AddressHolder const* new_id)
{
    for (auto const& one : previous)
        if (one.holder)
            return one.holder;
    for (auto const& one : previous) // announced before: the old address is retired already
        if (is_id(one) && one.last_holder)
            return one.last_holder;
    return new_id ? new_id->holder : ContactId{};
}

/// Of the new addresses: whoever wrote from them before the announcement is this person; somebody known by another id, or (when ids are told)
/// by the bare number alone, had the number earlier.
void claim(ContactDecision& decision, Holders current, AddressHolder const* new_id)
{
    gather(decision, current, [new_id](AddressHolder const& one) { return is_number(one) && new_id && new_id->holder != one.holder; });
}

void retire_once(ContactDecision& decision, Address const& address)
{
    if (std::find(decision.retire.begin(), decision.retire.end(), address) == decision.retire.end())
        decision.retire.push_back(address);
}

bool is_spelled(std::span<Address const> numbers, Address const& number)
{
    auto const spellings = number_variants(number.value);
    return std::any_of(numbers.begin(), numbers.end(), [&](Address const& one) {
        return one.kind == number.kind && std::find(spellings.begin(), spellings.end(), one.value) != spellings.end();
    });
}

/// Told before: what the announcement calls new may have been given up since.
bool is_late(Holders previous, ContactId contact)
{
    return std::none_of(previous.begin(), previous.end(), [contact](auto const& one) { return one.holder == contact; });
}

/// The addresses that are this person's from now on. A new id tells which number goes with it, if somebody has written with both; the
/// announcement may still name the one before.
std::vector<AddressHolder> standing(ContactId contact, Holders previous, Holders current, AddressHolder const* new_id)
{
    bool const late = is_late(previous, contact);
    bool const knows_better = new_id && new_id->holder && new_id->holder != contact && !new_id->other_numbers.empty();
    std::vector<AddressHolder> now;
    for (auto const& one : current) {
        bool const given_up = late && !one.holder && one.last_holder == contact;
        bool const outdated = knows_better && !is_spelled(new_id->other_numbers, one.address);
        if (!is_number(one) || (!given_up && !outdated))
            now.push_back(one);
    }
    if (knows_better)
        for (auto const& number : new_id->other_numbers)
            if (std::none_of(now.begin(), now.end(), [&](auto const& one) { return one.address == number; }))
                now.push_back({number, new_id->holder, number.value, {}, {}, {}});
    return now;
}

/// The old addresses; and the old id when the announcement names the numbers only, the old number when it names the ids only.
void retire_previous(ContactDecision& decision, Holders previous, Holders now, AddressHolder const* new_id)
{
    auto const stays = [now](Address const& address) {
        return std::any_of(now.begin(), now.end(), [&](auto const& other) { return other.address == address; });
    };
    std::vector<Address> new_numbers;
    for (auto const& one : now)
        if (is_number(one) && one.holder != decision.contact)
            new_numbers.push_back(one.address);
    for (auto const& one : previous) {
        if (one.holder != decision.contact)
            continue;
        if (!stays(one.address))
            retire_once(decision, {one.address.kind, one.held_as});
        for (auto const& other : one.other_ids)
            if (new_id && other.kind == new_id->address.kind && !stays(other))
                retire_once(decision, other);
        for (auto const& other : one.other_numbers)
            if (!new_numbers.empty() && !is_spelled(new_numbers, other))
                retire_once(decision, other);
    }
}

} // namespace

ContactDecision decide_contact(Holders held)
{
    auto const* id = find_id(held);
    ContactDecision decision;
    if (id && !id->holder && id->last_holder) {
        // The person has moved on to another id; this was sent before. Nothing is attached: it is not current.
        decision.outcome = What::found;
        decision.contact = id->last_holder;
        decision.reason = "known by an earlier id";
        return decision;
    }
    if (auto const* owner = owner_of(held)) {
        decision.outcome = What::found;
        decision.contact = owner->holder;
        decision.reason = "known by its " + owner->address.kind;
    } else {
        decision.reason = "nobody has these addresses";
    }
    gather(decision, held, [id](AddressHolder const& one) { return is_number(one) && has_other_id(one, id); });
    if (decision.outcome == What::merge)
        decision.reason = "two records turn out to be one person";
    attach_rest(decision, held);
    return decision;
}

ContactDecision decide_identity_change(Holders previous, Holders current)
{
    auto const* new_id = find_id(current);
    ContactDecision decision;
    decision.outcome = What::found;
    decision.contact = find_changed(previous, new_id);
    if (!decision.contact) {
        decision.reason = "concerns nobody we know";
        return decision;
    }
    decision.reason = "address changed";
    if (current.empty())
        return decision;
    auto const now = standing(decision.contact, previous, current, new_id);
    claim(decision, now, new_id);
    retire_previous(decision, previous, now, new_id);
    attach_rest(decision, now);
    return decision;
}

} // namespace deskbridge
