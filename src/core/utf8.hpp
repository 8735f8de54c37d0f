#pragma once

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

namespace deskbridge {

/// One code point of a text and the bytes it stands in; U+FFFD for malformed bytes.
struct CodePoint {
    UChar32 value;
    std::size_t begin;
    std::size_t end;
};

/// The code point at `at` (< text.size()).
inline CodePoint code_point_at(std::string_view text, std::size_t at) noexcept
{
    auto next = static_cast<std::int64_t>(at);
    UChar32 value = 0;
    U8_NEXT_OR_FFFD(reinterpret_cast<std::uint8_t const*>(text.data()), next, static_cast<std::int64_t>(text.size()), value);
    return {value, at, static_cast<std::size_t>(next)};
}

/// Most texts are, and what Unicode says of them is short.
inline bool is_ascii(std::string_view text) noexcept
{
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// Calls `visit(CodePoint)` for each code point in order.
template <class Visit>
void for_each_code_point(std::string_view text, Visit&& visit)
{
    for (std::size_t at = 0; at < text.size();) {
        auto const point = code_point_at(text, at);
        visit(point);
        at = point.end;
    }
}

inline void append_utf8(std::string& out, UChar32 value)
{
    if (value >= 0 && value < 0x80) {
        out += static_cast<char>(value);
        return;
    }
    std::uint8_t bytes[U8_MAX_LENGTH];
    std::size_t length = 0;
    auto const point = static_cast<std::uint32_t>(value);
    U8_APPEND_UNSAFE(bytes, length, point);
    out.append(bytes, bytes + length);
}

inline bool is_white_space(UChar32 value) noexcept
{
    if (value < 0x80) // most are, and the table is far to ask
        return value == ' ' || (value >= '\t' && value <= '\r');
    return u_hasBinaryProperty(value, UCHAR_WHITE_SPACE) != 0;
}

/// Marks, embeddings, overrides and isolates of the bidirectional algorithm.
inline bool is_direction_control(UChar32 value) noexcept
{
    return u_hasBinaryProperty(value, UCHAR_BIDI_CONTROL) != 0;
}

} // namespace deskbridge
