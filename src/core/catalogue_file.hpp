#pragma once

#include "deskbridge/core/catalogue.hpp"
#include "time_phrases.hpp"

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace deskbridge {

inline constexpr std::size_t text_count = static_cast<std::size_t>(TextKey::notice_closing_soon) + 1;

/// One catalogue file, read: config/catalogues/<language>.json, with an account's overrides laid over it.
struct LanguageTexts {
    std::string language;
    std::string name; ///< as its speakers call it
    std::array<std::string, text_count> texts;
    Phrases phrases;
    Plurals plurals;
    std::map<Command, std::vector<std::string>> commands;
    std::map<std::string, std::vector<std::string>, std::less<>> language_names; ///< by language
    std::vector<std::string> closers;
};

using Problems = std::vector<std::string>;

/// One file, or one language's part of the overrides, laid over `into`. Texts, phrases and counted phrases replace; words
/// are added. What is not understood goes to `problems`, each beginning with the language and the place.
void apply_catalogue(std::string_view json, LanguageTexts& into, Problems& problems);

/// All of an account's overrides. `known` are built-in languages; those that are not in `into` are checked and forgotten.
void apply_overrides(std::string_view json, std::vector<LanguageTexts>& into, Problems& problems);

/// Whatever is missing, too long or uses a placeholder wrongly.
void check_texts(LanguageTexts const& texts, Problems& problems);

/// Every word of every language; two meanings of one word are a problem.
[[nodiscard]] CommandWords collect_words(std::vector<LanguageTexts> const& languages, std::vector<std::string> const& common_closers,
                                         Problems& problems);

/// The closers of common.json.
[[nodiscard]] std::vector<std::string> parse_common_closers(std::string_view json);

} // namespace deskbridge
