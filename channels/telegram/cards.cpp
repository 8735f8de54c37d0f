#include "contents.hpp"

#include <fmt/format.h>

namespace deskbridge::telegram {
namespace {

std::optional<std::string> position_of(Json const& place)
{
    auto const latitude = channel::loose_number_at(place, "/latitude");
    auto const longitude = channel::loose_number_at(place, "/longitude");
    if (!latitude || !longitude)
        return std::nullopt;
    return fmt::format("{}, {}", *latitude, *longitude);
}

/// A venue stands beside a location that is the same place. A live location is edited while its owner moves.
bool read_location(Json const& node, Draft& draft)
{
    auto const* place = channel::object_at(node, "/location");
    auto const position = place != nullptr ? position_of(*place) : std::nullopt;
    if (!position)
        return false;
    auto words = words_at(node, "/venue/title");
    auto const address = words_at(node, "/venue/address");
    if (!address.empty())
        words.append(words.empty() ? "" : ", ").append(address);
    draft.message.kind = MessageKind::location;
    draft.message.text = words.empty() ? *position : fmt::format("{} ({})", words, *position);
    draft.details["location"] = *place;
    return true;
}

bool read_contact(Json const& node, Draft& draft)
{
    auto const* card = channel::object_at(node, "/contact");
    if (card == nullptr)
        return false;
    std::string line;
    for (auto const* const place : {"/first_name", "/last_name"})
        if (auto const name = words_at(*card, place); !name.empty())
            line.append(line.empty() ? "" : " ").append(name);
    if (auto const phone = words_at(*card, "/phone_number"); !phone.empty())
        line.append(line.empty() ? "" : ", ").append(phone);
    draft.message.kind = MessageKind::contacts;
    draft.message.text = line.empty() ? "(contact card without a name)" : line;
    draft.details["contacts"] = Json::array({*card});
    return true;
}

} // namespace

bool read_card(Json const& node, Draft& draft)
{
    return read_location(node, draft) || read_contact(node, draft);
}

} // namespace deskbridge::telegram
