#include "deskbridge/flow/media.hpp"

#include "media_figures.hpp"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <chrono>

namespace deskbridge::flow {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto longest_sleep = 60s;
constexpr auto between_rounds = 200ms;  // a storm of webhooks rings often; one look takes all that came meanwhile
constexpr auto look_for_room = 15s;
constexpr auto store_rest = 5s;         // after the store refused what became of a file

} // namespace

MediaFetcher::Figures::Figures(Metrics& metrics)
    : fetched{metrics.counter("deskbridge_media_fetches_total", metric_label("outcome", "fetched"))},
      again{metrics.counter("deskbridge_media_fetches_total", metric_label("outcome", "again"))},
      failed{metrics.counter("deskbridge_media_fetches_total", metric_label("outcome", "failed"))},
      expired{metrics.counter("deskbridge_media_fetches_total", metric_label("outcome", "expired"))},
      bytes{metrics.counter("deskbridge_media_bytes_total")},
      seconds{metrics.histogram("deskbridge_media_fetch_seconds")}
{
}

MediaFetcher::MediaFetcher(Parts parts, MediaSettings settings)
    : parts_{std::move(parts)},
      settings_{settings},
      figures_{std::make_unique<Figures>(parts_.metrics)},
      bell_{parts_.io.get_executor()},
      ended_{parts_.io.get_executor()},
      downloads_{parts_.io, parts_.log, [this] {
                     if (parts_.on_crash)
                         parts_.on_crash();
                 }}
{
}

MediaFetcher::~MediaFetcher() = default;

asio::awaitable<void> MediaFetcher::run()
{
    co_await asio::this_coro::throw_if_cancelled(false);
    auto const stop = co_await asio::this_coro::cancellation_state;
    async::Bell pause{co_await asio::this_coro::executor};
    while (stop.cancelled() == asio::cancellation_type::none) {
        auto const look_again = co_await round();
        auto const wait = std::clamp<std::chrono::milliseconds>(look_again - parts_.clock.now(), 1ms, longest_sleep);
        if (stop.cancelled() == asio::cancellation_type::none)
            co_await bell_.wait(wait);
        if (stop.cancelled() == asio::cancellation_type::none)
            co_await pause.wait(between_rounds);
    }
    downloads_.cancel();
    co_await downloads_.join();
}

asio::awaitable<Timestamp> MediaFetcher::fetch_until_idle()
{
    for (;;) {
        auto const look_again = co_await round();
        if (busy_.empty())
            co_return look_again;
        while (!busy_.empty())
            co_await ended_.wait(100ms);
    }
}

asio::awaitable<bool> MediaFetcher::has_room()
{
    bool room = true;
    if (parts_.room)
        room = co_await parts_.pool.run(parts_.room);
    if (!room && !rests_)
        parts_.log.warning("media_rests", {{"reason", "the disk of the media folder is nearly full"}});
    rests_ = !room;
    co_return room;
}

asio::awaitable<Timestamp> MediaFetcher::round()
{
    auto const now = parts_.clock.now();
    Timestamp look_again = now + longest_sleep;
    if (!co_await has_room())
        co_return now + look_for_room;
    for (auto const& account : parts_.accounts) {
        auto& under_way = under_way_[account->id];
        if (under_way >= settings_.parallel)
            continue;
        std::optional<Timestamp> next;
        auto const limit = static_cast<int>(settings_.parallel); // some of them may be under way already
        auto look = [&](store::Reading& reading) {
            next = store::next_attachment_due(reading, account->id, now);
            return store::due_attachments(reading, account->id, now, limit);
        };
        auto due = co_await parts_.store.read(look);
        if (!due) {
            parts_.log.warning("media_not_read", {{"account", account->account.name}, {"reason", due.error().detail}});
            co_return now + 1s;
        }
        look_again = std::min(look_again, next.value_or(look_again));
        for (auto& attachment : *due) {
            if (under_way >= settings_.parallel || !busy_.insert(attachment.media.id).second)
                continue;
            ++under_way;
            downloads_.spawn("media", fetch(*account, std::move(attachment)));
        }
    }
    co_return look_again;
}

