#include "deskbridge/flow/outbox_pump.hpp"

#include "deskbridge/store/account.hpp"
#include "outbox_sender.hpp"

#include <boost/asio/this_coro.hpp>

namespace deskbridge::flow {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto longest_sleep = 60s;

PaceSettings pace_of(std::string const& account, channel::Capabilities const& can, OutboxSettings const& settings)
{
    auto const told = settings.per_second.find(account);
    bool const known = told != settings.per_second.end();
    if (known) // after a rate error it is back in twelve clean minutes, however fast it is
        return {.per_second = told->second,
                .per_second_max = told->second,
                .step = std::max(PaceSettings{}.step, told->second / 24.0),
                .pair_interval = can.pair_interval,
                .pair_burst = can.pair_burst};
    return {.per_second = can.account_per_second,
            .per_second_max = std::max(can.account_per_second, settings.per_second_max),
            .pair_interval = can.pair_interval,
            .pair_burst = can.pair_burst};
}

} // namespace

OutboxPump::Figures::Figures(Metrics& metrics)
    : seconds{metrics.histogram("deskbridge_send_seconds")},
      accepted{metrics.counter("deskbridge_sends_total", metric_label("outcome", "accepted"))},
      not_sent{metrics.counter("deskbridge_sends_total", metric_label("outcome", "not_sent"))},
      refused{metrics.counter("deskbridge_sends_total", metric_label("outcome", "refused"))},
      unknown{metrics.counter("deskbridge_sends_total", metric_label("outcome", "unknown"))},
      uploaded{metrics.counter("deskbridge_uploads_total", metric_label("outcome", "uploaded"))},
      not_uploaded{metrics.counter("deskbridge_uploads_total", metric_label("outcome", "not_uploaded"))},
      no_connection{metrics.counter("deskbridge_sends_total", metric_label("outcome", "no_connection"))},
      throttled{metrics.counter("deskbridge_account_rests_total", metric_label("reason", "throttled"))},
      complaints{metrics.counter("deskbridge_account_rests_total", metric_label("reason", "complaints"))},
      unreachable{metrics.counter("deskbridge_account_rests_total", metric_label("reason", "no_connection"))},
      failing{metrics.counter("deskbridge_account_rests_total", metric_label("reason", "failing"))},
      presumed{metrics.counter("deskbridge_doubts_settled_total", metric_label("by", "presumption"))},
      asked{metrics.counter("deskbridge_doubts_settled_total", metric_label("by", "person"))},
      duplicated{metrics.counter("deskbridge_messages_duplicated_total")},
      templates_queued{metrics.counter("deskbridge_window_templates_total", metric_label("outcome", "queued"))},
      templates_refused{metrics.counter("deskbridge_window_templates_total", metric_label("outcome", "refused"))},
      templates_failed{metrics.counter("deskbridge_window_templates_total", metric_label("outcome", "failed"))}
{
}

OutboxPump::OutboxPump(Parts parts, OutboxSettings settings)
    : parts_{std::move(parts)},
      settings_{settings},
      figures_{std::make_unique<Figures>(parts_.metrics)},
      bell_{parts_.io.get_executor()},
      ended_{parts_.io.get_executor()},
      sends_{parts_.io, parts_.log, [this] { crashed(); }},
      marks_{parts_.io, parts_.log, [this] { crashed(); }}
{
    for (auto const& context : parts_.accounts) {
        auto const can = context->adapter->capabilities(context->account);
        store::SendPolicy const policy{.reply_window = can.reply_window,
                                       .keeps = !context->policy.window_template.empty(),
                                       .kept_texts = context->policy.kept_texts,
                                       .unknown = can.receipts_prove ? UnknownPolicy::evidence : UnknownPolicy::hold,
                                       .rules = settings_.rules};
        senders_.push_back(std::make_unique<Sender>(Sender{*context, can, policy, Pace{pace_of(context->account.name, can, settings_)}}));
    }
}

OutboxPump::~OutboxPump() = default;

