#pragma once

#include "deskbridge/channel/adapter.hpp"
#include "deskbridge/core/catalogue.hpp"
#include "deskbridge/core/ids.hpp"
#include "deskbridge/core/policy.hpp"

#include <memory>
#include <vector>

namespace deskbridge::channel {

/// A configured account, complete: what the daemon's parts (flow, desk) share about it. Built once by the composition;
/// constant but for the secrets, which SIGHUP replaces in place between two events of the reactor.
struct AccountContext {
    AccountId id{};            ///< its row
    Account account;           ///< credentials, as the adapter sees them
    Adapter const* adapter{nullptr};
    std::string public_url{};  ///< where the daemon is to be found from outside; files are fetched from below it
    std::string hook;          ///< name of the URL that its webhooks come to
    std::string client_certificate; ///< name in the certificate that webhooks must come with; empty: none is needed
    AccountPolicy policy;
    std::shared_ptr<Catalogue const> catalogue;
};

/// All configured accounts, in the configuration's order. Addresses stay stable while the daemon runs.
using AccountContexts = std::vector<std::unique_ptr<AccountContext>>;

[[nodiscard]] inline AccountContext const* find_account(AccountContexts const& accounts, AccountId id) noexcept
{
    for (auto const& account : accounts)
        if (account->id == id)
            return account.get();
    return nullptr;
}

} // namespace deskbridge::channel
