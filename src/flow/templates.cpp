#include "deskbridge/flow/templates.hpp"

#include "deskbridge/core/retry.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>

namespace deskbridge::flow {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto every = 24h;
constexpr auto longest_wait = 60s;
constexpr auto between_list_looks = 1s; // a storm of webhooks rings often
constexpr auto connect_limit = 10s;
constexpr auto answer_limit = 30s;
constexpr int most_pages = 500; // of a hundred: an account has 6,000 templates at most
constexpr RetryPolicy list_patience{.first = 30s, .ceiling = 12h};

} // namespace

Templates::Templates(Parts parts)
    : parts_{std::move(parts)},
      done_{parts_.metrics.counter("deskbridge_template_syncs_total", metric_label("outcome", "done"))},
      failed_{parts_.metrics.counter("deskbridge_template_syncs_total", metric_label("outcome", "failed"))},
      bell_{parts_.io.get_executor()}
{
}

asio::awaitable<void> Templates::run()
{
    co_await asio::this_coro::throw_if_cancelled(false);
    auto const stop = co_await asio::this_coro::cancellation_state;
    async::Bell pause{co_await asio::this_coro::executor};
    while (stop.cancelled() == asio::cancellation_type::none) {
        auto const look_again = co_await sync_due();
        auto const wait = std::clamp<std::chrono::milliseconds>(look_again - parts_.clock.now(), 1ms, longest_wait);
        if (stop.cancelled() == asio::cancellation_type::none)
            co_await bell_.wait(wait);
        if (stop.cancelled() == asio::cancellation_type::none)
            co_await pause.wait(between_list_looks);
    }
}

asio::awaitable<Timestamp> Templates::sync_due()
{
    auto look_again = parts_.clock.now() + longest_wait;
    for (auto const& account : parts_.accounts)
        if (account->adapter->capabilities(account->account).templates)
            look_again = std::min(look_again, co_await look(*account));
    co_return look_again;
}

/// Asks for the list if it is due; answers when it is.
asio::awaitable<Timestamp> Templates::look(channel::AccountContext const& account)
{
    auto const now = parts_.clock.now();
    if (auto const can = account.adapter->ask_templates(account.account, {}); !can) {
        if (unlisted_.insert(account.id).second)
            parts_.log.warning("templates_not_listed", {{"account", account.account.name}, {"reason", can.error().detail}});
        co_return now + longest_wait;
    }
    auto find = [&](store::Reading& reading) { return store::find_template_list(reading, account.id); };
    auto const stands = co_await parts_.store.read(find);
    if (!stands) {
        parts_.log.warning("templates_not_read", {{"account", account.account.name}, {"reason", stands.error().detail}});
        co_return now + 5s;
    }
    bool const first = !begun_.contains(account.id);
    if (!first && *stands && (*stands)->next_at > now)
        co_return (*stands)->next_at;
    if (auto const ready_at = parts_.budget.ready_at(account, now); ready_at > now)
        co_return ready_at;
    begun_.insert(account.id);
    co_await sync(account, first || !*stands ? 0 : (*stands)->failures);
    co_return now + 1s;
}

asio::awaitable<void> Templates::sync(channel::AccountContext const& account, int failures)
{
    auto const stop = co_await asio::this_coro::cancellation_state;
    auto const began = parts_.clock.now();
    auto begin = [&](store::Tx& tx) { store::begin_templates(tx, account.id, began + every); };
    auto const begun = co_await parts_.store.write(begin, store::Lane::upkeep);
    Listed listed = Trouble{begun ? std::string{} : begun.error().detail, 0s};
    if (begun)
        listed = co_await list(account, began);
    auto const* const tally = std::get_if<store::TemplateTally>(&listed);
    if (!tally) {
        if (stop.cancelled() == asio::cancellation_type::none) // else it is we who do not wait for the answer
            co_await postpone(account, std::get<Trouble>(listed), failures + 1);
        co_return;
    }
    done_.add();
    parts_.log.info("templates_synced",
                    {{"account", account.account.name}, {"added", tally->added}, {"changed", tally->changed}, {"gone", tally->gone}});
}

/// All pages into the store, each as it comes.
asio::awaitable<Templates::Listed> Templates::list(channel::AccountContext const& account, Timestamp began)
{
    store::TemplateTally so_far;
    std::string cursor;
    for (int pages = 0; pages < most_pages; ++pages) {
        auto const asked_at = parts_.clock.now();
        auto asked = co_await ask(account, cursor);
        if (auto* trouble = std::get_if<Trouble>(&asked))
            co_return std::move(*trouble);
        auto const& page = std::get<channel::TemplatePage>(asked);
        auto keep = [&](store::Tx& tx) {
            auto const now = parts_.clock.now();
            auto const tally = store::save_templates(tx, account.id, page.templates, asked_at, now);
            store::TemplateTally sum{so_far.added + tally.added, so_far.changed + tally.changed, so_far.gone};
            return page.next.empty() ? store::finish_templates(tx, account.id, sum, began) : sum;
        };
        auto const kept = co_await parts_.store.write(keep, store::Lane::upkeep);
        if (!kept)
            co_return Trouble{kept.error().detail, 0s};
        so_far = *kept;
        if (page.next.empty())
            co_return so_far;
        cursor = page.next;
    }
    co_return Trouble{"the provider's list does not end", 0s};
}

asio::awaitable<std::variant<channel::TemplatePage, Templates::Trouble>> Templates::ask(channel::AccountContext const& account,
                                                                                std::string const& cursor)
{
    auto question = account.adapter->ask_templates(account.account, cursor);
    if (!question)
        co_return Trouble{question.error().detail, 0s};
    auto const secrets = account.account.secrets; // those that are on the wire
    auto const origin = net::origin_of(question->target);
    if (!origin)
        co_return Trouble{origin.error().detail, 0s};
    auto connection = co_await parts_.transport.connect(*origin, connect_limit);
    if (!connection)
        co_return Trouble{connection.error().detail, 0s};
    parts_.budget.take(account, parts_.clock.now());
    auto const answer = co_await (*connection)->exchange(*question, answer_limit);
    if (auto const* none = std::get_if<net::NoAnswer>(&answer))
        co_return Trouble{none->why, 0s};
    auto page = account.adapter->read_templates(account.account, cursor, std::get<HttpResponse>(answer));
    if (!page.problem.empty())
        co_return Trouble{channel::without_secrets(std::move(page.problem), secrets), page.wait};
    co_return page;
}

asio::awaitable<void> Templates::postpone(channel::AccountContext const& account, Trouble const& trouble, int failures)
{
    auto const now = parts_.clock.now();
    auto const rest = next_wait(list_patience, failures, trouble.asked, parts_.dice()).value_or(list_patience.ceiling);
    failed_.add();
    parts_.log.warning("templates_not_synced", {{"account", account.account.name}, {"reason", trouble.why}, {"attempt", failures},
                                                {"seconds", rest.count()}});
    auto job = [&](store::Tx& tx) { store::postpone_templates(tx, account.id, trouble.why, now, now + rest); };
    auto const done = co_await parts_.store.write(job, store::Lane::upkeep);
    if (!done)
        parts_.log.warning("templates_not_read", {{"account", account.account.name}, {"reason", done.error().detail}});
}

} // namespace deskbridge::flow
