#include "deskbridge/flow/upkeep.hpp"

#include "deskbridge/async/bell.hpp"
#include "deskbridge/store/account_health.hpp"
#include "deskbridge/store/idempotency.hpp"
#include "deskbridge/store/outgoing_file.hpp"
#include "deskbridge/store/upkeep.hpp"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>

#include <array>
#include <utility>
#include <vector>

namespace deskbridge::flow {
namespace {

using namespace std::chrono_literals;

constexpr int at_once = 100; // rows of a step: a few milliseconds of the writer's time
constexpr auto between_steps = 100ms;
constexpr auto between_sweeps = 10min;
constexpr auto settled = 1h; // between bytes that are kept and the row that refers to them lies a moment
constexpr std::array<std::string_view, 6> words{"bodies", "keys", "requests", "parked", "hours", "files"}; // in the order of What

Counter& counter_of(Metrics& metrics, std::string_view word)
{
    return metrics.counter("deskbridge_upkeep_dropped_total", metric_label("what", word));
}

} // namespace

Upkeep::Upkeep(Parts parts, Retention retention) : parts_{parts}, retention_{retention}
{
    for (auto const word : words)
        (void)counter_of(parts_.metrics, word);
}

boost::asio::awaitable<void> Upkeep::run()
{
    co_await boost::asio::this_coro::throw_if_cancelled(false);
    auto const state = co_await boost::asio::this_coro::cancellation_state;
    async::Bell pause{co_await boost::asio::this_coro::executor};
    while (state.cancelled() == boost::asio::cancellation_type::none) {
        auto const more = co_await step();
        if (state.cancelled() != boost::asio::cancellation_type::none)
            co_return; // told to stop while the store was at work: a wait that begins now would not hear of it
        auto const wait = more ? std::chrono::milliseconds{between_steps} : std::chrono::milliseconds{between_sweeps};
        co_await pause.wait(wait);
    }
}

boost::asio::awaitable<bool> Upkeep::step()
{
    bool more = false;
    for (std::size_t i = 0; i < words.size(); ++i) {
        auto const now = parts_.clock.now();
        auto work = [this, i, now](store::Tx& tx) { return drop(tx, static_cast<What>(i), now); };
        auto const done = co_await parts_.store.write(work, store::Lane::upkeep);
        if (!done) {
            parts_.log.warning("upkeep_failed", {{"what", words[i]}, {"reason", done.error().detail}});
            continue; // the next sweep tries again
        }
        more = more || done->more;
        if (done->dropped == 0)
            continue;
        counter_of(parts_.metrics, words[i]).add(static_cast<std::uint64_t>(done->dropped));
        parts_.log.debug("upkeep_dropped", {{"what", words[i]}, {"count", done->dropped}});
    }
    bool const more_files = co_await remove_files();
    co_return more || more_files;
}

/// Not before the rows say so: what can be sent has its bytes, whenever the process ends.
boost::asio::awaitable<bool> Upkeep::remove_files()
{
    if (parts_.media == nullptr)
        co_return false;
    auto look = [this](store::Reading& reading) { return store::discarded_files(reading, files_after_, at_once); };
    auto const files = co_await parts_.store.read(look);
    if (!files)
        co_return false;
    // From the beginning again with the next sweep: one that could not be removed must not hold up those behind it.
    bool const more = files->size() == static_cast<std::size_t>(at_once);
    files_after_ = more ? files->back().attachment : 0;
    auto const now = parts_.clock.now();
    std::vector<std::int64_t> gone;
    auto remove = [&] {
        for (auto const& file : *files) {
            auto const removed = file.shared ? Result<bool>{true} : parts_.media->discard(file.sha256, now - settled);
            if (removed && *removed)
                gone.push_back(file.attachment);
            else if (!removed && files_problem_.empty())
                files_problem_ = removed.error().detail;
        }
    };
    if (!files->empty())
        co_await parts_.pool->run(remove);
    auto forget = [&](store::Tx& tx) { store::forget_discarded(tx, gone, now); };
    if (auto const done = co_await parts_.store.write(forget, store::Lane::upkeep); !done && files_problem_.empty())
        files_problem_ = done.error().detail;
    if (auto const problem = more ? std::string{} : std::exchange(files_problem_, {}); !problem.empty())
        parts_.log.warning("upkeep_failed", {{"what", "files"}, {"reason", problem}});
    co_return more;
}

Upkeep::Done Upkeep::drop(store::Tx& tx, What what, Timestamp now)
{
    int dropped = 0;
    switch (what) {
    case What::keys: return drop_keys(tx, now);
    case What::bodies: dropped = store::drop_journal_bodies(tx, now, at_once); return {dropped, dropped > 0};
    case What::requests: dropped = store::forget_requests(tx, now - retention_.requests, at_once); break;
    case What::hours: dropped = store::drop_inbound_hours(tx, now - retention_.hours, at_once); break;
    case What::files: dropped = store::discard_files(tx, now - retention_.files, at_once, now); break;
    case What::parked: dropped = store::drop_parked(tx, now - retention_.parked, at_once); break;
    }
    return {dropped, dropped >= at_once};
}

Upkeep::Done Upkeep::drop_keys(store::Tx& tx, Timestamp now)
{
    auto const dropped = store::drop_event_keys(tx, keys_after_, now - retention_.keys, at_once);
    // From the beginning again with the next sweep: a body that was on the shelf may have been forgotten meanwhile.
    keys_after_ = dropped.complete ? JournalId{} : dropped.last;
    return {dropped.keys, !dropped.complete};
}

} // namespace deskbridge::flow
