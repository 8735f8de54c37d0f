#include "payloads.hpp"

#include <algorithm>
#include <utility>

namespace deskbridge::simulator {
namespace {

Json empty_value(Number const& number)
{
    return Json{{"messaging_product", "whatsapp"},
                {"metadata",
                 {{"display_phone_number", number.display_phone_number}, {"phone_number_id", number.phone_number_id}}}};
}

void add_contact(Json& value, Json const& contact)
{
    if (contact.is_null())
        return;
    auto& contacts = value["contacts"];
    if (contacts.is_null())
        contacts = Json::array();
    for (auto& known : contacts) {
        if (known.at("user_id") != contact.at("user_id"))
            continue;
        if (!known.contains("profile"))
            known = contact;
        return;
    }
    contacts.push_back(contact);
}

void add_update(Json& value, Update const& update)
{
    auto& array = value[update.array];
    if (array.is_null())
        array = Json::array();
    array.push_back(update.item);
    add_contact(value, update.contact);
}

/// Field and value, one per change.
using Changes = std::vector<std::pair<std::string, Json>>;

Changes changes_of(Number const& number, std::vector<Update> const& updates, bool together)
{
    Changes changes;
    for (auto const& update : updates) {
        auto const same = [&](auto const& change) { return change.first == update.field; };
        auto found = together ? std::find_if(changes.begin(), changes.end(), same) : changes.end();
        if (found == changes.end())
            found = changes.insert(changes.end(), {update.field, empty_value(number)});
        add_update(found->second, update);
    }
    return changes;
}

Json change_json(std::pair<std::string, Json> const& change)
{
    return Json{{"field", change.first}, {"value", change.second}};
}

} // namespace

Json pack(Number const& number, std::vector<Update> const& updates, Packing packing)
{
    auto const changes = changes_of(number, updates, packing == Packing::together);
    auto entries = Json::array();
    for (auto const& change : changes) {
        if (entries.empty() || packing == Packing::entries)
            entries.push_back(Json{{"id", number.waba_id}, {"changes", Json::array()}});
        entries.back()["changes"].push_back(change_json(change));
    }
    return Json{{"object", "whatsapp_business_account"}, {"entry", std::move(entries)}};
}

} // namespace deskbridge::simulator
