#include "deskbridge/flow/intake.hpp"

#include "account_paused.hpp"
#include "delivery.hpp"

#include "deskbridge/core/ascii.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace deskbridge::flow {
namespace {

std::string_view outcome_of(Tally const& tally)
{
    if (tally.fresh > 0)
        return tally.shelved.empty() ? "accepted" : "partly_shelved";
    if (!tally.shelved.empty())
        return "shelved";
    if (tally.dropped)
        return "dropped";
    return tally.known > 0 ? "known" : "empty";
}

/// There from the start, so that the first of each is seen as a change.
constexpr std::array<std::string_view, 19> outcomes{
    "accepted",      "partly_shelved", "shelved",       "known",        "dropped", "empty",     "handshake", "bad_handshake",
    "no_certificate", "bad_signature", "unknown_hook",   "no_handshake",  "wrong_method", "too_big", "too_busy",
    "file_gone",     "disk_low",       "wal_full",      "store_failed"};
constexpr std::array shelf_reasons{store::ShelfReason::unreadable, store::ShelfReason::unknown_account,
                                   store::ShelfReason::effect_failed, store::ShelfReason::foreign_object};

void count(CounterSet& counters, Tally::Counts const& counts)
{
    for (auto const& [value, n] : counts)
        counters.of(value).add(static_cast<std::uint64_t>(n));
}

} // namespace

struct Intake::Figures {
    explicit Figures(Metrics& metrics)
        : webhooks{metrics.counters("deskbridge_webhooks_total", "outcome")},
          events{metrics.counters("deskbridge_inbound_events_total", "kind")},
          shelved{metrics.counters("deskbridge_shelved_total", "reason")},
          placements{metrics.counters("deskbridge_placements_total", "rule")},
          withheld{metrics.counters("deskbridge_withheld_total", "reason")},
          priced{metrics.counters("deskbridge_priced_messages_total", "cost_class")},
          repeated{metrics.counter("deskbridge_inbound_repeated_total")},
          receipt_delay{metrics.histogram("deskbridge_receipt_delay_seconds")},
          proven{metrics.counter("deskbridge_doubts_settled_total", metric_label("by", "receipt"))},
          duplicated{metrics.counter("deskbridge_messages_duplicated_total")}
    {
        for (auto const outcome : outcomes)
            webhooks.of(outcome);
        for (auto const reason : shelf_reasons)
            shelved.of(render_shelf_reason(reason));
    }
    CounterSet webhooks;
    CounterSet events;
    CounterSet shelved;
    CounterSet placements;
    CounterSet withheld;
    CounterSet priced;
    Counter& repeated;
    Histogram& receipt_delay;
    Counter& proven;     ///< attempts of which it was unknown whether they had reached the provider
    Counter& duplicated; ///< messages that the provider took twice
};

HttpResponse plain_text(int status, std::string body)
{
    HttpResponse response;
    response.status = status;
    response.headers.add("Content-Type", "text/plain; charset=utf-8");
    response.body = std::move(body);
    return response;
}

Intake::Intake(Parts parts)
    : parts_{std::move(parts)}, figures_{std::make_unique<Figures>(parts_.metrics)}, refusals_{parts_.around.accounts}
{
    for (auto const& account : parts_.around.accounts) {
        auto& entry = hooks_[account->hook];
        entry.hook.name = account->hook;
        entry.hook.accounts.push_back(&account->account);
        entry.adapter = account->adapter;
        entry.client_certificate = account->client_certificate;
        entry.accounts.push_back(account.get());
    }
}

Intake::~Intake() = default;

HttpResponse Intake::refuse(std::string_view hook, int status, std::string_view outcome) const
{
    figures_->webhooks.of(outcome).add();
    parts_.log.warning("webhook_refused", {{"hook", hooks_.contains(hook) ? hook : "unknown"}, {"status", status}, {"reason", outcome}});
    return plain_text(status);
}

std::optional<HttpResponse> Intake::refuse_head(std::string_view hook, HttpRequest const& head, std::span<std::string const> client_names) const
{
    auto const found = hooks_.find(hook);
    if (found == hooks_.end())
        return refuse(hook, 404, "unknown_hook");
    auto const& wanted = found->second.client_certificate;
    auto const is_wanted = [&wanted](std::string const& name) { return same_word(name, wanted); };
    if (head.method == "POST" && !wanted.empty() && std::none_of(client_names.begin(), client_names.end(), is_wanted))
        return refuse(hook, 403, "no_certificate");
    if (head.method == "POST" && !found->second.adapter->plausible(head))
        return refuse(hook, 401, "bad_signature");
    return std::nullopt;
}

HttpResponse Intake::answer_handshake(HookEntry const& entry, HttpRequest const& request) const
{
    auto answer = entry.adapter->handshake(entry.hook, request);
    if (!answer)
        return refuse(entry.hook.name, 404, "no_handshake");
    bool const held = answer->status == 200;
    figures_->webhooks.of(held ? "handshake" : "bad_handshake").add();
    parts_.log.info(held ? "handshake_answered" : "handshake_refused", {{"hook", entry.hook.name}});
    return std::move(*answer);
}

