#include "deskbridge/flow/timers.hpp"

#include "deskbridge/store/timer.hpp"
#include "deskbridge/store/waits.hpp"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>

namespace deskbridge::flow {
namespace {

constexpr int fired_at_once = 100;
/// How long the loop sleeps when it knows of nothing: timers that nobody announced are found no later than this.
constexpr std::chrono::seconds longest_nap{5};

} // namespace

Timers::Timers(Parts parts, boost::asio::any_io_executor executor)
    : parts_{std::move(parts)},
      acknowledgements_{parts_.metrics.counters("deskbridge_acknowledgements_total", "outcome")},
      bell_{std::move(executor)}
{
}

void Timers::expect(Timestamp due)
{
    if (waiting_for_ && due >= *waiting_for_)
        return;
    waiting_for_ = due;
    bell_.ring();
}

boost::asio::awaitable<void> Timers::run()
{
    co_await boost::asio::this_coro::throw_if_cancelled(false);
    auto const state = co_await boost::asio::this_coro::cancellation_state;
    while (state.cancelled() == boost::asio::cancellation_type::none) {
        co_await mind_clock();
        auto const now = parts_.clock.now();
        if (!waiting_for_ || *waiting_for_ <= now)
            co_await round();
        if (state.cancelled() != boost::asio::cancellation_type::none)
            co_return; // told to stop while the store was at work: a wait that begins now would not hear of it
        auto const until = waiting_for_.value_or(now + longest_nap);
        auto const wait = std::min<std::chrono::milliseconds>(until - parts_.clock.now(), longest_nap);
        if (wait > std::chrono::milliseconds::zero())
            co_await bell_.wait(wait);
        if (!waiting_for_ || parts_.clock.now() >= now + longest_nap)
            waiting_for_.reset(); // look at the table again
    }
}

boost::asio::awaitable<void> Timers::mind_clock()
{
    auto const now = parts_.clock.now();
    if (auto const by = wall_clock_.set_back(now, parts_.clock.running())) {
        parts_.log.warning("clock_set_back", {{"seconds", std::chrono::ceil<std::chrono::seconds>(*by).count()}});
        set_back_ += *by;
        if (parts_.on_clock_set_back)
            parts_.on_clock_set_back(*by);
    }
    if (set_back_ == std::chrono::milliseconds::zero())
        co_return;
    auto pull = [now, by = set_back_](store::Tx& tx) { store::pull_waits(tx, now, by); };
    auto const pulled = co_await parts_.store.write(pull, store::Lane::outcome);
    waiting_for_.reset();
    if (pulled)
        set_back_ = std::chrono::milliseconds::zero();
    else
        parts_.log.error("timers_failed", {{"reason", pulled.error().detail}});
}

boost::asio::awaitable<void> Timers::round()
{
    auto const now = parts_.clock.now();
    waiting_for_.reset();
    auto next = [](store::Reading& reading) { return store::next_timer_due(reading); };
    auto const due = co_await parts_.store.read(next);
    if (!due || !*due || **due > now) {
        if (due && *due && (!waiting_for_ || **due < *waiting_for_))
            waiting_for_ = **due;
        co_return;
    }
    auto work = [this, now](store::Tx& tx) { return fire_due(tx, parts_.around, now, fired_at_once); };
    auto const fired = co_await parts_.store.write(work, store::Lane::outcome);
    if (!fired) {
        parts_.log.error("timers_failed", {{"reason", fired.error().detail}});
        waiting_for_ = now + std::chrono::seconds{1};
        co_return;
    }
    if (fired->next_due && (!waiting_for_ || *fired->next_due < *waiting_for_))
        waiting_for_ = fired->next_due;
    acknowledgements_.of("queued").add(static_cast<std::uint64_t>(fired->sent));
    for (auto const& reason : fired->skipped) {
        acknowledgements_.of(render_skip(reason)).add();
        parts_.log.info("acknowledgement_skipped", {{"reason", render_skip(reason)}});
    }
    for (auto const& reason : fired->failures)
        parts_.log.error("acknowledgement_failed", {{"reason", reason}});
    if (fired->sent > 0 && parts_.on_queued)
        parts_.on_queued();
}

} // namespace deskbridge::flow
