#include "emitter.hpp"

#include "limits.hpp"
#include "signing.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>

namespace deskbridge::simulator {

namespace asio = boost::asio;
using namespace std::chrono_literals;

Emitter::Emitter(Parts parts, std::string name, HookSettings settings)
    : parts_{std::move(parts)}, name_{std::move(name)}, settings_{std::move(settings)}, bell_{parts_.io.get_executor()}
{
}

void Emitter::start(std::vector<Webhook> unfinished)
{
    auto const now = parts_.clock.now();
    for (auto& hook : unfinished)
        schedule(std::move(hook), now);
    parts_.tasks.spawn("webhook_pump", pump());
    aim(settings_.url);
}

void Emitter::stop()
{
    stopping_ = true;
    bell_.ring();
}

void Emitter::emit(Update update)
{
    queue_.push_back(std::move(update));
    bell_.ring();
}

void Emitter::post_raw(std::string body, std::optional<std::string> signature)
{
    Webhook hook;
    hook.id = parts_.ledger.next_webhook_id();
    hook.number = name_;
    hook.body = std::move(body);
    hook.forged = signature.has_value();
    hook.signature = signature.value_or("");
    hook.first = parts_.clock.now();
    parts_.ledger.made(hook);
    schedule(std::move(hook), parts_.clock.now());
}

HookState Emitter::state() const
{
    auto state = state_;
    state.unanswered = due_.size() + in_flight_ + queue_.size();
    return state;
}

std::vector<std::string> Emitter::waiting_message_ids() const
{
    std::vector<std::string> ids;
    for (auto const& [when, hook] : due_)
        ids.insert(ids.end(), hook.message_ids.begin(), hook.message_ids.end());
    return ids;
}

bool Emitter::chance(double probability)
{
    return probability > 0 && static_cast<double>(random_number() % 1'000'000) < probability * 1e6;
}

asio::awaitable<void> Emitter::pump()
{
    co_await asio::this_coro::throw_if_cancelled(false);
    while (!stopping_) {
        if (!queue_.empty() && queue_.size() < parts_.chaos.batch && parts_.chaos.batch_wait > 0ms)
            co_await parts_.clock.sleep_until(parts_.clock.now() + parts_.chaos.batch_wait);
        while (!queue_.empty())
            pack_some();
        auto const now = parts_.clock.now();
        start_due(now);
        std::chrono::milliseconds nap = 1h;
        bool const room = in_flight_ < std::max<std::size_t>(parts_.chaos.concurrency, 1) && !settings_.url.empty();
        if (room && !due_.empty())
            nap = std::max(1ms, due_.begin()->first - now);
        co_await bell_.wait(nap);
    }
}

void Emitter::pack_some()
{
    std::vector<Update> updates;
    auto const most = std::max<std::size_t>(parts_.chaos.batch, 1);
    while (!queue_.empty() && updates.size() < most) {
        updates.push_back(std::move(queue_.front()));
        queue_.pop_front();
    }
    auto const packing = updates.size() > 1 ? static_cast<Packing>(random_number() % 3) : Packing::together;
    auto const doc = pack(updates, packing);

    Webhook hook;
    hook.id = parts_.ledger.next_webhook_id();
    hook.number = name_;
    hook.body = settings_.raw_utf8 ? render_json(doc) : render_escaped(doc);
    for (auto const& update : updates)
        if (!update.message_id.empty())
            hook.message_ids.push_back(update.message_id);
    auto const now = parts_.clock.now();
    hook.first = now;
    parts_.ledger.made(hook);
    if (chance(parts_.chaos.duplicate))
        schedule(hook, now);
    auto const hold = chance(parts_.chaos.reorder)
                          ? std::chrono::milliseconds{random_number() % static_cast<std::uint64_t>(parts_.chaos.held_back.count() + 1)}
                          : 0ms;
    schedule(std::move(hook), now + hold);
}

void Emitter::schedule(Webhook hook, Timestamp when)
{
    due_.emplace(when, std::move(hook));
    bell_.ring();
}

void Emitter::start_due(Timestamp now)
{
    auto const most = std::max<std::size_t>(parts_.chaos.concurrency, 1);
    while (!settings_.url.empty() && !due_.empty() && in_flight_ < most && due_.begin()->first <= now) {
        auto hook = std::move(due_.begin()->second);
        due_.erase(due_.begin());
        ++in_flight_;
        parts_.tasks.spawn("webhook_post", post(std::move(hook)));
    }
}

asio::awaitable<void> Emitter::post(Webhook hook)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    HttpRequest request;
    request.method = "POST";
    request.target = settings_.url;
    request.headers.add("Content-Type", "application/json");
    request.headers.add("User-Agent", "facebookexternalua");
    auto const signature = hook.forged ? hook.signature : signature_header(settings_.app_secret, hook.body);
    if (!signature.empty())
        request.headers.add("X-Hub-Signature-256", signature);
    request.body = hook.body;

    auto const began = parts_.clock.now();
    auto answer = co_await parts_.http.send(request, settings_.timeout);
    --in_flight_;
    if (stopping_) // unanswered as far as the ledger knows: the next run posts it again
        co_return;
    auto const took = parts_.clock.now() - began;
    if (auto const* response = std::get_if<HttpResponse>(&answer))
        settle(std::move(hook), response->status, took, {});
    else
        settle(std::move(hook), 0, took, std::get<net::NoAnswer>(answer).why);
}

void Emitter::settle(Webhook hook, int status, std::chrono::milliseconds took, std::string const& why)
{
    auto const now = parts_.clock.now();
    state_.last_status = status;
    state_.last_took = took;
    Json row{{"webhook", hook.id}, {"status", status}, {"took_ms", took.count()}};
    if (!why.empty())
        row["why"] = why;
    parts_.ledger.add("attempt", now, std::move(row));
    if (status == 200) {
        ++state_.taken;
        parts_.ledger.done(hook.id, now, true);
        if (on_taken)
            on_taken(hook.message_ids);
    } else {
        ++hook.failures;
        auto const age = std::chrono::milliseconds{
            static_cast<std::int64_t>(static_cast<double>((now - hook.first).count()) * settings_.time_scale)};
        auto const wait = next_retry(hook.failures, age, random_number());
        parts_.log.warning("webhook_unanswered", {{"webhook", hook.id}, {"status", status}, {"failures", hook.failures}, {"reason", why}});
        if (wait)
            schedule(std::move(hook), now + scaled(*wait, settings_.time_scale));
        else
            parts_.ledger.done(hook.id, now, false);
    }
    bell_.ring();
    tell_state();
}

void Emitter::tell_state()
{
    if (on_state)
        on_state();
}

} // namespace deskbridge::simulator
