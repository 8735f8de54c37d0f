#include "deskbridge/core/text.hpp"

#include "utf8.hpp"

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include <stdexcept>

namespace deskbridge {
namespace {

icu::Normalizer2 const& normalizer(icu::Normalizer2 const* (*instance)(UErrorCode&))
{
    UErrorCode status = U_ZERO_ERROR;
    auto const* found = instance(status);
    if (U_FAILURE(status))
        throw std::runtime_error{"ICU has no normalisation data"};
    return *found;
}

int decimal_digit(UChar32 value) noexcept
{
    return u_charType(value) == U_DECIMAL_DIGIT_NUMBER ? u_charDigitValue(value) : -1;
}

/// Accents and points that people leave out when they type fast. The vowel signs of Indic scripts are no accents.
bool is_dropped_mark(UChar32 value) noexcept
{
    auto const type = u_charType(value);
    if (type != U_NON_SPACING_MARK && type != U_ENCLOSING_MARK)
        return false;
    constexpr UChar32 devanagari_nukta = 0x093C;
    UErrorCode status = U_ZERO_ERROR;
    auto const script = uscript_getScript(value, &status);
    return value == devanagari_nukta || script == USCRIPT_INHERITED || script == USCRIPT_COMMON || script == USCRIPT_LATIN
           || script == USCRIPT_ARABIC || script == USCRIPT_HEBREW;
}

bool is_apostrophe(UChar32 value) noexcept
{
    return value == '\'' || value == 0x2019 || value == 0x2018 || value == 0x02BC || value == '`' || value == 0x00B4;
}

/// Letters that one keyboard or another writes for the same sound.
UChar32 plain_letter(UChar32 value) noexcept
{
    switch (value) {
    case 0x0671: return 0x0627; // alef wasla
    case 0x0649:                // alef maksura
    case 0x06CC: return 0x064A; // Persian yeh
    case 0x0629: return 0x0647; // teh marbuta
    case 0x06A9: return 0x0643; // Persian kaf
    case 0x0131: return 'i';    // dotless i
    default:     return value;
    }
}

/// What the rules below come to for ASCII: letters in lower case, digits, and a space for a run of anything else.
std::string fold_ascii(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    bool gap = false;
    for (char const c : text) {
        bool const upper = c >= 'A' && c <= 'Z';
        if (c == '\'' || c == '`')
            continue;
        if (!upper && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9')) {
            gap = true;
            continue;
        }
        if (gap && !out.empty())
            out += ' ';
        gap = false;
        out += static_cast<char>(upper ? c - 'A' + 'a' : c);
    }
    return out;
}

} // namespace

std::string ascii_digits(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for_each_code_point(text, [&](CodePoint const& point) {
        if (auto const digit = decimal_digit(point.value); digit >= 0)
            out += static_cast<char>('0' + digit);
        else
            out += text.substr(point.begin, point.end - point.begin);
    });
    return out;
}

std::string fold_for_match(std::string_view text)
{
    if (is_ascii(text))
        return fold_ascii(text);
    static auto const& case_folder = normalizer(&icu::Normalizer2::getNFKCCasefoldInstance);
    static auto const& decomposer = normalizer(&icu::Normalizer2::getNFDInstance);
    UErrorCode status = U_ZERO_ERROR;
    auto const source = icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())});
    auto const decomposed = decomposer.normalize(case_folder.normalize(source, status), status);
    constexpr UChar32 tatweel = 0x0640;

    std::string out;
    bool gap = false;
    for (std::int32_t at = 0; at < decomposed.length(); at = decomposed.moveIndex32(at, 1)) {
        auto const value = decomposed.char32At(at);
        if (is_dropped_mark(value) || is_apostrophe(value) || value == tatweel)
            continue;
        auto const type = U_GET_GC_MASK(value);
        if ((type & (U_GC_L_MASK | U_GC_M_MASK | U_GC_ND_MASK)) == 0) {
            gap = true;
            continue;
        }
        if (gap && !out.empty())
            out += ' ';
        gap = false;
        auto const digit = decimal_digit(value);
        append_utf8(out, digit >= 0 ? '0' + digit : plain_letter(value));
    }
    return out;
}

} // namespace deskbridge
