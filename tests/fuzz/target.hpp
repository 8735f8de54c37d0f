#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace deskbridge::fuzz {

/// A property of the code under test that an input has broken.
class Broken : public std::logic_error {
public:
    using std::logic_error::logic_error;
};

inline void must(bool holds, char const* what)
{
    if (!holds)
        throw Broken{what};
}

/// An input taken apart from its beginning; what is not there is 0 or empty.
class Cut {
public:
    explicit Cut(std::string_view input) noexcept : rest_{input} {}

    std::uint8_t byte() noexcept
    {
        auto const first = take(1);
        return first.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(first.front());
    }
    /// Up to the next line feed, which is left out.
    std::string_view line() noexcept
    {
        auto const end = rest_.find('\n');
        auto const text = take(end);
        rest_.remove_prefix(end == std::string_view::npos ? 0 : 1);
        return text;
    }
    std::string_view take(std::size_t length) noexcept
    {
        auto const text = rest_.substr(0, length);
        rest_.remove_prefix(text.size());
        return text;
    }
    [[nodiscard]] std::string_view rest() const noexcept { return rest_; }

private:
    std::string_view rest_;
};

} // namespace deskbridge::fuzz
