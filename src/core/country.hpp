#pragma once

#include <string_view>

namespace deskbridge {

/// Languages written there, the most usual first, separated by spaces; empty if we have no say in it.
/// @param digits   an international number without "+". Sources: see language.hpp.
[[nodiscard]] std::string_view languages_of_number(std::string_view digits) noexcept;
/// @param country  ISO 3166 alpha-2, in any case.
[[nodiscard]] std::string_view languages_of_country(std::string_view country) noexcept;

} // namespace deskbridge
