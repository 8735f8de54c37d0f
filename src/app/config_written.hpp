#pragma once

#include "config.hpp"

#include <map>
#include <string>
#include <vector>

namespace deskbridge::app {

/// The file's settings as written, but for the secrets' sources: those are taken over without a restart. Accounts go by
/// their names; an account's file of texts counts with its content, by digest.
[[nodiscard]] std::map<std::string, std::string> written_settings(toml::table const& table, Config const& config);

/// The names of the settings that are there in only one of the two, or differ; never a value.
[[nodiscard]] std::vector<std::string> changed_settings(Config const& running, Config const& fresh);

} // namespace deskbridge::app
