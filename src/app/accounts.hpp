#pragma once

#include "config.hpp"

#include "deskbridge/channel/account_context.hpp"
#include "deskbridge/core/result.hpp"
#include "deskbridge/flow/outbox_pump.hpp"
#include "deskbridge/store/store.hpp"

namespace deskbridge::app {

/// Makes the store's accounts those of the configuration and builds what the daemon's parts share about each: row,
/// credentials, policy, texts. Secrets must be resolved.
/// Errors: storage.
[[nodiscard]] Result<channel::AccountContexts> build_accounts(Config const& config, store::Store& store, Timestamp now);

/// How messages leave, of all accounts.
[[nodiscard]] flow::OutboxSettings outbox_settings(Config const& config);

/// Takes over the secrets of a configuration that was read again; nothing else changes without a restart.
void replace_secrets(channel::AccountContexts& accounts, Config const& fresh);

} // namespace deskbridge::app
