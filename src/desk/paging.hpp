#pragma once

#include "work.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <string>

/// Where pages end.
namespace deskbridge::desk {

template <class AnyId>
inline constexpr AnyId last_id{std::numeric_limits<std::int64_t>::max()};

/// Whole numbers with dots between them, as pages end: "1767571200123.1042". Errors: malformed.
template <std::size_t count>
std::array<std::int64_t, count> numbers_in(std::string const& after)
{
    std::array<std::int64_t, count> numbers{};
    auto const* at = after.data();
    auto const* const end = at + after.size();
    for (std::size_t i = 0; i < count; ++i) {
        auto const read = std::from_chars(at, end, numbers.at(i));
        bool const last = i + 1 == count;
        if (read.ec != std::errc{} || (last ? read.ptr != end : read.ptr == end || *read.ptr != '.') || numbers.at(i) <= 0)
            fail(Fault::malformed, "this is not where a page ended");
        at = last ? end : read.ptr + 1;
    }
    return numbers;
}

} // namespace deskbridge::desk
