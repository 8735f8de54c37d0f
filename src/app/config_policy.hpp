#pragma once

#include "toml_reader.hpp"

#include "deskbridge/core/policy.hpp"

namespace deskbridge::app {

/// The keys of an `[[account]]` that say how its tickets behave; absent ones keep their defaults.
void read_policy(TomlReader& reader, AccountPolicy& policy);

} // namespace deskbridge::app
