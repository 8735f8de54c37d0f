#include "outbox_sender.hpp"

#include "deskbridge/store/contact.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fmt/format.h>

namespace deskbridge::flow {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t most_steps = 6;
constexpr std::size_t most_marks = 8;

Outcome lost(net::NoAnswer const& answer, bool delivers)
{
    if (delivers && answer.written == net::NoAnswer::Written::all)
        return Unknown{answer.why, {}};
    return NotSent{.why = answer.why};
}

} // namespace

std::string OutboxPump::fresh_token()
{
    auto const high = parts_.dice();
    return fmt::format("{:016x}{:016x}", high, parts_.dice());
}

asio::awaitable<void> OutboxPump::deliver(Sender& sender, store::ReadyHead head)
{
    Slot const slot{*this, sender, head.conversation};
    co_await asio::this_coro::throw_if_cancelled(false);
    channel::Delivery delivery{head.content, head.to, head.group, fresh_token(), parts_.clock.now()};
    auto link = co_await connect(sender, head, delivery);
    if (!link)
        co_return;
    if (stopping_) { // untouched: the next start sends it
        sender.pace.give_back(head.conversation);
        co_return;
    }
    auto const begun = co_await begin(sender, head, delivery);
    if (!begun)
        co_return;
    auto const started = parts_.clock.now();
    auto const secrets = sender.context.account.secrets; // those that are on the wire: others may be read meanwhile
    auto const told = co_await exchange(sender, delivery, *link);
    auto const outcome = channel::without_secrets(told, secrets);
    link->connection.reset();
    auto const took = parts_.clock.now() - started;
    figures_->seconds.observe(std::chrono::duration<double>(took).count());
    learn_pace(sender, head.conversation, outcome, started);
    co_await record(sender, head, delivery.token, outcome);
}

asio::awaitable<std::optional<OutboxPump::Link>> OutboxPump::connect(Sender& sender, store::ReadyHead const& head,
                                                                     channel::Delivery const& delivery)
{
    auto const first = sender.context.adapter->next(sender.context.account, delivery, {});
    auto const* step = std::get_if<channel::Step>(&first);
    if (!step)
        co_return Link{};
    NotSent why;
    if (auto origin = net::origin_of(step->request.target)) {
        auto connection = co_await parts_.transport.connect(*origin, settings_.connect);
        if (connection) {
            co_return Link{std::move(*origin), std::move(*connection)};
        }
        why.why = connection.error().detail;
    } else {
        why.why = origin.error().detail;
    }
    co_await postpone(sender, head, why);
    co_return std::nullopt;
}

asio::awaitable<void> OutboxPump::postpone(Sender& sender, store::ReadyHead const& head, NotSent const& why)
{
    auto const now = parts_.clock.now();
    sender.pace.give_back(head.conversation);
    figures_->no_connection.add();
    judge_provider(sender, Sign::no_connection, now);
    OutcomeFacts const facts{.now = now, .dice = parts_.dice(), .keeps = sender.policy.keeps};
    std::vector<store::OutboxEffect> effects;
    std::optional<Timestamp> timer;
    auto job = [&](store::Tx& tx) {
        effects = store::postpone(tx, head.intent, why, facts, settings_.rules);
        timer = settle(tx, effects, now);
    };
    auto const done = co_await parts_.store.write(job, store::Lane::outcome);
    parts_.log.warning("send_postponed", {{"account", sender.name()}, {"intent", head.intent.value}, {"reason", why.why}});
    if (done) {
        armed(timer);
        co_return;
    }
    rest_lane(head.conversation, now); // it still says that it may go: not in a circle
    parts_.log.warning("send_not_begun", {{"intent", head.intent.value}, {"reason", done.error().detail}});
}

asio::awaitable<bool> OutboxPump::begin(Sender& sender, store::ReadyHead const& head, channel::Delivery& delivery)
{
    auto const now = parts_.clock.now();
    store::BeginAttempt const begin{head.intent, delivery.token, parts_.epoch, now};
    std::optional<Timestamp> timer;
    auto job = [&](store::Tx& tx) {
        auto result = store::begin_attempt(tx, begin, sender.policy);
        if (auto const* moved = std::get_if<std::vector<store::OutboxEffect>>(&result))
            timer = settle(tx, *moved, now);
        return result;
    };
    auto result = co_await parts_.store.write(job, store::Lane::outcome);
    auto* begun = result ? std::get_if<store::AttemptBegun>(&*result) : nullptr;
    if (begun) {
        parts_.log.debug("send_begun", {{"account", sender.name()}, {"intent", head.intent.value}, {"attempt", begun->n}});
        delivery.content = std::move(begun->content);
        delivery.to = std::move(begun->to);
        delivery.group = std::move(begun->group);
        delivery.at = now; // connecting may have taken long
        co_return true;
    }
    sender.pace.give_back(head.conversation);
    armed(timer);
    if (!result) {
        if (result.error().fault == Fault::unavailable)
            sender.not_before = now + 1s; // the store has too much to do: not in a circle
        else
            rest_lane(head.conversation, now); // this one alone cannot begin
        parts_.log.warning("send_not_begun", {{"intent", head.intent.value}, {"reason", result.error().detail}});
    } else if (auto const* stay = std::get_if<Stay>(&*result))
        parts_.log.debug("send_waits", {{"intent", head.intent.value}, {"reason", stay->why}});
    else
        report_moves(std::get<std::vector<store::OutboxEffect>>(*result));
    co_return false;
}

