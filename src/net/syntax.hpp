#pragma once

#include "deskbridge/core/ascii.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace deskbridge::net {

/// The small words of HTTP's grammar, ASCII only. Threads: pure; any thread. Source: RFC 9110 section 5.6, RFC 3986.

[[nodiscard]] bool is_token(std::string_view text) noexcept;
[[nodiscard]] std::string lower_case(std::string_view text);
/// Without spaces and tabs at both ends.
[[nodiscard]] std::string_view trimmed(std::string_view text) noexcept;
/// Is `word` (without case) an element of the comma-separated list?
[[nodiscard]] bool has_list_word(std::string_view list, std::string_view word) noexcept;
/// Digits alone, at most 18 of them, without leading zeros.
[[nodiscard]] std::optional<std::uint64_t> parse_digits(std::string_view text) noexcept;
/// %XX decoded ('+' stays a plus); nullopt on a broken escape and on %00.
[[nodiscard]] std::optional<std::string> percent_decoded(std::string_view text);
/// May stand in a header value: no control character but the tab.
[[nodiscard]] bool is_field_value(std::string_view text) noexcept;

/// host[:port], without user info. `host` keeps the brackets of an IPv6 address; port 0: none was given.
struct Authority {
    std::string_view host;
    std::uint16_t port{0};
};
[[nodiscard]] std::optional<Authority> parse_authority(std::string_view text) noexcept;

} // namespace deskbridge::net