asio::awaitable<void> MediaFetcher::fetch(channel::AccountContext const& account, store::Attachment attachment)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    auto const stop = co_await asio::this_coro::cancellation_state;
    auto const began = std::chrono::steady_clock::now();
    auto const fetched = co_await try_fetch(account, attachment);
    bool const interrupted = stop.cancelled() != asio::cancellation_type::none && std::holds_alternative<Trouble>(fetched);
    if (!interrupted) {
        figures_->seconds.observe(std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
        co_await record(account, attachment, fetched);
    }
    busy_.erase(attachment.media.id);
    --under_way_[account.id];
    ended_.ring();
    bell_.ring();
}

FetchVerdict MediaFetcher::judge(channel::AccountContext const& account, store::Attachment const& attachment, Trouble const& trouble)
{
    FailedFetch failed;
    failed.problem = trouble.problem;
    failed.failures = attachment.attempts + 1;
    failed.received_at = attachment.received_at;
    failed.life = account.adapter->capabilities(account.account).media_life;
    failed.asked = trouble.asked;
    failed.now = parts_.clock.now();
    failed.dice = parts_.dice();
    return judge_fetch(failed);
}

asio::awaitable<void> MediaFetcher::record(channel::AccountContext const& account, store::Attachment const& attachment,
                                           Fetched const& fetched)
{
    auto const now = parts_.clock.now();
    auto const* const kept = std::get_if<store::KeptFile>(&fetched);
    auto const verdict = kept ? FetchVerdict{} : judge(account, attachment, std::get<Trouble>(fetched));
    auto const reason = render_media_problem(verdict.reason);
    auto job = [&](store::Tx& tx) {
        if (kept)
            return store::keep_attachment(tx, attachment, *kept, now);
        if (verdict.what == FetchVerdict::What::wait)
            return store::postpone_attachment(tx, attachment, reason, verdict.next_at);
        auto const state = verdict.what == FetchVerdict::What::expired ? "expired" : "failed";
        return store::give_up_attachment(tx, attachment, state, reason, now);
    };
    auto const done = co_await parts_.store.write(job, store::Lane::upkeep);
    if (done) {
        report(account, attachment, fetched, verdict);
        co_return;
    }
    // The row still says that it is due: its content lies there under its name, and the next try finds that out.
    parts_.log.error("media_not_recorded", {{"message", attachment.message.value}, {"reason", done.error().detail}});
    async::Bell pause{co_await asio::this_coro::executor};
    co_await pause.wait(store_rest);
}

void MediaFetcher::report(channel::AccountContext const& account, store::Attachment const& attachment, Fetched const& fetched,
                          FetchVerdict const& verdict)
{
    auto const message = attachment.message.value;
    if (auto const* const kept = std::get_if<store::KeptFile>(&fetched)) {
        figures_->fetched.add();
        figures_->bytes.add(kept->size);
        parts_.log.info("media_fetched", {{"account", account.account.name}, {"message", message}, {"bytes", kept->size}});
        return;
    }
    auto const reason = render_media_problem(verdict.reason);
    if (verdict.what == FetchVerdict::What::wait) {
        figures_->again.add();
        parts_.log.info("media_not_fetched", {{"account", account.account.name}, {"message", message}, {"reason", reason}, {"attempt", attachment.attempts + 1}});
        return;
    }
    (verdict.what == FetchVerdict::What::expired ? figures_->expired : figures_->failed).add();
    parts_.log.warning("media_failed", {{"account", account.account.name}, {"message", message}, {"reason", reason}, {"attempt", attachment.attempts + 1}});
}

asio::awaitable<void> MediaFetcher::try_new_credentials()
{
    auto const now = parts_.clock.now();
    auto job = [&](store::Tx& tx) {
        for (auto const& account : parts_.accounts)
            store::hasten_attachments(tx, account->id, render_media_problem(MediaProblem::credentials), now);
    };
    auto const done = co_await parts_.store.write(job, store::Lane::upkeep);
    if (done)
        bell_.ring();
}

} // namespace deskbridge::flow
