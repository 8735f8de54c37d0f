#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace deskbridge::channel {

/// JSON that a strict reader would refuse as a whole although one text or number in it is at fault, mended: escapes of
/// NUL and of lone surrogates, and malformed UTF-8 inside strings, become U+FFFD; a number beyond a double becomes null.
/// Anything else that is wrong stays wrong. nullopt: nothing to mend (the usual case, and no copy is made).
[[nodiscard]] std::optional<std::string> mend_json(std::string_view text);

} // namespace deskbridge::channel
