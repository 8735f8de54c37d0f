#include "syntax.hpp"

#include <algorithm>

namespace deskbridge::net {
namespace {

constexpr std::size_t max_host = 255;

bool is_digit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

bool is_alphanumeric(char c) noexcept
{
    return is_digit(c) || (lower_ascii(c) >= 'a' && lower_ascii(c) <= 'z');
}

bool is_token_char(char c) noexcept
{
    return is_alphanumeric(c) || std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos;
}

bool is_host(std::string_view host) noexcept
{
    if (host.empty() || host.size() > max_host)
        return false;
    if (host.front() != '[')
        return std::all_of(host.begin(), host.end(),
                           [](char c) { return is_alphanumeric(c) || c == '.' || c == '-' || c == '_'; });
    auto const inner = host.substr(1, host.size() - 2);
    return host.size() > 3 && host.back() == ']' && inner.find(':') != std::string_view::npos &&
           std::all_of(inner.begin(), inner.end(), [](char c) { return hex_value(c) >= 0 || c == ':' || c == '.'; });
}

} // namespace

bool is_token(std::string_view text) noexcept
{
    return !text.empty() && std::all_of(text.begin(), text.end(), is_token_char);
}

std::string lower_case(std::string_view text)
{
    std::string out{text};
    std::transform(out.begin(), out.end(), out.begin(), lower_ascii);
    return out;
}

std::string_view trimmed(std::string_view text) noexcept
{
    auto const first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool has_list_word(std::string_view list, std::string_view word) noexcept
{
    while (true) {
        auto const comma = list.find(',');
        if (same_word(trimmed(list.substr(0, comma)), word))
            return true;
        if (comma == std::string_view::npos)
            return false;
        list.remove_prefix(comma + 1);
    }
}

std::optional<std::uint64_t> parse_digits(std::string_view text) noexcept
{
    if (text.empty() || text.size() > 18 || (text.size() > 1 && text.front() == '0'))
        return std::nullopt;
    std::uint64_t value = 0;
    for (char const c : text) {
        if (!is_digit(c))
            return std::nullopt;
        value = value * 10 + static_cast<std::uint64_t>(c - '0');
    }
    return value;
}

std::optional<std::string> percent_decoded(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        int const high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
        int const low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
        if (high < 0 || low < 0 || high + low == 0)
            return std::nullopt;
        out += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return out;
}

bool is_field_value(std::string_view text) noexcept
{
    return std::none_of(text.begin(), text.end(), [](char c) {
        auto const byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\t') || byte == 0x7f;
    });
}

std::optional<Authority> parse_authority(std::string_view text) noexcept
{
    auto const bracket = text.rfind(']');
    auto const colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
    Authority out{text.substr(0, colon)};
    if (!is_host(out.host))
        return std::nullopt;
    if (colon == std::string_view::npos)
        return out;
    auto const port = parse_digits(text.substr(colon + 1));
    if (!port || *port == 0 || *port > 65535)
        return std::nullopt;
    out.port = static_cast<std::uint16_t>(*port);
    return out;
}

} // namespace deskbridge::net
