#include "people.hpp"

#include "deskbridge/core/text.hpp"

#include <algorithm>

namespace deskbridge::whatsapp {
namespace {

constexpr PersonPlaces contact_places{"/wa_id", "/user_id", "/parent_user_id"};

std::string user_name(Json const& contact)
{
    auto name = clean_text(channel::loose_text_at(contact, "/profile/username").value_or(""));
    if (name.starts_with('@'))
        name.erase(0, 1);
    return name;
}

/// The first kind that both have decides: a phone may be written in two ways (Brazil's ninth digit), a scoped id may not.
bool is_same_person(std::vector<Address> const& a, std::vector<Address> const& b)
{
    for (std::string_view const kind : {"bsuid", "wa_id", "parent_bsuid"}) {
        auto const* one = find_address(a, kind);
        auto const* other = find_address(b, kind);
        if (one != nullptr && other != nullptr)
            return one->value == other->value;
    }
    return false;
}

/// A business-scoped id begins with the country of the number behind it. It counts only while that number is hidden.
std::string country_of(std::vector<Address> const& addresses)
{
    auto const* id = find_address(addresses, "bsuid");
    if (id == nullptr || find_address(addresses, "wa_id") != nullptr || id->value.find('.') != 2)
        return {};
    return id->value.substr(0, 2);
}

} // namespace

People::People(Json const* contacts)
{
    if (contacts == nullptr || !contacts->is_array())
        return;
    for (auto const& contact : *contacts) {
        Sender person{addresses_at(contact, contact_places),
                      clean_text(channel::loose_text_at(contact, "/profile/name").value_or("")), user_name(contact)};
        person.country = country_of(person.addresses);
        if (!person.addresses.empty())
            contacts_.push_back(std::move(person));
    }
}

Sender People::complete(std::vector<Address> addresses) const
{
    auto const match = [&](Sender const& person) { return is_same_person(addresses, person.addresses); };
    auto const found = std::find_if(contacts_.begin(), contacts_.end(), match);
    Sender sender{std::move(addresses), {}, {}};
    if (found == contacts_.end()) {
        sender.country = country_of(sender.addresses);
        return sender;
    }
    for (auto const& address : found->addresses)
        add_address(sender.addresses, address);
    sender.name = found->name;
    sender.username = found->username;
    sender.country = country_of(sender.addresses);
    return sender;
}

std::optional<Sender> People::only() const
{
    if (contacts_.size() != 1)
        return std::nullopt;
    return contacts_.front();
}

} // namespace deskbridge::whatsapp
