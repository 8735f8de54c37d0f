#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deskbridge {

// Text is UTF-8 everywhere; malformed bytes count as U+FFFD. All functions are pure and may be called from any thread.
// Sources: Unicode 15 (UAX 9 isolates, UAX 15 normalisation, UAX 29 graphemes), by way of ICU.

/// What may be stored and shown of a text from outside: malformed bytes, NUL and control characters become U+FFFD,
/// CR and CRLF become LF; LF and TAB stay.
[[nodiscard]] std::string clean_text(std::string_view raw);

/// Where the first byte stands that is not UTF-8; nullopt: there is none. Source: Unicode 15, table 3-7.
[[nodiscard]] std::optional<std::size_t> first_malformed(std::string_view text) noexcept;

/// Nothing to see in it: empty, or white space and invisible characters only.
[[nodiscard]] bool is_blank(std::string_view text) noexcept;

/// Length as UTF-16 counts it: the larger of the two counts a provider may use.
[[nodiscard]] std::size_t utf16_units(std::string_view text) noexcept;

/// What a reader calls characters (extended grapheme clusters).
[[nodiscard]] std::vector<std::string_view> graphemes(std::string_view text);

/// Words with at least one letter, counted up to `most`; numbers and punctuation do not count. Scripts without spaces go by dictionary.
[[nodiscard]] std::size_t word_count(std::string_view text, std::size_t most);

/// Every decimal digit of any script becomes its ASCII digit: "٤٨२१" -> "4821". The rest stays.
[[nodiscard]] std::string ascii_digits(std::string_view text);

/// Two texts that a person would call the same word fold to the same bytes: case, accents, width, Arabic and Hebrew
/// points, alef, yeh and teh forms, nukta, punctuation, emoji, invisible characters and runs of spaces make no
/// difference; digits become ASCII. May be empty ("?", "👍").
[[nodiscard]] std::string fold_for_match(std::string_view text);

/// The text in parts of at most `max_units` UTF-16 units (>= 2), cut at the latest paragraph, else sentence, else space
/// that leaves no part nearly empty, else between graphemes; a grapheme longer than a part is cut between code points.
/// White space at a cut is dropped; no part is empty; an empty or blank text answers no part.
[[nodiscard]] std::vector<std::string> split_text(std::string_view text, std::size_t max_units);

/// At most `max_units` UTF-16 units (>= 1); what is cut ends in "…", between graphemes, at a space when one is near.
[[nodiscard]] std::string shorten(std::string_view text, std::size_t max_units);

/// A name from outside, to be shown in a line: cleaned, without direction controls, every run of white space one space;
/// "" if nothing of it can be seen.
[[nodiscard]] std::string one_line(std::string_view text);

/// A customer's words as part of a sentence of ours: one line, cleaned, without direction controls, and every mark that
/// WhatsApp could take for formatting replaced by its look-alike (∗ ＿ ∼ ˋ, › at the start, and so on).
/// Source: WhatsApp Help Center, "How to format your messages" (2025-11).
[[nodiscard]] std::string neutral_line(std::string_view text);

/// Without marks, embeddings, overrides and isolates of the bidirectional algorithm: invisible, they could make a name swallow
/// what follows it, and show "invoice<U+202E>fdp.exe" as a PDF.
[[nodiscard]] std::string without_direction_controls(std::string_view text);

/// Wrapped in FSI … PDI, so that its direction and that of its surroundings leave each other alone.
[[nodiscard]] std::string isolate(std::string_view text);

/// Wrapped in LRI … PDI: for references, numbers and links inside right-to-left text.
[[nodiscard]] std::string isolate_ltr(std::string_view text);

/// Are sentences of this language written from right to left? "ar", "he", "fa", "ur", …
[[nodiscard]] bool is_right_to_left(std::string_view language) noexcept;

} // namespace deskbridge
