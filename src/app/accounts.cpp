#include "accounts.hpp"

#include "deskbridge/channel/digest.hpp"
#include "deskbridge/store/account.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace deskbridge::app {
namespace {

/// Two accounts without a brand are no brand together: their tickets never mix.
std::string brand_of(AccountConfig const& account)
{
    return account.policy.brand.empty() ? account.account.name : account.policy.brand;
}

/// Changes whenever a setting changes that a placement depends on.
std::string version_of(AccountPolicy const& policy)
{
    auto const text = fmt::format("{} {} {} {} {} {}", policy.brand, policy.reopen_window ? policy.reopen_window->count() : -1,
                                  policy.follow_up_recency.count(), policy.reference_prefix, fmt::join(policy.languages, ","), policy.groups == Groups::tickets);
    return channel::sha256_hex(text).substr(0, 8);
}

std::vector<store::ConfiguredAccount> rows_of(Config const& config)
{
    std::vector<store::ConfiguredAccount> rows;
    for (auto const& account : config.accounts)
        rows.push_back({std::string{account.adapter->name()}, account.account.number, account.account.name, brand_of(account),
                        account.policy.time_zone, account.policy.default_language});
    return rows;
}

} // namespace

Result<channel::AccountContexts> build_accounts(Config const& config, store::Store& store, Timestamp now)
{
    channel::AccountContexts contexts;
    for (auto const& account : config.accounts) {
        auto& context = *contexts.emplace_back(std::make_unique<channel::AccountContext>());
        context.account = account.account;
        context.adapter = account.adapter;
        context.public_url = config.server.public_url;
        context.hook = account.hook;
        context.client_certificate = account.client_certificate;
        context.policy = account.policy;
        context.policy.brand = brand_of(account);
        context.policy.settings_version = version_of(context.policy);
        context.catalogue = account.catalogue;
    }
    auto const rows = rows_of(config);
    auto const ids = store.write_now([&](store::Tx& tx) { return store::configure_accounts(tx, rows, now); });
    if (!ids)
        return ids.error();
    for (std::size_t i = 0; i < contexts.size(); ++i)
        contexts[i]->id = (*ids)[i];
    return contexts;
}

flow::OutboxSettings outbox_settings(Config const& config)
{
    flow::OutboxSettings settings{.in_flight = static_cast<std::size_t>(config.outbox.in_flight)};
    for (auto const& account : config.accounts)
        if (account.messages_per_second > 0)
            settings.per_second.emplace(account.account.name, account.messages_per_second);
    return settings;
}

void replace_secrets(channel::AccountContexts& accounts, Config const& fresh)
{
    for (auto& context : accounts)
        for (auto const& account : fresh.accounts)
            if (account.adapter == context->adapter && account.account.number == context->account.number)
                context->account.secrets = account.account.secrets;
}

} // namespace deskbridge::app
