#include "figures.hpp"

#include "deskbridge/core/intent.hpp"
#include "deskbridge/store/account.hpp"
#include "deskbridge/store/attachment.hpp"
#include "deskbridge/store/cost.hpp"
#include "deskbridge/store/outbox_pump.hpp"
#include "deskbridge/store/shelf.hpp"

#include "embedded_metrics.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

namespace deskbridge::app {
namespace {

/// The meanings in schemas/json/metrics.json; a test sees to it that the catalogue is complete.
HelpTexts load_help()
{
    HelpTexts help;
    auto const catalogue = nlohmann::json::parse(embedded::find_metrics("metrics.json").value_or("{}"), nullptr, false);
    auto const metrics = catalogue.is_object() ? catalogue.find("metrics") : catalogue.end();
    if (metrics == catalogue.end())
        return help;
    for (auto const& [name, entry] : metrics->items())
        help.emplace(name, entry.at("meaning").get<std::string>());
    return help;
}

std::map<std::string, store::CostCounts> load_costs(store::Reading& reading, std::string const& month)
{
    std::map<std::string, store::CostCounts> costs;
    for (auto const& account : store::load_accounts(reading))
        if (account.configured)
            costs.emplace(account.as.name, store::costs_of(reading, account.id, month));
    return costs;
}

} // namespace

Figures::Figures(store::Store& store, async::Clock& clock, Metrics& metrics, std::string_view version, Rests rests)
    : store_{store},
      clock_{clock},
      metrics_{metrics},
      rests_{std::move(rests)},
      help_{load_help()},
      unknown_oldest_{metrics.gauge("deskbridge_outbox_unknown_oldest_seconds")},
      overdue_{metrics.gauge("deskbridge_outbox_overdue_seconds")},
      lanes_blocked_{metrics.gauge("deskbridge_outbox_lanes_blocked")},
      shelf_open_{metrics.gauge("deskbridge_shelf_open")},
      accounts_paused_{metrics.gauge("deskbridge_accounts_paused")},
      accounts_resting_{metrics.gauge("deskbridge_accounts_resting")},
      media_waiting_{metrics.gauge("deskbridge_media_waiting")}
{
    for (auto const state : store::OutboxCounts::states)
        intents_.push_back(&metrics.gauge("deskbridge_outbox_intents", metric_label("state", render_intent_state(state))));
    metrics.gauge("deskbridge_build_info", metric_label("version", version)).set(1);
    auto const started = std::chrono::floor<std::chrono::seconds>(clock.now());
    metrics.gauge("process_start_time_seconds").set(started.time_since_epoch().count());
}

/// As many series as the configuration has accounts.
void Figures::show(store::AccountMark const& account)
{
    for (auto const severity : {Severity::warning, Severity::error})
        metrics_.gauge("deskbridge_accounts_unwell",
                       metric_label("account", account.name) + "," + metric_label("severity", render_severity(severity)))
            .set(account.worst == severity ? 1 : 0);
    metrics_.gauge("deskbridge_accounts_silent", metric_label("account", account.name)).set(account.silent ? 1 : 0);
}

/// A month that has begun has nothing yet: what stood there last month goes back to 0.
void Figures::show_costs(std::map<std::string, store::CostCounts> const& costs)
{
    for (auto const& [account, counts] : costs) {
        if (!counts.empty())
            priced_.insert(account);
        for (auto const cost_class : cost_classes) {
            auto const found = counts.find(cost_class);
            if (priced_.contains(account))
                metrics_.gauge("deskbridge_month_messages", metric_label("account", account) + "," + metric_label("cost_class", cost_class))
                    .set(found == counts.end() ? 0 : found->second);
        }
    }
}

boost::asio::awaitable<std::string> Figures::render()
{
    struct Counts {
        store::OutboxCounts outbox;
        std::int64_t shelf{0};
        std::int64_t paused{0};
        std::int64_t media{0};
        std::vector<store::AccountMark> accounts{};
        std::map<std::string, store::CostCounts> costs{}; ///< by account
    };
    auto count = [month = month_of(clock_.now())](store::Reading& reading) {
        return Counts{store::count_outbox(reading), store::count_open_shelf(reading), store::count_paused_accounts(reading),
                      store::count_waiting_attachments(reading), store::mark_accounts(reading), load_costs(reading, month)};
    };
    auto const counts = co_await store_.read(count);
    if (counts) {
        for (std::size_t i = 0; i < intents_.size(); ++i)
            intents_[i]->set(counts->outbox.of[i]);
        auto const seconds_since = [now = clock_.now()](std::optional<Timestamp> at) {
            return std::max<std::int64_t>(0, std::chrono::duration_cast<std::chrono::seconds>(now - at.value_or(now)).count());
        };
        unknown_oldest_.set(seconds_since(counts->outbox.oldest_unknown));
        overdue_.set(seconds_since(counts->outbox.oldest_due));
        lanes_blocked_.set(counts->outbox.lanes_blocked);
        shelf_open_.set(counts->shelf);
        accounts_paused_.set(counts->paused);
        media_waiting_.set(counts->media);
        for (auto const& account : counts->accounts)
            show(account);
        show_costs(counts->costs);
    }
    accounts_resting_.set(rests_ ? static_cast<std::int64_t>(rests_().size()) : 0);
    co_return metrics_.render(help_);
}

} // namespace deskbridge::app
