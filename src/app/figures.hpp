#pragma once

#include "deskbridge/async/clock.hpp"
#include "deskbridge/core/metrics.hpp"
#include "deskbridge/core/pacing.hpp"
#include "deskbridge/store/account_health.hpp"
#include "deskbridge/store/cost.hpp"
#include "deskbridge/store/store.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace deskbridge::app {

/// What /metrics answers: what the parts count as they work, and what lies in the store at this moment.
///
/// The store is asked once per scrape, not after every change: its figures are right when somebody looks, also after a
/// restart, and cost nothing otherwise. Ownership: the parts outlive it. Threads: the reactor.
class Figures {
public:
    using Rests = std::function<std::vector<AccountRest>()>;

    /// @param rests  accounts that send nothing for a while. Null: none ever
    Figures(store::Store& store, async::Clock& clock, Metrics& metrics, std::string_view version, Rests rests = {});

    /// Prometheus text. When the store is too busy to answer, its figures are those of the last time.
    [[nodiscard]] boost::asio::awaitable<std::string> render();

private:
    void show(store::AccountMark const& account);
    void show_costs(std::map<std::string, store::CostCounts> const& costs);

    store::Store& store_;
    async::Clock& clock_;
    Metrics& metrics_;
    Rests rests_;
    HelpTexts const help_;
    std::vector<Gauge*> intents_; ///< in the order of store::OutboxCounts::states
    Gauge& unknown_oldest_;
    Gauge& overdue_;
    Gauge& lanes_blocked_;
    Gauge& shelf_open_;
    Gauge& accounts_paused_;
    Gauge& accounts_resting_;
    Gauge& media_waiting_;
    std::set<std::string> priced_; ///< accounts of which any price has been told
};

} // namespace deskbridge::app
