#pragma once

#include "deskbridge/async/clock.hpp"
#include "deskbridge/async/pool.hpp"
#include "deskbridge/channel/account_context.hpp"
#include "deskbridge/core/pacing.hpp"
#include "deskbridge/core/result.hpp"
#include "deskbridge/desk/use_cases.hpp"
#include "deskbridge/store/outbox.hpp"
#include "deskbridge/store/store.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace deskbridge::desk {

/// What agents do. Every use case is one transaction: its rule first, then the change, its rows in the event log and what
/// the customer is told about it; it has happened, durably, when the answer is there.
///
/// Ownership: everything in `Parts` outlives it. Threads: the reactor; the jobs run on the store's threads.
class Desk {
public:
    struct Parts {
        store::Store& store;
        async::Clock& clock;
        channel::AccountContexts const& accounts;
        std::function<std::uint64_t()> dice; ///< uniformly random, for references; called on the writer thread only
        std::function<void()> on_queued;     ///< the outbox has something new; on the reactor
        /// What a cancelled or resolved message means for its ticket's acknowledgement; in the same transaction.
        std::function<void(store::Tx&, store::OutboxEffect const&, Timestamp)> settle;
        /// Interprets a journalled body again, by the way that webhooks take. Null: nobody can.
        std::function<boost::asio::awaitable<Result<store::Replayed>>(store::ReplayWish const&)> replay{};
        std::function<std::vector<AccountRest>()> rests{}; ///< accounts that send nothing for a while; on the reactor. Null: none ever
        async::Pool* pool{nullptr}; ///< begins backups, on whatever disk an agent names. Null: nobody can
    };
    explicit Desk(Parts parts) : parts_{std::move(parts)} {}

    /// Errors: forbidden (the caller may not), and those of the use case.
    template <UseCase Request>
    [[nodiscard]] boost::asio::awaitable<Result<typename Request::Answer>> perform(Caller const& caller, Request& request);

    /// Whoever asks on the control socket. `root` is administrator, also without being an agent.
    /// Errors: forbidden (no agent has this Unix user, or it is disabled; detail says how to add one).
    [[nodiscard]] boost::asio::awaitable<Result<Caller>> identify(std::string const& unix_user, bool root);

private:
    [[nodiscard]] boost::asio::awaitable<Result<store::BackupProgress>> back_up(BackUp const& request);
    [[nodiscard]] boost::asio::awaitable<Result<ReplayAnswer>> replay(Caller const& caller, JournalId journal, bool dry_run);
    Parts parts_;
};

} // namespace deskbridge::desk
