#pragma once

#include "deskbridge/channel/account_context.hpp"
#include "deskbridge/core/pacing.hpp"
#include "deskbridge/core/time.hpp"

#include <map>
#include <string>

namespace deskbridge::flow {

/// How often providers are asked about accounts: for their templates, and how they are. Accounts of one scope share what the provider
/// allows in an hour (`Capabilities::questions_per_hour`): half of it at once, the other half evenly, so that no hour sees more.
///
/// Whoever has begun to ask goes on to the end; then nobody begins until that is made up for. Kept in memory: a restart begins anew.
/// Threads: one at a time.
class CallBudget {
public:
    /// When questions about the account may begin: `now` if at once.
    [[nodiscard]] Timestamp ready_at(channel::AccountContext const& account, Timestamp now);
    /// One is asked.
    void take(channel::AccountContext const& account, Timestamp now);

private:
    /// Null: the provider sets no limit.
    [[nodiscard]] TokenBucket* bucket_of(channel::AccountContext const& account);
    std::map<std::string, TokenBucket, std::less<>> buckets_; // by scope
};

} // namespace deskbridge::flow
