#pragma once

#include "config.hpp"

namespace deskbridge::app {

/// One `[[account]]`: the common keys, then those that its channel's adapter declares.
[[nodiscard]] AccountConfig read_account(TomlReader& reader, std::filesystem::path const& base);

/// What only shows when all accounts are known: names and numbers used twice, hooks shared across channels, certificates that nobody
/// could check.
/// `readers[i]` has read `accounts[i]`.
void check_accounts(std::vector<AccountConfig> const& accounts, std::vector<TomlReader>& readers, ServerConfig const& server);

} // namespace deskbridge::app
