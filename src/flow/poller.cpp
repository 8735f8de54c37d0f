#include "deskbridge/flow/poller.hpp"

#include "deskbridge/core/retry.hpp"

#include <boost/asio/this_coro.hpp>

#include <fmt/format.h>

namespace deskbridge::flow {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto question_patience = 90s; // providers hold a question for up to a minute until something comes
constexpr auto call_patience = 5s;
constexpr auto shortest_rest = 1s; // a provider that answers at once with nothing is not asked in a circle
constexpr RetryPolicy patience{.first = 2s, .ceiling = 60s};

} // namespace

Poller::Poller(Parts parts) : parts_{std::move(parts)}, loops_{parts_.io, parts_.log, parts_.on_crash}
{
    for (auto const& account : parts_.accounts)
        if (account->adapter->capabilities(account->account).fetched)
            sources_.push_back({*account});
}

asio::awaitable<void> Poller::run()
{
    co_await asio::this_coro::throw_if_cancelled(false);
    auto const stop = co_await asio::this_coro::cancellation_state;
    for (auto& source : sources_)
        loops_.spawn("poll", follow(source));
    async::Bell never{co_await asio::this_coro::executor};
    while (stop.cancelled() == asio::cancellation_type::none)
        co_await never.wait(60s);
    loops_.cancel();
    co_await loops_.join();
}

asio::awaitable<std::chrono::seconds> Poller::ask_each_once()
{
    std::chrono::seconds longest{0};
    for (auto& source : sources_)
        longest = std::max(longest, co_await ask(source));
    co_return longest;
}

asio::awaitable<void> Poller::follow(Source& source)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    auto const stop = co_await asio::this_coro::cancellation_state;
    while (stop.cancelled() == asio::cancellation_type::none) {
        auto const rest = co_await ask(source);
        if (rest > 0s && stop.cancelled() == asio::cancellation_type::none)
            co_await parts_.clock.sleep_until(parts_.clock.now() + rest);
    }
}

asio::awaitable<std::chrono::seconds> Poller::ask(Source& source)
{
    auto const stop = co_await asio::this_coro::cancellation_state;
    auto polled = co_await fetch(source);
    if (stop.cancelled() != asio::cancellation_type::none && polled.items.empty())
        co_return 0s; // it is we who do not wait for the answer
    for (auto& item : polled.items) {
        polled.problem = co_await take(source, item);
        if (!polled.problem.empty())
            break; // what is behind it comes again, in its order
    }
    co_return rest_after(source, polled);
}

asio::awaitable<channel::Polled> Poller::fetch(Source const& source)
{
    auto const& account = source.account;
    auto question = account.adapter->poll(account.account, source.cursor);
    channel::Polled polled;
    if (!question) {
        polled.problem = "the account cannot ask: its credentials are not those that it needs";
        co_return polled;
    }
    auto const secrets = account.account.secrets; // those that are on the wire
    auto const answer = co_await exchange(*question, question_patience);
    if (auto const* none = std::get_if<net::NoAnswer>(&answer)) {
        polled.problem = none->why;
        co_return polled;
    }
    polled = account.adapter->polled(account.account, std::get<HttpResponse>(answer));
    polled.problem = channel::without_secrets(std::move(polled.problem), secrets);
    co_return polled;
}

/// Into the store; "" when it is there, else why not.
asio::awaitable<std::string> Poller::take(Source& source, channel::Polled::Item& item)
{
    auto const& account = source.account;
    auto const answer = co_await parts_.intake.receive(account.hook, std::move(item.webhook), parts_.clock.now());
    if (answer.status != 200)
        co_return fmt::format("what came could not be taken in (status {})", answer.status);
    if (!item.cursor.empty())
        source.cursor = std::move(item.cursor);
    if (auto call = account.adapter->act_on(account.account, answer))
        (void)co_await exchange(*call, call_patience);
    co_return std::string{};
}

asio::awaitable<net::Answer> Poller::exchange(HttpRequest& request, std::chrono::milliseconds limit)
{
    auto const origin = net::origin_of(request.target);
    if (!origin)
        co_return net::NoAnswer{net::NoAnswer::Written::nothing, origin.error().detail};
    auto connection = co_await parts_.transport.connect(*origin, limit);
    if (!connection)
        co_return net::NoAnswer{net::NoAnswer::Written::nothing, connection.error().detail};
    co_return co_await (*connection)->exchange(request, limit);
}

std::chrono::seconds Poller::rest_after(Source& source, channel::Polled const& polled)
{
    auto const& name = source.account.account.name;
    if (polled.problem.empty()) {
        if (source.failures > 0)
            parts_.log.info("poll_works_again", {{"account", name}});
        source.failures = 0;
        return polled.items.empty() ? shortest_rest : 0s;
    }
    ++source.failures;
    auto const rest = next_wait(patience, source.failures, polled.wait, parts_.dice()).value_or(patience.ceiling);
    parts_.log.warning("poll_failed",
                       {{"account", name}, {"reason", polled.problem}, {"attempt", source.failures}, {"seconds", rest.count()}});
    return rest;
}

} // namespace deskbridge::flow
