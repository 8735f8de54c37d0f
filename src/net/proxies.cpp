#include "proxies.hpp"

#include "syntax.hpp"

#include <algorithm>
#include <optional>

namespace deskbridge::net {
namespace {

namespace ip = boost::asio::ip;

constexpr int mapped_bits = 96;

/// IPv4 as v4-mapped, so that both compare.
std::optional<ip::address_v6> as_v6(std::string_view text)
{
    boost::system::error_code ec;
    auto const address = ip::make_address(std::string{text}, ec);
    if (ec)
        return std::nullopt;
    return address.is_v6() ? address.to_v6() : ip::make_address_v6(ip::v4_mapped, address.to_v4());
}

bool begins_alike(ip::address_v6::bytes_type const& a, ip::address_v6::bytes_type const& b, int bits) noexcept
{
    auto const whole = static_cast<std::size_t>(bits / 8);
    if (!std::equal(a.begin(), a.begin() + bits / 8, b.begin()))
        return false;
    return bits % 8 == 0 || ((a[whole] ^ b[whole]) >> (8 - bits % 8)) == 0;
}

/// An address as proxies write it: perhaps in brackets, perhaps with a port.
std::optional<ip::address_v6> listed_address(std::string_view text)
{
    text = trimmed(text);
    if (text.starts_with('['))
        text = text.substr(1, text.find(']') - 1);
    else if (std::count(text.begin(), text.end(), ':') == 1)
        text = text.substr(0, text.find(':'));
    return as_v6(text);
}

std::string shown(ip::address_v6 const& address)
{
    return address.is_v4_mapped() ? ip::make_address_v4(ip::v4_mapped, address).to_string() : address.to_string();
}

} // namespace

Result<TrustedProxies::Range> TrustedProxies::read_range(std::string_view text)
{
    Error const malformed{Fault::malformed, "not an address or a network such as 10.0.0.0/8: " + std::string{text}};
    auto const slash = text.find('/');
    auto const from = as_v6(text.substr(0, slash));
    if (!from || from->scope_id() != 0)
        return malformed;
    bool const v4 = text.find(':') == std::string_view::npos;
    if (slash == std::string_view::npos)
        return Range{*from, 128};
    auto const bits = parse_digits(text.substr(slash + 1));
    if (!bits || *bits > (v4 ? 32u : 128u))
        return malformed;
    return Range{*from, static_cast<int>(*bits) + (v4 ? mapped_bits : 0)};
}

Result<TrustedProxies> TrustedProxies::read(std::vector<std::string> const& texts)
{
    TrustedProxies out;
    for (auto const& text : texts) {
        auto range = read_range(text);
        if (!range)
            return range.error();
        out.ranges_.push_back(*range);
    }
    return out;
}

bool TrustedProxies::contains(ip::address_v6 const& address) const
{
    return std::any_of(ranges_.begin(), ranges_.end(), [bytes = address.to_bytes()](Range const& range) {
        return begins_alike(bytes, range.from.to_bytes(), range.bits);
    });
}

bool TrustedProxies::contains(std::string_view address) const
{
    auto const v6 = ranges_.empty() ? std::nullopt : as_v6(address);
    return v6 && contains(*v6);
}

std::string TrustedProxies::client_of(Headers const& headers) const
{
    std::string list;
    for (auto const& [name, value] : headers)
        if (same_word(name, "X-Forwarded-For"))
            list += (list.empty() ? "" : ",") + value;
    std::string_view rest = list;
    while (!rest.empty()) {
        auto const comma = rest.rfind(',');
        auto const address = listed_address(comma == std::string_view::npos ? rest : rest.substr(comma + 1));
        if (!address)
            return {};
        if (!contains(*address))
            return shown(*address);
        rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(0, comma);
    }
    return {};
}

std::string neighbour_of(std::string_view address)
{
    auto const v6 = as_v6(address);
    if (!v6 || v6->is_v4_mapped())
        return v6 ? shown(*v6) : std::string{address};
    auto bytes = v6->to_bytes();
    std::fill(bytes.begin() + 8, bytes.end(), std::uint8_t{0});
    return ip::address_v6{bytes}.to_string() + "/64";
}

} // namespace deskbridge::net
