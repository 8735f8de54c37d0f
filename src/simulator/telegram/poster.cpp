#include "telegram/poster.hpp"

#include "signing.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <charconv>

namespace deskbridge::simulator::telegram {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

std::optional<std::chrono::seconds> retry_after(HttpResponse const& response)
{
    auto const header = response.headers.find("Retry-After").value_or("");
    int seconds = 0;
    auto const [stopped, error] = std::from_chars(header.data(), header.data() + header.size(), seconds);
    bool const whole = !header.empty() && error == std::errc{} && stopped == header.data() + header.size() && seconds >= 0;
    return whole ? std::optional{std::chrono::seconds{seconds}} : std::nullopt;
}

} // namespace

std::chrono::milliseconds next_post(int failures, std::optional<std::chrono::seconds> asked, std::uint64_t dice) noexcept
{
    if (asked)
        return std::min<std::chrono::milliseconds>(*asked, 1h);
    auto const ceiling = 60s + std::chrono::seconds{dice % 61};
    return std::min<std::chrono::milliseconds>(1s * (1 << std::clamp(failures - 1, 0, 10)), ceiling);
}

bool is_fresh(std::string_view kind, std::chrono::milliseconds age) noexcept
{
    return kind == "callback_query" ? age < 150s : age < 24h;
}

void Poster::start()
{
    world_.house.tasks.spawn("telegram_updates", pump());
}

void Poster::begin_anew()
{
    troubles_.clear();
    last_error_.clear();
    gone_since_.reset();
    bell_.ring();
}

Json Poster::info() const
{
    auto const& webhook = world_.book.webhook();
    Json info{{"url", webhook.url}, {"has_custom_certificate", false}, {"pending_update_count", world_.book.updates().size()}};
    if (!webhook.url.empty())
        info["max_connections"] = webhook.connections;
    if (!world_.book.allowed().empty())
        info["allowed_updates"] = world_.book.allowed();
    if (!last_error_.empty()) {
        info["last_error_date"] = last_error_at_s_;
        info["last_error_message"] = last_error_;
    }
    return info;
}

asio::awaitable<void> Poster::pump()
{
    co_await asio::this_coro::throw_if_cancelled(false);
    while (!world_.house.stopping) {
        drop_stale();
        co_await bell_.wait(start_due());
    }
}

void Poster::drop_stale()
{
    std::vector<std::int64_t> stale;
    for (auto const& update : world_.book.updates())
        if (in_flight_.count(update.lane) == 0 && !is_fresh(update.kind, world_.now() - update.at))
            stale.push_back(update.id);
    for (auto const id : stale) {
        troubles_.erase(id);
        updates_.done(id, false);
    }
}

std::chrono::milliseconds Poster::start_due()
{
    auto const now = world_.house.clock.now();
    auto const& webhook = world_.book.webhook();
    std::chrono::milliseconds nap = 10s;
    std::set<std::int64_t> seen;
    for (auto const& update : world_.book.updates()) {
        if (webhook.url.empty() || static_cast<std::int64_t>(in_flight_.size()) >= webhook.connections)
            break;
        if (!seen.insert(update.lane).second || in_flight_.count(update.lane) != 0)
            continue; // behind another one of its chat
        if (auto const due = troubles_[update.id].due; due > now) {
            nap = std::min(nap, due - now);
            continue;
        }
        in_flight_.insert(update.lane);
        world_.house.tasks.spawn("telegram_post", post(update));
    }
    return std::max(nap, 1ms);
}

asio::awaitable<void> Poster::post(Update update)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    auto const& webhook = world_.book.webhook();
    HttpRequest request{"POST", webhook.url, {{"Content-Type", "application/json"}}, render_json(to_json(update))};
    if (!webhook.secret_token.empty())
        request.headers.add("X-Telegram-Bot-Api-Secret-Token", webhook.secret_token);
    auto const began = world_.house.clock.now();
    auto const answer = co_await world_.house.http.send(request, world_.house.options.hook_timeout);
    in_flight_.erase(update.lane);
    if (world_.house.stopping) // not taken as far as the book knows: the next run posts it again
        co_return;
    settle(update, answer, world_.house.clock.now() - began);
    bell_.ring();
}

void Poster::settle(Update const& update, net::Answer const& answer, std::chrono::milliseconds took)
{
    auto const* response = std::get_if<HttpResponse>(&answer);
    int const status = response ? response->status : 0;
    auto const why = response ? std::string{} : std::get<net::NoAnswer>(answer).why;
    world_.ledger.add("attempt", world_.house.clock.now(),
                      Json{{"update", update.id}, {"status", status}, {"took_ms", took.count()}, {"why", why}});
    if (status < 200 || status > 299) {
        fail(update, status, why, response ? retry_after(*response) : std::nullopt);
        return;
    }
    gone_since_.reset();
    troubles_.erase(update.id);
    updates_.done(update.id, true);
    act_on(*response);
}

void Poster::fail(Update const& update, int status, std::string why, std::optional<std::chrono::seconds> asked)
{
    auto& trouble = troubles_[update.id];
    ++trouble.failures;
    auto const wait = next_post(trouble.failures, asked, random_number());
    trouble.due = world_.house.clock.now() + scaled(wait, world_.house.options.time_scale);
    last_error_at_s_ = world_.now_s();
    last_error_ = status != 0 ? "Wrong response from the webhook: " + std::to_string(status) : "Connection failed";
    world_.house.log.warning("webhook_unanswered",
                             {{"webhook", update.id}, {"status", status}, {"failures", trouble.failures}, {"reason", why}});
    if (status != 410) {
        gone_since_.reset();
        return;
    }
    gone_since_ = gone_since_.value_or(world_.now());
    if (world_.now() - *gone_since_ >= 23h) // Source: WebhookActor.cpp, as above.
        world_.book.save(Webhook{});
}

void Poster::act_on(HttpResponse const& response)
{
    auto const call = parse_json(response.body);
    if (call && call->is_object() && text_at(*call, {"method"}) && on_call)
        on_call(*call);
}

} // namespace deskbridge::simulator::telegram
