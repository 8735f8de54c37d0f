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
    auto& place = update.field == "standby" ? value["standby"] : value; // what another app takes care of has an object of its own
    auto& array = place[update.array];
    if (array.is_null())
        array = Json::array();
    array.push_back(update.item);
    add_contact(place, update.contact);
}

struct Change {
    Number number;
    std::string field;
    Json value;
    std::optional<Timestamp> at{}; ///< of an entry of its own
};

std::vector<Change> changes_of(std::vector<Update> const& updates, bool together)
{
    std::vector<Change> changes;
    for (auto const& update : updates) {
        if (update.array.empty()) {
            changes.push_back(Change{update.number, update.field, update.item, update.at});
            continue;
        }
        auto const same = [&](Change const& change) {
            return change.field == update.field && !change.at && change.number.phone_number_id == update.number.phone_number_id;
        };
        auto found = together ? std::find_if(changes.begin(), changes.end(), same) : changes.end();
        if (found == changes.end())
            found = changes.insert(changes.end(), Change{update.number, update.field, empty_value(update.number)});
        add_update(found->value, update);
    }
    return changes;
}

Json entry_of(Number const& number, std::optional<Timestamp> at)
{
    Json entry{{"id", number.waba_id}, {"changes", Json::array()}};
    if (at)
        entry["time"] = to_ms(*at) / 1000;
    return entry;
}

} // namespace

Json pack(std::vector<Update> const& updates, Packing packing)
{
    auto entries = Json::array();
    bool own = false; // the last entry is one update's alone
    for (auto const& change : changes_of(updates, packing == Packing::together)) {
        bool const elsewhere = entries.empty() || entries.back().at("id") != change.number.waba_id;
        if (elsewhere || packing == Packing::entries || change.at || own)
            entries.push_back(entry_of(change.number, change.at));
        own = change.at.has_value();
        entries.back()["changes"].push_back(Json{{"field", change.field}, {"value", change.value}});
    }
    return Json{{"object", "whatsapp_business_account"}, {"entry", std::move(entries)}};
}

} // namespace deskbridge::simulator
