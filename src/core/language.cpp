#include "deskbridge/core/language.hpp"

#include "country.hpp"
#include "deskbridge/core/text.hpp"
#include "utf8.hpp"

#include <cstdio> // compact_lang_det.h names FILE

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

#include <algorithm>

namespace deskbridge {
namespace {

constexpr std::size_t least_words = 5;
constexpr int least_percent = 80;
/// More than this tells the detector nothing new.
constexpr std::size_t most_bytes = 4096;

/// Words only: what has a digit, an "@" or looks like a link is in no language.
std::string words_of(std::string_view text)
{
    std::string out;
    std::string word;
    bool counts = true;
    auto const finish = [&] {
        if (counts && !word.empty() && word.find("://") == std::string::npos && !word.starts_with("www."))
            out += word + ' ';
        word.clear();
        counts = true;
    };
    for_each_code_point(text, [&](CodePoint const& point) {
        if (is_white_space(point.value))
            return finish();
        if (point.value == '@' || u_charType(point.value) == U_DECIMAL_DIGIT_NUMBER)
            counts = false;
        append_utf8(word, point.value);
    });
    finish();
    return out;
}

std::string_view base_of(std::string_view language) noexcept
{
    return language.substr(0, language.find('-'));
}

std::optional<std::string> find_enabled(std::string_view base, std::span<std::string const> enabled)
{
    for (auto const& language : enabled)
        if (base_of(language) == base)
            return language;
    return std::nullopt;
}

/// @param spoken  base tags, separated by spaces, the most usual first.
std::optional<std::string> first_enabled(std::string_view spoken, std::span<std::string const> enabled)
{
    while (!spoken.empty()) {
        auto const end = std::min(spoken.find(' '), spoken.size());
        if (auto found = find_enabled(spoken.substr(0, end), enabled))
            return found;
        spoken.remove_prefix(std::min(end + 1, spoken.size()));
    }
    return std::nullopt;
}

/// @param words  valid UTF-8.
std::optional<std::string> detect(std::string_view words, std::span<std::string const> enabled)
{
    CLD2::CLDHints const no_hints{nullptr, nullptr, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
    CLD2::Language best[3];
    int percent[3];
    double score[3];
    int bytes = 0;
    bool reliable = false;
    auto const language = CLD2::ExtDetectLanguageSummary(words.data(), static_cast<int>(words.size()), true, &no_hints, 0, best, percent,
                                                         score, nullptr, &bytes, &reliable);
    if (!reliable || language != best[0] || percent[0] < least_percent)
        return std::nullopt;
    // The detector takes short Indonesian texts for Malay, which we do not speak.
    return find_enabled(language == CLD2::MALAY ? "id" : CLD2::LanguageCode(language), enabled);
}

std::optional<std::string> detect_if_long(std::string_view words, std::span<std::string const> enabled)
{
    return word_count(words, least_words) < least_words ? std::nullopt : detect(words, enabled);
}

} // namespace

std::optional<std::string> leading_language(std::string_view text, std::span<std::string const> enabled)
{
    return detect_if_long(words_of(text.substr(0, most_bytes)), enabled);
}

std::optional<std::string> detect_language(std::string_view text, std::span<std::string const> enabled)
{
    auto const words = words_of(text.substr(0, most_bytes));
    auto found = detect_if_long(words, enabled);
    if (!found)
        return std::nullopt;
    // The detector calls a text of two languages one of them with full confidence; its halves tell.
    auto const middle = words.find(' ', words.size() / 2);
    for (auto const half : {std::string_view{words}.substr(0, middle), std::string_view{words}.substr(std::min(middle, words.size()))}) {
        auto const other = detect_if_long(half, enabled);
        if (other && *other != *found)
            return std::nullopt;
    }
    return found;
}

std::optional<std::string> language_of_number(std::string_view digits, std::span<std::string const> enabled)
{
    return first_enabled(languages_of_number(digits), enabled);
}

std::optional<std::string> language_of_country(std::string_view country, std::span<std::string const> enabled)
{
    return first_enabled(languages_of_country(country), enabled);
}

} // namespace deskbridge
