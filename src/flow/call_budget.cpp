#include "deskbridge/flow/call_budget.hpp"

namespace deskbridge::flow {

Timestamp CallBudget::ready_at(channel::AccountContext const& account, Timestamp now)
{
    auto const* bucket = bucket_of(account);
    return bucket == nullptr ? now : bucket->ready_at(now);
}

void CallBudget::take(channel::AccountContext const& account, Timestamp now)
{
    if (auto* bucket = bucket_of(account))
        bucket->take(now);
}

TokenBucket* CallBudget::bucket_of(channel::AccountContext const& account)
{
    auto const allowed = account.adapter->capabilities(account.account).questions_per_hour;
    if (allowed <= 0)
        return nullptr;
    auto const half = allowed / 2.0;
    return &buckets_.try_emplace(account.account.scope, half / 3600.0, half).first->second;
}

} // namespace deskbridge::flow
