#include "deskbridge/flow/health.hpp"

#include "deskbridge/core/retry.hpp"

#include <boost/asio/this_coro.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace deskbridge::flow {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto every = 24h;
constexpr auto while_unwell = 30min; ///< what is mended should be seen to be
constexpr auto hook_word_stands = 1h; ///< only another wish would ask again
constexpr auto longest_wait = 60s;
constexpr auto between_checks = 1s; // a storm of webhooks rings often
constexpr auto connect_limit = 10s;
constexpr auto answer_limit = 30s;
constexpr std::size_t most_questions = 20;
constexpr RetryPolicy check_patience{.first = 30s, .ceiling = 12h};

HealthFinding bad_hook(std::string state, std::string cause)
{
    return {HealthAspect::hook, std::move(state), Severity::warning, std::move(cause),
            "See that [server] public_url leads here from outside: name server, certificate, reverse proxy, firewall.", {}, {}};
}

} // namespace

Health::Health(Parts parts)
    : parts_{std::move(parts)},
      done_{parts_.metrics.counter("deskbridge_account_checks_total", metric_label("outcome", "done"))},
      failed_{parts_.metrics.counter("deskbridge_account_checks_total", metric_label("outcome", "failed"))},
      listening_since_{parts_.clock.now()},
      bell_{parts_.io.get_executor()}
{
}

asio::awaitable<void> Health::run()
{
    co_await asio::this_coro::throw_if_cancelled(false);
    auto const stop = co_await asio::this_coro::cancellation_state;
    async::Bell pause{co_await asio::this_coro::executor};
    while (stop.cancelled() == asio::cancellation_type::none) {
        auto const look_again = co_await look();
        auto const wait = std::clamp<std::chrono::milliseconds>(look_again - parts_.clock.now(), 1ms, longest_wait);
        if (stop.cancelled() == asio::cancellation_type::none)
            co_await bell_.wait(wait);
        if (stop.cancelled() == asio::cancellation_type::none)
            co_await pause.wait(between_checks);
    }
}

asio::awaitable<Timestamp> Health::look()
{
    auto const stop = co_await asio::this_coro::cancellation_state;
    auto look_again = parts_.clock.now() + longest_wait;
    for (auto const& account : parts_.accounts) {
        if (stop.cancelled() != asio::cancellation_type::none)
            co_return look_again;
        co_await listen(*account);
        if (account->adapter->capabilities(account->account).health)
            look_again = std::min(look_again, co_await look_at(*account));
    }
    co_await tell();
    co_return look_again;
}

/// Asks the provider if it is time; answers when it is.
asio::awaitable<Timestamp> Health::look_at(channel::AccountContext const& account)
{
    auto const now = parts_.clock.now();
    auto find = [&](store::Reading& reading) { return store::find_account_check(reading, account.id); };
    auto const stands = co_await parts_.store.read(find);
    if (!stands) {
        not_read(account, stands.error());
        co_return now + 5s;
    }
    bool const first = !begun_.contains(account.id);
    bool const later = *stands && (*stands)->next_at > now && (*stands)->next_at <= now + 2 * every; // beyond: the clock was set back
    if (!first && later)
        co_return (*stands)->next_at;
    if (auto const ready_at = parts_.budget.ready_at(account, now); ready_at > now)
        co_return ready_at;
    co_await check(account, first || !*stands ? 0 : (*stands)->failures);
    co_return now + 1s;
}

asio::awaitable<void> Health::check(channel::AccountContext const& account, int failures)
{
    auto const stop = co_await asio::this_coro::cancellation_state;
    auto const began = parts_.clock.now();
    auto begin = [&](store::Tx& tx) { return store::begin_check(tx, account.id, began + every); };
    auto const with_hook = co_await parts_.store.write(begin, store::Lane::upkeep);
    if (!with_hook) {
        not_read(account, with_hook.error());
        co_return;
    }
    begun_.insert(account.id);
    auto report = co_await ask_all(account);
    auto probe = *with_hook ? account.adapter->probe_hook(account.account, hook_url(account), probe_word()) : std::nullopt;
    if (probe) {
        auto answers = co_await call_hook(*probe);
        if (answers.severity != Severity::ok)
            answers.until = parts_.clock.now() + hook_word_stands;
        report.findings.push_back(std::move(answers));
    }
    if (stop.cancelled() != asio::cancellation_type::none)
        co_return; // it is we who do not wait for the answer
    bool const unwell = std::any_of(report.findings.begin(), report.findings.end(),
                                    [](auto const& finding) { return finding.severity != Severity::ok && finding.aspect != HealthAspect::hook; });
    auto next_at = began + (unwell ? std::chrono::minutes{while_unwell} : std::chrono::minutes{every});
    if (report.problem.empty()) {
        done_.add();
    } else {
        failed_.add();
        auto const rest = next_wait(check_patience, failures + 1, report.wait, parts_.dice()).value_or(check_patience.ceiling);
        next_at = parts_.clock.now() + rest;
        parts_.log.warning("account_not_checked", {{"account", account.account.name}, {"reason", report.problem}, {"attempt", failures + 1},
                                                   {"seconds", rest.count()}});
    }
    store::Checked const checked{std::move(report.findings), std::move(report.problem), began, next_at};
    co_await finish(account, checked);
}

