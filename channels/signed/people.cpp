#include "people.hpp"

#include "deskbridge/core/text.hpp"

#include <algorithm>

namespace deskbridge::signed_http {
namespace {

constexpr std::size_t longest_name = 200;

std::string name_of(Json const& person, std::string_view pointer)
{
    auto const name = one_line(channel::text_at(person, pointer).value_or(""));
    return name.empty() ? name : shorten(name, longest_name);
}

/// ISO 3166, two letters; anything else says nothing.
std::string country_of(Json const& person)
{
    auto country = channel::text_at(person, "/country").value_or("");
    auto const upper = [](char c) { return c >= 'A' && c <= 'Z'; };
    return country.size() == 2 && std::all_of(country.begin(), country.end(), upper) ? country : std::string{};
}

} // namespace

std::optional<Sender> person_at(Json const& node, std::string_view pointer)
{
    auto const* person = channel::object_at(node, pointer);
    if (person == nullptr)
        return std::nullopt;
    Sender sender;
    if (auto id = channel::id_at(*person, "/id"); !id.empty())
        sender.addresses.push_back({std::string{user_kind}, std::move(id)});
    if (auto digits = channel::phone_digits(channel::name_at(*person, "/phone")); !digits.empty())
        sender.addresses.push_back({std::string{phone_kind}, std::move(digits)});
    if (sender.addresses.empty())
        return std::nullopt;
    sender.name = name_of(*person, "/name");
    sender.username = name_of(*person, "/username");
    sender.country = country_of(*person);
    return sender;
}

std::optional<Json> render_person(Address const& address)
{
    if (address.kind == user_kind && !address.value.empty())
        return Json{{"id", address.value}};
    if (address.kind == phone_kind && !address.value.empty())
        return Json{{"phone", "+" + address.value}};
    return std::nullopt;
}

} // namespace deskbridge::signed_http