boost::asio::awaitable<HttpResponse> Intake::receive(std::string_view hook, HttpRequest raw, Timestamp now)
{
    auto const found = hooks_.find(hook);
    if (found == hooks_.end())
        co_return refuse(hook, 404, "unknown_hook");
    auto const& entry = found->second;
    if (raw.method == "GET" || raw.method == "HEAD")
        co_return answer_handshake(entry, raw);
    if (raw.method != "POST")
        co_return refuse(hook, 405, "wrong_method");
    if (raw.body.size() > max_webhook_bytes)
        co_return refuse(hook, 413, "too_big");
    auto const webhook = channel::VerifiedWebhook::check(*entry.adapter, entry.hook, std::move(raw), now);
    if (!webhook)
        co_return refuse(hook, 401, "bad_signature");
    auto parsed = entry.adapter->parse(entry.hook, *webhook, now);
    co_return co_await store_events(entry, webhook->request(), parsed, now);
}

boost::asio::awaitable<HttpResponse> Intake::store_events(HookEntry const& entry, HttpRequest const& request,
                                                          Result<channel::Intake>& parsed, Timestamp now)
{
    std::vector<InboundEvent> const none;
    auto const& events = parsed ? parsed->events : none;
    Delivery const delivery{entry.hook.name, request, events, entry.accounts, now, store::body_digest(request.body), read_ahead(events, entry.accounts)};
    auto work = [&](store::Tx& tx) {
        return parsed ? take_events(tx, parts_.around, delivery) : take_uninterpreted(tx, delivery, parsed.error());
    };
    auto const tally = co_await parts_.store.write(work, store::Lane::intake, request.body.size());
    if (!tally)
        co_return refuse_store(entry, tally.error(), now);
    report(entry, *tally);
    auto response = plain_text(200, parsed ? parsed->reply_body : std::string{});
    if (parsed)
        response.headers.set("Content-Type", parsed->reply_type);
    co_return response;
}

HttpResponse Intake::refuse_store(HookEntry const& entry, Error const& error, Timestamp now)
{
    refusals_.note(entry.hook.name, now);
    bool const busy = error.fault == Fault::unavailable;
    auto const room = parts_.store.room();
    auto const why = room == store::Room::enough ? "too_busy" : store::render_room(room);
    auto response = refuse(entry.hook.name, busy ? 503 : 500, busy ? why : "store_failed");
    if (!busy)
        parts_.log.error("intake_failed", {{"hook", entry.hook.name}, {"reason", error.detail}});
    else
        response.headers.add("Retry-After", room == store::Room::enough ? "5" : "30");
    return response;
}

void Intake::note_unheard(std::string_view hook, Timestamp now) noexcept
{
    if (hook.empty())
        refusals_.note_all(now);
    else
        refusals_.note(hook, now);
}

void Intake::report_receipts(Tally const& tally) const
{
    for (auto const delay : tally.receipt_delays)
        figures_->receipt_delay.observe(std::chrono::duration<double>(delay).count());
    figures_->proven.add(static_cast<std::uint64_t>(tally.proven));
    figures_->duplicated.add(tally.duplicated.size());
    for (auto const& account : tally.paused)
        log_account_paused(parts_.log, account.name, account.code);
    for (auto const message : tally.duplicated)
        parts_.log.warning("message_duplicated", {{"message", message.value}});
}

void Intake::report(HookEntry const& entry, Tally const& tally) const
{
    auto const outcome = outcome_of(tally);
    figures_->webhooks.of(outcome).add();
    count(figures_->events, tally.kinds);
    count(figures_->shelved, tally.shelved);
    count(figures_->placements, tally.rules);
    count(figures_->withheld, tally.withheld);
    count(figures_->priced, tally.priced);
    figures_->repeated.add(static_cast<std::uint64_t>(tally.known));
    report_receipts(tally);
    for (auto const& [reason, n] : tally.shelved)
        parts_.log.warning("shelved", {{"hook", entry.hook.name}, {"reason", reason}, {"count", n}});
    for (auto const& [reason, n] : tally.withheld)
        parts_.log.info("automatic_text_withheld", {{"hook", entry.hook.name}, {"reason", reason}, {"count", n}});
    for (auto const& reason : tally.failures)
        parts_.log.error("automatic_text_failed", {{"hook", entry.hook.name}, {"reason", reason}});
    parts_.log.debug("webhook_taken", {{"hook", entry.hook.name},
                                       {"outcome", outcome},
                                       {"applied", tally.fresh},
                                       {"known", tally.known},
                                       {"opened", tally.opened},
                                       {"reopened", tally.reopened}});
    for (auto const& told : tally.slowed)
        if (parts_.on_slowed)
            parts_.on_slowed(told);
    if (tally.queued && parts_.on_queued)
        parts_.on_queued();
    if (tally.timer_due && parts_.on_timer)
        parts_.on_timer(*tally.timer_due);
}

} // namespace deskbridge::flow
