#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace deskbridge::test {

/// The text with the first `from` replaced, which must be in it.
[[nodiscard]] inline std::string replaced(std::string text, std::string_view from, std::string_view to)
{
    auto const at = text.find(from);
    if (at == std::string::npos)
        throw std::invalid_argument{"not in the text: " + std::string{from}};
    return text.replace(at, from.size(), to);
}

} // namespace deskbridge::test
