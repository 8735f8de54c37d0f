#pragma once

#include "toml_reader.hpp"

#include <string>

namespace deskbridge::app {

/// A syntax error in words for whoever wrote the file, with line, column and the key that it stands behind. What stands
/// there is not repeated: it may be a secret.
[[nodiscard]] Problem explain(toml::parse_error const& error, std::string const& file, std::string const& text);

} // namespace deskbridge::app
