#include "contents.hpp"
#include "reading.hpp"
#include "system.hpp"

#include <algorithm>

namespace deskbridge::whatsapp {
namespace {

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words)
{
    return std::find(words.begin(), words.end(), word) != words.end();
}

/// The new addresses, under whichever spelling; not those that the person had before.
std::vector<Address> new_addresses(Json const& node, std::vector<Address> const& before)
{
    std::vector<Address> found;
    for (std::string_view const phone : {"/system/wa_id", "/system/new_wa_id", "/system/customer"}) {
        if (find_address(found, "wa_id") != nullptr)
            break;
        for (auto& address : addresses_at(node, {phone, "/system/user_id", "/system/parent_user_id"}))
            if (std::find(before.begin(), before.end(), address) == before.end())
                add_address(found, std::move(address));
    }
    return found;
}

/// Where the id alone changed, the phone that it is told from stays.
void keep_phone(IdentityChange& change)
{
    auto const* phone = find_address(change.previous, "wa_id");
    if (phone != nullptr && find_address(change.current, "wa_id") == nullptr)
        add_address(change.current, *phone);
}

} // namespace

EventBody read_system(MessageNode const& node)
{
    auto const type = name_at(node.json, "/system/type");
    IdentityChange change{node.id, node.customer.addresses, {}, node.at, words_at(node.json, "/system/body")};
    if (is_one_of(type, {"user_identity_changed", "customer_identity_changed"}))
        return change;
    bool const is_change =
        is_one_of(type, {"", "user_changed_number", "customer_changed_number", "user_changed_user_id", "customer_changed_user_id"});
    change.current = is_change ? new_addresses(node.json, change.previous) : std::vector<Address>{};
    if (!change.current.empty()) {
        if (is_one_of(type, {"user_changed_user_id", "customer_changed_user_id"}))
            keep_phone(change);
        return change;
    }
    auto const* system = channel::node_at(node.json, "/system");
    return ChannelNotice{"system", node.customer, node.at, render_details(system != nullptr ? *system : Json::object())};
}

std::optional<IdentityChange> read_user_id_update(Json const& item, Timestamp otherwise)
{
    IdentityChange change;
    change.previous = addresses_at(item, {{}, "/user_id/previous", "/parent_user_id/previous"});
    // The phone may be the old or the new one; either way it is this person's.
    change.current = addresses_at(item, {"/wa_id", "/user_id/current", "/parent_user_id/current"});
    if (change.previous.empty()) // then the phone tells whose new id it is
        change.previous = addresses_at(item, {"/wa_id", {}, {}});
    if (change.previous.empty() || change.current.empty() || change.previous == change.current)
        return std::nullopt;
    change.id.value = "user_id_update:" + fingerprint(item);
    change.at = time_at(item, "/timestamp", otherwise);
    change.text = words_at(item, "/detail");
    return change;
}

} // namespace deskbridge::whatsapp
