#pragma once

#include "deskbridge/async/bell.hpp"
#include "deskbridge/async/clock.hpp"
#include "deskbridge/channel/account_context.hpp"
#include "deskbridge/core/log.hpp"
#include "deskbridge/core/metrics.hpp"
#include "deskbridge/flow/call_budget.hpp"
#include "deskbridge/net/http_client.hpp"
#include "deskbridge/store/account_health.hpp"
#include "deskbridge/store/store.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <variant>

namespace deskbridge::flow {

/// Knows how the accounts are: asks each provider at the start, every day, and when somebody or a webhook wants it; finds out when a
/// number that is normally busy has fallen silent; and says in the log what is not well, whoever found it out. What fails is tried
/// again with growing patience, within half a day.
///
/// Ownership: everything in `Parts` outlives it. Threads: the reactor.
/// Logs: account_unwell, account_well, account_not_checked, account_health_not_read.
/// Metrics: deskbridge_account_checks_total{outcome}.
class Health {
public:
    struct Parts {
        boost::asio::io_context& io;
        store::Store& store;
        net::Transport& transport;
        async::Clock& clock;
        channel::AccountContexts const& accounts;
        std::string public_url;              ///< below which the hooks are, as providers call them
        Log& log;
        Metrics& metrics;
        std::function<std::uint64_t()> dice; ///< called on the reactor only
        CallBudget& budget;
    };
    explicit Health(Parts parts);

    /// Until cancelled.
    [[nodiscard]] boost::asio::awaitable<void> run();
    /// There may be a wish, or news. Cheap.
    void ring() { bell_.ring(); }
    /// After SIGHUP: with new secrets every provider is asked again.
    void try_new_credentials()
    {
        begun_.clear();
        bell_.ring();
    }
    /// Asks and judges whatever is due; answers when to look again. Instead of `run`, for virtual time.
    [[nodiscard]] boost::asio::awaitable<Timestamp> look();

private:
    /// What stopped a question.
    struct Trouble {
        std::string why;
        std::chrono::seconds asked{0};
    };
    using Known = std::tuple<AccountId, HealthAspect, std::string>;

    [[nodiscard]] boost::asio::awaitable<Timestamp> look_at(channel::AccountContext const& account);
    [[nodiscard]] boost::asio::awaitable<void> check(channel::AccountContext const& account, int failures);
    [[nodiscard]] boost::asio::awaitable<channel::HealthReport> ask_all(channel::AccountContext const& account);
    [[nodiscard]] boost::asio::awaitable<HealthFinding> call_hook(channel::HookProbe& probe);
    [[nodiscard]] boost::asio::awaitable<std::variant<HttpResponse, Trouble>> exchange(HttpRequest& request);
    [[nodiscard]] boost::asio::awaitable<void> finish(channel::AccountContext const& account, store::Checked const& checked);
    [[nodiscard]] boost::asio::awaitable<void> listen(channel::AccountContext const& account);
    [[nodiscard]] boost::asio::awaitable<void> stop_watching(channel::AccountContext const& account);
    [[nodiscard]] boost::asio::awaitable<void> watch_again(channel::AccountContext const& account);
    [[nodiscard]] boost::asio::awaitable<void> tell();
    void tell_row(store::HealthRow const& row);
    void not_read(channel::AccountContext const& account, Error const& error);
    [[nodiscard]] std::string hook_url(channel::AccountContext const& account) const;
    [[nodiscard]] std::string probe_word() const;

    Parts parts_;
    Counter& done_;
    Counter& failed_;
    Timestamp const listening_since_;
    std::map<AccountId, Timestamp> listened_at_;
    std::set<AccountId> begun_; // asked since the start, or since there are new secrets
    std::map<Known, std::pair<std::string, Severity>> told_; // what the log has said last
    async::Bell bell_;
};

} // namespace deskbridge::flow
