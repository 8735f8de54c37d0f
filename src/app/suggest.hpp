#pragma once

#include <span>
#include <string>
#include <string_view>

namespace deskbridge::app {

/// The known word that `typed` was most probably meant to be; "" if none is close (two edits, or a third of its length).
[[nodiscard]] std::string suggest(std::string_view typed, std::span<std::string const> known);

} // namespace deskbridge::app
