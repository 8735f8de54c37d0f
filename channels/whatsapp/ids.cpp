#include "ids.hpp"

#include <algorithm>
#include <array>

namespace deskbridge::whatsapp {
namespace {

constexpr std::array<std::string_view, 3> strongest_first{"bsuid", "parent_bsuid", "wa_id"};

std::ptrdiff_t strength(Address const& address) noexcept
{
    return std::find(strongest_first.begin(), strongest_first.end(), address.kind) - strongest_first.begin();
}

bool is_digit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

bool is_upper(char c) noexcept
{
    return c >= 'A' && c <= 'Z';
}

bool is_alphanumeric(char c) noexcept
{
    return is_digit(c) || is_upper(c) || (c >= 'a' && c <= 'z');
}

/// "DE.8842019375501127" is a bsuid, "DE.ENT.88420" a parent's; nullopt: neither.
std::optional<Address> scoped_id(std::string const& value)
{
    if (value.size() < 4 || !is_upper(value[0]) || !is_upper(value[1]) || value[2] != '.')
        return std::nullopt;
    bool const parent = std::string_view{value}.substr(3).starts_with("ENT.");
    auto const rest = std::string_view{value}.substr(parent ? 7 : 3);
    if (rest.empty() || !std::all_of(rest.begin(), rest.end(), is_alphanumeric))
        return std::nullopt;
    return Address{parent ? "parent_bsuid" : "bsuid", value};
}

} // namespace

std::optional<ExternalMessageId> message_id_at(Json const& node, std::string_view pointer)
{
    auto value = channel::id_at(node, pointer);
    if (value.empty())
        return std::nullopt;
    return ExternalMessageId{std::move(value)};
}

Timestamp time_at(Json const& node, std::string_view pointer, Timestamp otherwise)
{
    constexpr std::int64_t first_second = 1'230'768'000;   // 2009, the year of WhatsApp
    constexpr std::int64_t last_second = 4'102'444'800;    // 2100
    constexpr std::int64_t first_ms = first_second * 1000;
    auto const value = channel::loose_int_at(node, pointer).value_or(0);
    if (value >= first_second && value < last_second)
        return from_ms(value * 1000);
    if (value >= first_ms && value < last_second * 1000)
        return from_ms(value);
    return otherwise;
}

std::vector<Address> addresses_at(Json const& node, PersonPlaces const& places)
{
    std::vector<Address> found;
    auto const value_of = [&](std::string_view place) { return place.empty() ? std::string{} : name_at(node, place); };
    if (auto user = value_of(places.user); !user.empty())
        add_address(found, {"bsuid", std::move(user)});
    if (auto parent = value_of(places.parent); !parent.empty())
        add_address(found, {"parent_bsuid", std::move(parent)});
    auto const phone = value_of(places.phone);
    if (auto digits = channel::phone_digits(phone); !digits.empty())
        add_address(found, {"wa_id", std::move(digits)});
    else if (auto scoped = scoped_id(phone); scoped && find_address(found, scoped->kind) == nullptr)
        add_address(found, std::move(*scoped));
    return found;
}

void add_address(std::vector<Address>& addresses, Address address)
{
    if (std::find(addresses.begin(), addresses.end(), address) != addresses.end())
        return;
    auto const weaker = [&](Address const& other) { return strength(other) > strength(address); };
    addresses.insert(std::find_if(addresses.begin(), addresses.end(), weaker), std::move(address));
}

Address const* find_address(std::vector<Address> const& addresses, std::string_view kind) noexcept
{
    auto const found = std::find_if(addresses.begin(), addresses.end(), [&](Address const& a) { return a.kind == kind; });
    return found == addresses.end() ? nullptr : &*found;
}

} // namespace deskbridge::whatsapp