asio::awaitable<Result<std::size_t>> OutboxPump::recover()
{
    auto const now = parts_.clock.now();
    std::vector<store::OutboxEffect> effects;
    std::optional<Timestamp> timer;
    auto job = [&](store::Tx& tx) {
        effects = store::recover_outbox(tx, now, settings_.rules);
        timer = settle(tx, effects, now);
        resume_refused(tx, now);
    };
    auto const done = co_await parts_.store.write(job, store::Lane::outcome);
    if (!done)
        co_return done.error();
    armed(timer);
    report_moves(effects);
    co_return effects.size();
}

asio::awaitable<void> OutboxPump::try_new_credentials()
{
    auto const now = parts_.clock.now();
    auto job = [&](store::Tx& tx) { resume_refused(tx, now); };
    auto const done = co_await parts_.store.write(job, store::Lane::outcome);
    if (done)
        bell_.ring();
}

void OutboxPump::resume_refused(store::Tx& tx, Timestamp now)
{
    for (auto const& sender : senders_) {
        auto const account = store::find_account(tx, sender->context.id);
        if (account && account->paused && account->paused->by == store::PausedBy::provider)
            (void)store::resume_account(tx, sender->context.id, {}, now);
    }
}

void OutboxPump::clock_set_back(std::chrono::milliseconds by)
{
    for (auto const& sender : senders_) {
        sender->pace.set_back(by);
        sender->breaker.set_back(by);
        sender->not_before -= by;
        sender->doubts_at -= by;
    }
    for (auto& [lane, until] : resting_)
        until -= by;
    bell_.ring();
}

asio::awaitable<void> OutboxPump::run()
{
    co_await asio::this_coro::throw_if_cancelled(false);
    auto const stop = co_await asio::this_coro::cancellation_state;
    while (stop.cancelled() == asio::cancellation_type::none) {
        auto const look_again = co_await round();
        if (stop.cancelled() != asio::cancellation_type::none)
            break;
        auto const wait = std::clamp<std::chrono::milliseconds>(look_again - parts_.clock.now(), 1ms, longest_sleep);
        co_await bell_.wait(wait);
    }
    co_await wind_down();
}

asio::awaitable<Timestamp> OutboxPump::pump_until_idle()
{
    for (;;) {
        auto const before = started_;
        auto const look_again = co_await round();
        bool const nothing_new = started_ == before; // what was started may have ended already, and left something to do
        if ((nothing_new && busy_.empty() && marks_.size() == 0) || stopping_)
            co_return look_again;
        while (!busy_.empty() || marks_.size() != 0)
            co_await ended_.wait(100ms);
    }
}

asio::awaitable<Timestamp> OutboxPump::round()
{
    auto const now = parts_.clock.now();
    Timestamp look_again = now + longest_sleep;
    for (std::size_t i = 0; i < senders_.size(); ++i) {
        auto& sender = *senders_[(first_sender_ + i) % senders_.size()];
        co_await tend(sender, now, look_again);
        co_await start_ready(sender, now, look_again);
    }
    if (!senders_.empty())
        first_sender_ = (first_sender_ + 1) % senders_.size();
    auto due = [now](store::Reading& reading) { return store::next_due(reading, now); };
    auto const next = co_await parts_.store.read(due);
    if (!next)
        look_again = std::min(look_again, now + std::chrono::seconds{1});
    else if (*next)
        look_again = std::min(look_again, **next);
    co_return look_again;
}

asio::awaitable<void> OutboxPump::wind_down()
{
    stopping_ = true;
    auto const until = std::chrono::steady_clock::now() + settings_.finish;
    while (!busy_.empty() && std::chrono::steady_clock::now() < until)
        co_await ended_.wait(100ms);
    if (!busy_.empty())
        parts_.log.warning("sends_interrupted", {{"count", busy_.size()}});
    sends_.cancel();
    marks_.cancel();
    co_await sends_.join();
    co_await marks_.join();
}

void OutboxPump::crashed()
{
    stopping_ = true; // what made one send crash may make every send crash: nothing new leaves
    if (parts_.on_crash)
        parts_.on_crash();
}

void OutboxPump::armed(std::optional<Timestamp> timer)
{
    if (timer && parts_.on_timer)
        parts_.on_timer(*timer);
}

} // namespace deskbridge::flow
