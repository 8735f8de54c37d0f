#include "deskbridge/flow/reply_windows.hpp"

#include "free_entry.hpp"

#include "deskbridge/async/bell.hpp"
#include "deskbridge/core/reply_window.hpp"
#include "deskbridge/store/free_entry.hpp"
#include "deskbridge/store/reply_window.hpp"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>

namespace deskbridge::flow {
namespace {

constexpr int walked_at_once = 100;
constexpr std::chrono::seconds between_window_looks{15};
constexpr std::chrono::milliseconds between_steps{20};

} // namespace

struct ReplyWindows::Seen {
    std::vector<std::chrono::seconds> due; ///< lengths of windows of which one has come to a mark
    std::int64_t open{0};
    std::int64_t closing{0};
    std::int64_t free_entries{0};
    bool free_entry_ended{false};
};

ReplyWindows::ReplyWindows(Parts parts) : parts_{std::move(parts)}
{
    for (auto const& account : parts_.around.accounts)
        for (auto const length : account->adapter->capabilities(account->account).reply_window.lengths())
            if (std::find(lengths_.begin(), lengths_.end(), length) == lengths_.end())
                lengths_.push_back(length);
}

ReplyWindows::Seen ReplyWindows::look(store::Reading& reading, Timestamp now) const
{
    Seen seen;
    seen.free_entries = store::count_free_entries(reading, now);
    seen.free_entry_ended = !store::free_entries_ended(reading, now, 1).empty();
    for (auto const window : lengths_) {
        auto const due = [&](std::chrono::minutes left) {
            auto const walk = store::find_window_walk(reading, window, left);
            return !walk || !store::windows_begun(reading, walk->last, began_for_mark(window, left, now), 1).empty();
        };
        if (std::any_of(window_marks.begin(), window_marks.end(), due))
            seen.due.push_back(window);
        auto const open = count_open(reading, window, began_for_mark(window, window_marks.back(), now));
        seen.open += open;
        seen.closing += open - count_open(reading, window, began_for_mark(window, window_marks.front(), now));
    }
    return seen;
}

/// Conversations whose windows last `window` and began after `from`.
std::int64_t ReplyWindows::count_open(store::Reading& reading, std::chrono::seconds window, Timestamp from) const
{
    auto const by_account = store::count_windows(reading, from);
    std::int64_t count = 0;
    for (auto const& account : parts_.around.accounts) {
        auto const rules = account->adapter->capabilities(account->account).reply_window;
        auto const all = by_account.find(account->id);
        if (all == by_account.end())
            continue;
        if (rules.by_kind.empty()) {
            count += rules.usual == window ? all->second : 0;
            continue;
        }
        for (auto const& [kind, number] : store::count_windows_by_kind(reading, account->id, from))
            count += rules.of({kind, {}}) == window ? number : 0;
    }
    return count;
}

void ReplyWindows::show(Seen const& seen)
{
    parts_.metrics.gauge("deskbridge_reply_windows", metric_label("state", "open")).set(seen.open - seen.closing);
    parts_.metrics.gauge("deskbridge_reply_windows", metric_label("state", "closing")).set(seen.closing);
    parts_.metrics.gauge("deskbridge_free_entry_points").set(seen.free_entries);
}

boost::asio::awaitable<bool> ReplyWindows::end_free()
{
    auto end = [now = parts_.clock.now()](store::Tx& tx) { return end_free_entries(tx, now, walked_at_once); };
    auto const ended = co_await parts_.store.write(end, store::Lane::outcome);
    if (!ended)
        parts_.log.warning("windows_failed", {{"reason", ended.error().detail}});
    co_return ended && *ended == walked_at_once;
}

boost::asio::awaitable<bool> ReplyWindows::step()
{
    auto const now = parts_.clock.now();
    auto glance = [this, now](store::Reading& reading) { return look(reading, now); };
    auto const seen = co_await parts_.store.read(glance);
    if (!seen) {
        parts_.log.warning("windows_failed", {{"reason", seen.error().detail}});
        co_return false;
    }
    show(*seen);
    bool more = false;
    if (seen->free_entry_ended)
        more = co_await end_free();
    for (auto const window : seen->due) {
        auto walk = [this, window, now](store::Tx& tx) { return walk_windows(tx, parts_.around, window, now, walked_at_once); };
        auto const walked = co_await parts_.store.write(walk, store::Lane::outcome);
        if (!walked) {
            parts_.log.warning("windows_failed", {{"reason", walked.error().detail}});
            continue;
        }
        for (auto const& reason : walked->withheld)
            parts_.log.info("closing_soon_withheld", {{"reason", reason}});
        for (auto const& reason : walked->failures)
            parts_.log.error("window_event_failed", {{"reason", reason}});
        if (walked->queued && parts_.on_queued)
            parts_.on_queued();
        more = more || walked->more;
    }
    co_return more;
}

boost::asio::awaitable<void> ReplyWindows::run()
{
    co_await boost::asio::this_coro::throw_if_cancelled(false);
    auto const state = co_await boost::asio::this_coro::cancellation_state;
    async::Bell pause{co_await boost::asio::this_coro::executor};
    while (state.cancelled() == boost::asio::cancellation_type::none) {
        auto const more = co_await step();
        if (state.cancelled() != boost::asio::cancellation_type::none)
            co_return; // told to stop while the store was at work: a wait that begins now would not hear of it
        co_await pause.wait(more ? between_steps : std::chrono::milliseconds{between_window_looks});
    }
}

} // namespace deskbridge::flow