asio::awaitable<net::Answer> OutboxPump::ask(net::Origin const& origin, HttpRequest& request, Link& link)
{
    // A connection from the pool may have died under us: as long as nothing was written, another one is the same try.
    for (int connections = 0;; ++connections) {
        if (!link.connection || link.origin != origin) {
            link.connection.reset();
            auto connection = co_await parts_.transport.connect(origin, settings_.connect);
            if (!connection)
                co_return net::NoAnswer{net::NoAnswer::Written::nothing, connection.error().detail};
            link.origin = origin;
            link.connection = std::move(*connection);
        }
        auto answer = co_await link.connection->exchange(request, settings_.exchange);
        auto const* none = std::get_if<net::NoAnswer>(&answer);
        bool const untouched = none && none->written == net::NoAnswer::Written::nothing;
        if (!untouched || connections > 0 || stopping_)
            co_return answer;
        link.connection.reset();
    }
}

asio::awaitable<Outcome> OutboxPump::exchange(Sender& sender, channel::Delivery const& delivery, Link& link)
{
    std::vector<HttpResponse> so_far;
    while (so_far.size() < most_steps) {
        auto next = sender.context.adapter->next(sender.context.account, delivery, so_far);
        if (auto* outcome = std::get_if<Outcome>(&next))
            co_return std::move(*outcome);
        auto& step = std::get<channel::Step>(next);
        auto const origin = net::origin_of(step.request.target);
        if (!origin)
            co_return NotSent{.why = origin.error().detail};
        auto answer = co_await ask(*origin, step.request, link);
        if (auto const* none = std::get_if<net::NoAnswer>(&answer))
            co_return lost(*none, step.delivers);
        so_far.push_back(std::move(std::get<HttpResponse>(answer)));
    }
    co_return Unknown{"more requests than any channel needs", {}};
}

asio::awaitable<void> OutboxPump::record(Sender& sender, store::ReadyHead const& head, std::string const& token,
                                         Outcome const& outcome)
{
    OutcomeFacts const facts{.now = parts_.clock.now(), .dice = parts_.dice(), .keeps = sender.policy.keeps};
    store::RecordedOutcome recorded;
    std::optional<Timestamp> timer;
    auto job = [&](store::Tx& tx) {
        recorded = store::record_outcome(tx, token, outcome, facts, settings_.rules);
        if (auto const* accepted = std::get_if<Accepted>(&outcome); accepted && recorded.contact)
            store::learn_addresses(tx, {sender.context.id, recorded.contact, sender.context.account.scope, facts.now}, accepted->aliases);
        timer = settle(tx, recorded.effects, facts.now);
    };
    auto const give_up = std::chrono::steady_clock::now() + settings_.finish;
    for (;;) {
        auto const done = co_await parts_.store.write(job, store::Lane::outcome);
        if (done)
            break;
        parts_.log.error("outcome_not_recorded", {{"intent", head.intent.value}, {"reason", done.error().detail}});
        if (stopping_ && std::chrono::steady_clock::now() > give_up)
            co_return; // the next start finds an attempt without a result
        asio::steady_timer pause{parts_.io, 200ms};
        co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    armed(timer);
    report(sender, head, outcome, recorded);
}

void OutboxPump::judge_provider(Sender& sender, Sign sign, Timestamp now)
{
    auto const rest = sender.breaker.take(sign, now, parts_.dice());
    if (rest)
        report_rest(sender, sign == Sign::no_connection ? "no_connection" : "failing", *rest, 0);
}

void OutboxPump::learn_pace(Sender& sender, ConversationId pair, Outcome const& outcome, Timestamp begun)
{
    auto const now = parts_.clock.now();
    judge_provider(sender, sign_of(outcome), now);
    auto const* not_sent = std::get_if<NotSent>(&outcome);
    if (!not_sent)
        return;
    switch (not_sent->slows) {
    case NotSent::Slows::intent: break;
    case NotSent::Slows::pair: sender.pace.pair_throttled(pair, now, not_sent->asked); break;
    case NotSent::Slows::account: {
        auto const rest = std::max(not_sent->asked, std::chrono::seconds{1});
        sender.pace.account_throttled(now, rest, begun);
        report_rest(sender, "throttled", rest, not_sent->error.code);
        break;
    }
    }
}

void OutboxPump::mark_read(AccountId account, ExternalMessageId const& message, bool typing)
{
    auto const found = std::find_if(senders_.begin(), senders_.end(),
                                    [account](auto const& sender) { return sender->context.id == account; });
    if (found == senders_.end() || stopping_ || marks_.size() >= most_marks)
        return;
    auto& sender = **found;
    if (!sender.can.read_marks || !sender.context.policy.mark_read)
        return;
    auto const now = parts_.clock.now();
    if (sender.ready_at(now) > now || !sender.breaker.closed())
        return;
    auto request = sender.context.adapter->read_mark(sender.context.account, message, typing);
    if (request)
        marks_.spawn("read_mark", send_mark(sender, std::move(*request)));
}

asio::awaitable<void> OutboxPump::send_mark(Sender& sender, HttpRequest request)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    auto const origin = net::origin_of(request.target);
    if (!origin)
        co_return;
    auto connection = co_await parts_.transport.connect(*origin, settings_.connect);
    if (!connection)
        co_return;
    auto const answer = co_await (*connection)->exchange(request, settings_.connect);
    auto const* response = std::get_if<HttpResponse>(&answer);
    parts_.log.debug("read_mark_sent", {{"account", sender.name()}, {"status", response ? response->status : 0}});
}

} // namespace deskbridge::flow
