#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deskbridge {

// A ticket's reference: random digits, the last one a Damm check digit, which catches every single wrong digit and every
// swap of neighbours. Stored as digits only ("48219376"), shown in groups with a prefix ("#4821-9376").
// All functions are pure; any thread. Source: H. M. Damm, "Total anti-symmetrische Quasigruppen", Marburg 2004.

inline constexpr int shortest_reference = 8;  ///< digits, check digit included
inline constexpr int longest_reference = 12;

/// The check digit of ASCII digits.
[[nodiscard]] char damm_digit(std::string_view digits) noexcept;

/// 8 to 12 ASCII digits, the first not 0, with the right check digit?
[[nodiscard]] bool is_reference(std::string_view digits) noexcept;

/// How many digits the next reference should have, check digit included: one more whenever a fifth of the space is used.
[[nodiscard]] int reference_length(std::uint64_t references_in_use) noexcept;

/// A new reference in its stored form. @param dice uniformly random; the caller draws again when it is taken.
[[nodiscard]] std::string make_reference(std::uint64_t dice, int length = shortest_reference);

/// As people see it: "48219376" -> "#4821-9376". Other lengths: 123-456-789, 123-456-7890, 1234-5678-901, …
[[nodiscard]] std::string show_reference(std::string_view digits, std::string_view prefix = "#");

/// A stretch of text that may be a reference.
struct ReferenceCandidate {
    std::string digits;       ///< in stored form
    bool valid{false};        ///< the check digit is right
    bool marked{false};       ///< written like one: with the prefix, or grouped as we show it
    std::size_t begin{0};     ///< in bytes of the text asked about, prefix included
    std::size_t end{0};
    friend bool operator==(ReferenceCandidate const&, ReferenceCandidate const&) = default;
};

/// The whole text is one reference, give or take the prefix, spaces, dashes, direction marks and punctuation around it,
/// in any script's digits; also with a wrong check digit (`valid` tells), so that a typing error can be answered.
/// An unmarked number with a wrong check digit is no reference: somebody's order number is not our business.
[[nodiscard]] std::optional<ReferenceCandidate> find_lone_reference(std::string_view text, std::string_view prefix = "#");

/// Every stretch that may be a reference with a right check digit, in order, at most 16. They may overlap ("12 4821-9376"
/// may be read in two ways): the caller knows which ones are the customer's own.
[[nodiscard]] std::vector<ReferenceCandidate> find_references(std::string_view text, std::string_view prefix = "#");

/// The same, and also marked ones with a wrong check digit.
[[nodiscard]] std::vector<ReferenceCandidate> find_marked_references(std::string_view text, std::string_view prefix = "#");

/// An agent's or a command line's spelling, with or without prefix, to the stored form; nullopt if it is none.
[[nodiscard]] std::optional<std::string> parse_reference(std::string_view typed, std::string_view prefix = "#");

} // namespace deskbridge
