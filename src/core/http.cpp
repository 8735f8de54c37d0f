#include "deskbridge/core/http.hpp"

#include "deskbridge/core/ascii.hpp"

#include <algorithm>

namespace deskbridge {
namespace {

std::optional<std::string> decode_query(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+') {
            out += ' ';
        } else if (text[i] == '%') {
            int const high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
            int const low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
            if (high < 0 || low < 0)
                return std::nullopt;
            out += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

} // namespace

std::optional<std::string_view> Headers::find(std::string_view name) const noexcept
{
    std::optional<std::string_view> found;
    for (auto const& [key, value] : fields_) {
        if (!same_word(key, name))
            continue;
        if (found)
            return std::nullopt;
        found = value;
    }
    return found;
}

std::size_t Headers::count(std::string_view name) const noexcept
{
    return static_cast<std::size_t>(
        std::count_if(fields_.begin(), fields_.end(), [&](auto const& field) { return same_word(field.first, name); }));
}

void Headers::set(std::string_view name, std::string value)
{
    std::erase_if(fields_, [&](auto const& field) { return same_word(field.first, name); });
    fields_.emplace_back(std::string{name}, std::move(value));
}

std::string_view path_of(std::string_view target) noexcept
{
    return target.substr(0, target.find('?'));
}

std::optional<std::string> query_parameter(std::string_view target, std::string_view name)
{
    auto const mark = target.find('?');
    if (mark == std::string_view::npos)
        return std::nullopt;
    std::optional<std::string> found;
    auto rest = target.substr(mark + 1);
    while (!rest.empty()) {
        auto const end = std::min(rest.find('&'), rest.size());
        auto const pair = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        auto const equals = std::min(pair.find('='), pair.size());
        if (decode_query(pair.substr(0, equals)) != name)
            continue;
        if (found)
            return std::nullopt;
        found = decode_query(pair.substr(std::min(equals + 1, pair.size())));
        if (!found)
            return std::nullopt;
    }
    return found;
}

} // namespace deskbridge
