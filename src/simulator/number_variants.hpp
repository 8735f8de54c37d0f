#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace deskbridge::simulator {

/// Other ways to dial the same phone: Brazil with and without the 9 of mobile numbers, Mexico with and without the 1, Argentina with
/// and without the 9. Digits in, digits out; empty: there is no other.
/// Source: Meta, WhatsApp Cloud API, "Phone number formats", read 2026-10; E.164 numbering plans of the three countries.
[[nodiscard]] std::vector<std::string> variants_of(std::string_view digits);

} // namespace deskbridge::simulator
