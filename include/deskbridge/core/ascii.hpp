#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>

/// Letters of protocols: ASCII alone, whatever the locale. Pure; any thread.
namespace deskbridge {

[[nodiscard]] constexpr char lower_ascii(char c) noexcept
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Equal without case.
[[nodiscard]] constexpr bool same_word(std::string_view a, std::string_view b) noexcept
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower_ascii(x) == lower_ascii(y); });
}

/// Does `part` stand anywhere in it, without case? "" does.
[[nodiscard]] constexpr bool holds_word(std::string_view text, std::string_view part) noexcept
{
    auto const same = [](char x, char y) { return lower_ascii(x) == lower_ascii(y); };
    return part.empty() || std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

/// Of a hexadecimal digit; -1 of anything else.
[[nodiscard]] constexpr int hex_value(char c) noexcept
{
    if (c >= '0' && c <= '9')
        return c - '0';
    auto const letter = lower_ascii(c);
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

/// Two lower-case digits a byte.
[[nodiscard]] inline std::string render_hex(std::span<unsigned char const> bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    out.reserve(bytes.size() * 2);
    for (auto const byte : bytes) {
        out += digits[byte >> 4U];
        out += digits[byte & 0x0FU];
    }
    return out;
}

} // namespace deskbridge
