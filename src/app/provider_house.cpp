#include "provider_house.hpp"

namespace deskbridge::app {

void ProviderHouse::build(Around around)
{
    templates_.emplace(flow::Templates::Parts{around.io, around.store, around.transport, around.clock, around.accounts, around.log,
                                              around.metrics, around.dice, budget_});
    health_.emplace(flow::Health::Parts{around.io, around.store, around.transport, around.clock, around.accounts,
                                        std::move(around.public_url), around.log, around.metrics, around.dice, budget_});
}

void ProviderHouse::spawn(async::TaskGroup& tasks)
{
    tasks.spawn("templates", templates_->run());
    tasks.spawn("health", health_->run());
}

void ProviderHouse::ring()
{
    templates_->ring();
    health_->ring();
}

void ProviderHouse::try_new_credentials()
{
    templates_->try_new_credentials();
    health_->try_new_credentials();
}

} // namespace deskbridge::app
