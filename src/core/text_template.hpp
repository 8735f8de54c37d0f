#pragma once

#include "deskbridge/core/catalogue.hpp"

#include <set>
#include <string>
#include <string_view>

namespace deskbridge {

using PlaceholderNames = std::set<std::string, std::less<>>;

/// The names a Mustache template uses, sections included. Errors: malformed (unbalanced, partials, other delimiters).
[[nodiscard]] Result<PlaceholderNames> find_placeholders(std::string const& text);

/// The template with its values, nothing escaped: texts go to a chat, not to a browser.
[[nodiscard]] std::string fill_template(std::string const& text, TextValues const& values);

} // namespace deskbridge