asio::awaitable<void> Health::finish(channel::AccountContext const& account, store::Checked const& checked)
{
    auto keep = [&](store::Tx& tx) { store::finish_check(tx, account.id, checked, parts_.clock.now()); };
    auto const kept = co_await parts_.store.write(keep, store::Lane::upkeep);
    if (!kept)
        not_read(account, kept.error());
}

/// Every question that the adapter has, and what the answers say. Nothing of ours that the provider quotes back is kept.
asio::awaitable<channel::HealthReport> Health::ask_all(channel::AccountContext const& account)
{
    auto const secrets = account.account.secrets; // those that are on the wire
    channel::HealthContext const context{hook_url(account), parts_.clock.now()};
    std::vector<HttpResponse> so_far;
    while (so_far.size() < most_questions) {
        auto step = account.adapter->check_health(account.account, context, so_far);
        if (auto* report = std::get_if<channel::HealthReport>(&step)) {
            report->problem = channel::without_secrets(std::move(report->problem), secrets);
            for (auto& finding : report->findings)
                for (auto* words : {&finding.cause, &finding.next_step})
                    *words = channel::without_secrets(std::move(*words), secrets);
            co_return std::move(*report);
        }
        parts_.budget.take(account, parts_.clock.now());
        auto answer = co_await exchange(std::get<HttpRequest>(step));
        if (auto* trouble = std::get_if<Trouble>(&answer))
            co_return channel::HealthReport{{}, channel::without_secrets(std::move(trouble->why), secrets), trouble->asked};
        auto& response = std::get<HttpResponse>(answer);
        response.body = channel::without_secrets(std::move(response.body), secrets); // before anybody shortens what it quotes
        so_far.push_back(std::move(response));
    }
    co_return channel::HealthReport{{}, "the questions to the provider do not end", 0s};
}

asio::awaitable<std::variant<HttpResponse, Health::Trouble>> Health::exchange(HttpRequest& request)
{
    auto const origin = net::origin_of(request.target);
    if (!origin)
        co_return Trouble{origin.error().detail};
    auto connection = co_await parts_.transport.connect(*origin, connect_limit);
    if (!connection)
        co_return Trouble{connection.error().detail};
    auto answer = co_await (*connection)->exchange(request, answer_limit);
    if (auto const* none = std::get_if<net::NoAnswer>(&answer))
        co_return Trouble{none->why};
    co_return std::move(std::get<HttpResponse>(answer));
}

asio::awaitable<HealthFinding> Health::call_hook(channel::HookProbe& probe)
{
    auto const url = probe.request.target.substr(0, probe.request.target.find('?')); // what follows has our word for the provider
    auto const answer = co_await exchange(probe.request);
    if (auto const* trouble = std::get_if<Trouble>(&answer))
        co_return bad_hook("unreachable", fmt::format("{} does not answer: {}.", url, trouble->why));
    auto const& response = std::get<HttpResponse>(answer);
    if (response.status == 200 && response.body == probe.expected)
        co_return HealthFinding{HealthAspect::hook, "answers"};
    co_return bad_hook("wrong_answer", fmt::format("{} answered {} instead of the word that it was given: it leads elsewhere, or something "
                                                   "on the way changes it.", url, response.status));
}

std::string Health::hook_url(channel::AccountContext const& account) const
{
    return parts_.public_url.empty() ? std::string{} : parts_.public_url + "/hooks/" + account.hook;
}

std::string Health::probe_word() const
{
    return fmt::format("{:016x}", parts_.dice());
}

void Health::not_read(channel::AccountContext const& account, Error const& error)
{
    parts_.log.warning("account_health_not_read", {{"account", account.account.name}, {"reason", error.detail}});
}

} // namespace deskbridge::flow
