#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace deskbridge {

// Languages are BCP 47 tags as the catalogues are named: "en", "es", "pt-BR", "de", "fr", "hi", "id", "ar".
// All functions are pure; any thread.

/// The enabled language a text is written in, if the detector calls itself reliable, nearly all of the text is in that
/// language, and there are more than a few words (five; links, references and numbers do not count).
/// Source: CLD2, https://github.com/CLD2Owners/cld2.
[[nodiscard]] std::optional<std::string> detect_language(std::string_view text, std::span<std::string const> enabled);

/// What the detector says of the text as a whole: the answer of `detect_language` if that has one. Of a text of two languages it may call
/// one. A third of the work.
[[nodiscard]] std::optional<std::string> leading_language(std::string_view text, std::span<std::string const> enabled);

/// The first enabled language of the country a phone number belongs to. @param digits international, without "+".
/// Source: ITU-T E.164 assigned country codes (2016-12) and CLDR 42 territory languages.
[[nodiscard]] std::optional<std::string> language_of_number(std::string_view digits, std::span<std::string const> enabled);

/// The same for an ISO 3166 country code, in any case ("BR"; WhatsApp's business-scoped ids begin with one).
[[nodiscard]] std::optional<std::string> language_of_country(std::string_view country, std::span<std::string const> enabled);

} // namespace deskbridge
