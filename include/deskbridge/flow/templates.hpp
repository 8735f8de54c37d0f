#pragma once

#include "deskbridge/async/bell.hpp"
#include "deskbridge/async/clock.hpp"
#include "deskbridge/channel/account_context.hpp"
#include "deskbridge/core/log.hpp"
#include "deskbridge/core/metrics.hpp"
#include "deskbridge/flow/call_budget.hpp"
#include "deskbridge/net/http_client.hpp"
#include "deskbridge/store/store.hpp"
#include "deskbridge/store/template.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <variant>

namespace deskbridge::flow {

/// Keeps each account's list of templates as its provider has it: asked for at the start, every day, and when somebody or a
/// webhook wants it; page by page, each stored as it comes. What fails is tried again with growing patience, within half a day.
///
/// Ownership: everything in `Parts` outlives it. Threads: the reactor.
/// Logs: templates_synced, templates_not_synced, templates_not_listed, templates_not_read.
/// Metrics: deskbridge_template_syncs_total{outcome}.
class Templates {
public:
    struct Parts {
        boost::asio::io_context& io;
        store::Store& store;
        net::Transport& transport;
        async::Clock& clock;
        channel::AccountContexts const& accounts;
        Log& log;
        Metrics& metrics;
        std::function<std::uint64_t()> dice; ///< called on the reactor only
        CallBudget& budget;
    };
    explicit Templates(Parts parts);

    /// Until cancelled.
    [[nodiscard]] boost::asio::awaitable<void> run();
    /// There may be a wish. Cheap.
    void ring() { bell_.ring(); }
    /// After SIGHUP: with new secrets every list is asked for again.
    void try_new_credentials()
    {
        begun_.clear();
        bell_.ring();
    }
    /// Asks for every list that is due; answers when to look again.
    [[nodiscard]] boost::asio::awaitable<Timestamp> sync_due();

private:
    /// What stopped a list before its end.
    struct Trouble {
        std::string why;
        std::chrono::seconds asked{0};
    };
    using Listed = std::variant<store::TemplateTally, Trouble>;

    [[nodiscard]] boost::asio::awaitable<Timestamp> look(channel::AccountContext const& account);
    [[nodiscard]] boost::asio::awaitable<void> sync(channel::AccountContext const& account, int failures);
    [[nodiscard]] boost::asio::awaitable<Listed> list(channel::AccountContext const& account, Timestamp began);
    [[nodiscard]] boost::asio::awaitable<std::variant<channel::TemplatePage, Trouble>> ask(channel::AccountContext const& account,
                                                                                       std::string const& cursor);
    [[nodiscard]] boost::asio::awaitable<void> postpone(channel::AccountContext const& account, Trouble const& trouble, int failures);

    Parts parts_;
    Counter& done_;
    Counter& failed_;
    std::set<AccountId> begun_;    // asked for since the start
    std::set<AccountId> unlisted_; // of which it was said that they cannot be asked for
    async::Bell bell_;
};

} // namespace deskbridge::flow
