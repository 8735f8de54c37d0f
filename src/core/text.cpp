#include "deskbridge/core/text.hpp"

#include "utf8.hpp"

#include <unicode/brkiter.h>
#include <unicode/utext.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace deskbridge {
namespace {

using Breaker = std::unique_ptr<icu::BreakIterator>;

/// Made once per thread: opening one costs far more than using it.
icu::BreakIterator& grapheme_breaker()
{
    thread_local Breaker const breaker = [] {
        UErrorCode status = U_ZERO_ERROR;
        Breaker made{icu::BreakIterator::createCharacterInstance(icu::Locale::getRoot(), status)};
        if (U_FAILURE(status))
            throw std::runtime_error{"ICU has no grapheme rules"};
        return made;
    }();
    return *breaker;
}

icu::BreakIterator& word_breaker()
{
    thread_local Breaker const breaker = [] {
        UErrorCode status = U_ZERO_ERROR;
        Breaker made{icu::BreakIterator::createWordInstance(icu::Locale::getRoot(), status)};
        if (U_FAILURE(status))
            throw std::runtime_error{"ICU has no word rules"};
        return made;
    }();
    return *breaker;
}

/// Calls `visit(begin, end, breaker)` for each segment, as long as it answers true.
template <class Visit>
void for_each_segment(icu::BreakIterator& breaker, std::string_view text, Visit&& visit)
{
    UErrorCode status = U_ZERO_ERROR;
    UText source = UTEXT_INITIALIZER;
    utext_openUTF8(&source, text.data(), static_cast<std::int64_t>(text.size()), &status);
    breaker.setText(&source, status);
    if (U_SUCCESS(status)) {
        auto begin = breaker.first();
        for (auto end = breaker.next(); end != icu::BreakIterator::DONE; end = breaker.next()) {
            if (!visit(static_cast<std::size_t>(begin), static_cast<std::size_t>(end), breaker))
                break;
            begin = end;
        }
    }
    utext_close(&source);
    breaker.setText(icu::UnicodeString{}); // keeps no pointer into the caller's text
}

bool is_ascii_letter(char c) noexcept
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// What stands between two spaces and has ASCII letters and the marks of a sentence only, up to `most`. There are that many words at least
/// (UAX 29), and most texts need no closer look.
std::size_t plain_words(std::string_view text, std::size_t most) noexcept
{
    constexpr std::string_view marks = ".,;:!?'\"()-";
    std::size_t count = 0;
    while (!text.empty() && count < most) {
        auto const piece = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(piece.size() + 1, text.size()));
        bool const plain = std::all_of(piece.begin(), piece.end(), [&](char c) { return is_ascii_letter(c) || marks.find(c) != marks.npos; });
        count += plain && std::any_of(piece.begin(), piece.end(), is_ascii_letter) ? 1U : 0U;
    }
    return count;
}

bool is_kept_control(UChar32 value) noexcept
{
    return value == '\n' || value == '\t';
}

bool is_control(UChar32 value) noexcept
{
    return value < 0x20 || (value >= 0x7F && value < 0xA0);
}

} // namespace

std::string clean_text(std::string_view raw)
{
    std::string out;
    out.reserve(raw.size());
    bool after_return = false;
    for_each_code_point(raw, [&](CodePoint const& point) {
        auto const line_feed_of_pair = after_return && point.value == '\n';
        after_return = point.value == '\r';
        if (line_feed_of_pair)
            return;
        if (after_return)
            out += '\n';
        else if (is_control(point.value) && !is_kept_control(point.value))
            append_utf8(out, 0xFFFD);
        else
            append_utf8(out, point.value);
    });
    return out;
}

std::optional<std::size_t> first_malformed(std::string_view text) noexcept
{
    auto const* const bytes = reinterpret_cast<std::uint8_t const*>(text.data());
    auto const end = static_cast<std::int64_t>(text.size());
    for (std::int64_t at = 0; at < end;) {
        auto const begin = at;
        UChar32 value = 0;
        U8_NEXT(bytes, at, end, value);
        if (value < 0)
            return static_cast<std::size_t>(begin);
    }
    return std::nullopt;
}

bool is_blank(std::string_view text) noexcept
{
    constexpr UChar32 braille_blank = 0x2800;
    bool blank = true;
    for_each_code_point(text, [&blank](CodePoint const& point) {
        blank = blank && (u_isUWhiteSpace(point.value) || point.value == braille_blank ||
                          u_hasBinaryProperty(point.value, UCHAR_DEFAULT_IGNORABLE_CODE_POINT));
    });
    return blank;
}

std::size_t utf16_units(std::string_view text) noexcept
{
    std::size_t units = 0;
    for_each_code_point(text, [&](CodePoint const& point) { units += point.value > 0xFFFF ? 2U : 1U; });
    return units;
}

std::vector<std::string_view> graphemes(std::string_view text)
{
    std::vector<std::string_view> out;
    out.reserve(text.size());
    if (is_ascii(text)) { // UAX 29, GB3: only CR and LF belong together
        for (std::size_t at = 0; at < text.size(); at += out.back().size())
            out.push_back(text.substr(at, text.substr(at, 2) == "\r\n" ? 2 : 1));
        return out;
    }
    for_each_segment(grapheme_breaker(), text, [&](std::size_t begin, std::size_t end, icu::BreakIterator&) {
        out.push_back(text.substr(begin, end - begin));
        return true;
    });
    return out;
}

std::size_t word_count(std::string_view text, std::size_t most)
{
    if (plain_words(text, most) == most)
        return most;
    std::size_t count = 0;
    for_each_segment(word_breaker(), text, [&](std::size_t, std::size_t, icu::BreakIterator& breaker) {
        if (breaker.getRuleStatus() >= UBRK_WORD_LETTER)
            ++count;
        return count < most;
    });
    return count;
}

} // namespace deskbridge
