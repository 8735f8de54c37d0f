#include "holders.hpp"

#include <algorithm>

namespace deskbridge::flow {
namespace {

std::vector<std::string> spellings(Address const& address)
{
    if (strength_of(address.kind) == AddressStrength::number)
        return number_variants(address.value);
    return {address.value};
}

std::vector<Address> current_of(Scene& scene, ContactId contact, AddressStrength strength)
{
    std::vector<Address> found;
    for (auto& identity : store::identities_of(scene.tx, contact))
        if (!identity.valid_to && identity.scope == scene.account.account.scope && strength_of(identity.address.kind) == strength)
            found.push_back(std::move(identity.address));
    return found;
}

AddressHolder look_up(Scene& scene, Address const& address, bool ids)
{
    AddressHolder found;
    found.address = address;
    auto const& scope = scene.account.account.scope;
    auto const names = spellings(address);
    for (auto const& name : names)
        if (auto const held = store::find_holding(scene.tx, scope, {address.kind, name})) {
            found.holder = held->contact;
            found.held_as = name;
            found.last_seen = held->last_seen;
            if (ids)
                found.other_ids = current_of(scene, held->contact, AddressStrength::id);
            return found;
        }
    for (auto const& name : names)
        if (auto const last = store::find_last_holder(scene.tx, scope, {address.kind, name})) {
            found.last_holder = *last;
            break;
        }
    return found;
}

} // namespace

bool is_spelling_of(std::vector<Address> const& known, Address const& address)
{
    return std::any_of(known.begin(), known.end(), [&](Address const& one) {
        auto const names = spellings(one);
        return one.kind == address.kind && std::find(names.begin(), names.end(), address.value) != names.end();
    });
}

bool names_id(std::vector<Address> const& addresses)
{
    return std::any_of(addresses.begin(), addresses.end(),
                       [](Address const& one) { return strength_of(one.kind) == AddressStrength::id; });
}

std::vector<AddressHolder> look_up(Scene& scene, std::vector<Address> const& addresses, bool ids)
{
    std::vector<AddressHolder> found;
    for (auto const& address : addresses)
        found.push_back(look_up(scene, address, ids));
    return found;
}

std::vector<AddressHolder> look_up_changed(Scene& scene, std::vector<Address> const& addresses, bool ids)
{
    auto found = look_up(scene, addresses, ids);
    for (auto& one : found)
        if (one.holder)
            one.other_numbers = current_of(scene, one.holder, AddressStrength::number);
    return found;
}

} // namespace deskbridge::flow
