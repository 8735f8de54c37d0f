#include "outbox_sender.hpp"

/// Whose turn it is: which heads start now, and why others must wait.
namespace deskbridge::flow {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto lane_rest = 10s; ///< after the store refused a step of its head
constexpr std::size_t least_looked_at = 16; ///< lanes at once: some that are ready may have to wait for their own pace

} // namespace

std::size_t OutboxPump::room(Sender const& sender) const noexcept
{
    auto const left = [](std::size_t of, std::size_t used) { return of - std::min(of, used); };
    // Accounts that hang must not silence the others: nobody takes every place, and whoever has none in use finds one.
    auto const idle = static_cast<std::size_t>(std::count_if(senders_.begin(), senders_.end(), [&](auto const& other) {
        return other.get() != &sender && other->in_flight == 0;
    }));
    auto const reserved = sender.in_flight == 0 ? 0 : std::min(idle, settings_.in_flight / 2);
    auto const share = senders_.size() < 2 ? settings_.in_flight : std::max<std::size_t>(1, settings_.in_flight * 3 / 4);
    return std::min(left(left(settings_.in_flight, busy_.size()), reserved), left(sender.breaker.room(share), sender.in_flight));
}

asio::awaitable<void> OutboxPump::start_ready(Sender& sender, Timestamp now, Timestamp& look_again)
{
    if (stopping_)
        co_return;
    bool const from_start = sender.cursor == ConversationId{};
    bool wrapped = from_start;
    while (room(sender) > 0) {
        auto const ready_at = sender.ready_at(now);
        if (ready_at > now) {
            look_again = std::min(look_again, ready_at);
            co_return;
        }
        // No more than may start: while many wait this is looked at for every few that end.
        auto const limit = std::min(settings_.in_flight, std::max(room(sender), least_looked_at));
        auto look = [&, limit](store::Reading& reading) {
            return store::ready_heads(reading, {sender.context.id, sender.cursor, now, limit, sender.policy.rules});
        };
        auto page = co_await parts_.store.read(look);
        if (!page) {
            parts_.log.warning("outbox_not_read", {{"account", sender.name()}, {"reason", page.error().detail}});
            look_again = std::min(look_again, now + 1s);
            co_return;
        }
        sender.cursor = page->last;
        if (page->look_again)
            look_again = std::min(look_again, *page->look_again);
        start(sender, *page, now, look_again);
        if (sender.cursor != ConversationId{})
            continue;
        if (wrapped)
            co_return;
        wrapped = true;
    }
}

void OutboxPump::start(Sender& sender, store::ReadyPage& page, Timestamp now, Timestamp& look_again)
{
    auto in_turn = page.heads.begin();
    auto fresh = page.fresh.begin();
    while (in_turn != page.heads.end() || fresh != page.fresh.end()) {
        if (room(sender) == 0 || sender.ready_at(now) > now) {
            // Go on with this very lane next time: else those in the middle of a page would never have their turn.
            if (in_turn != page.heads.end())
                sender.cursor = ConversationId{in_turn->conversation.value - 1};
            if (auto const ready_at = sender.ready_at(now); ready_at > now)
                look_again = std::min(look_again, ready_at);
            return;
        }
        bool const takes_fresh = fresh != page.fresh.end() && (sender.fresh_is_next || in_turn == page.heads.end());
        auto& head = takes_fresh ? *fresh++ : *in_turn++;
        if (start_one(sender, head, now, look_again))
            sender.fresh_is_next = !takes_fresh;
    }
}

bool OutboxPump::start_one(Sender& sender, store::ReadyHead& head, Timestamp now, Timestamp& look_again)
{
    if (busy_.contains(head.conversation))
        return false;
    auto ready_at = std::max(sender.pace.ready_at(head.conversation, now), rests_until(head.conversation, now));
    if (head.tried)
        ready_at = std::max(ready_at, sender.pace.retry_ready_at(now));
    if (is_proactive(head.content))
        ready_at = std::max(ready_at, sender.pace.proactive_ready_at());
    if (ready_at > now) {
        look_again = std::min(look_again, ready_at);
        return false;
    }
    sender.pace.take(head.conversation, now);
    if (head.tried)
        sender.pace.take_retry(now);
    busy_.insert(head.conversation);
    ++sender.in_flight;
    ++started_;
    sends_.spawn("send", deliver(sender, std::move(head)));
    return true;
}

void OutboxPump::judge_provider(Sender& sender, Sign sign, Timestamp now)
{
    auto const rest = sender.breaker.take(sign, now, parts_.dice());
    if (!rest)
        return;
    sender.breaker_reason = sign == Sign::no_connection ? RestReason::no_connection : RestReason::failing;
    report_rest(sender, sender.breaker_reason, *rest, 0);
}

bool OutboxPump::learn_pace(Sender& sender, ConversationId pair, Outcome const& outcome, Timestamp begun)
{
    auto const now = parts_.clock.now();
    judge_provider(sender, sign_of(outcome), now);
    auto const* not_sent = std::get_if<NotSent>(&outcome);
    return not_sent != nullptr && slow(sender, {sender.context.id, pair, not_sent->slows, not_sent->asked, now, begun, not_sent->error.code});
}

bool OutboxPump::slow(Sender& sender, Slowed const& told)
{
    auto const now = parts_.clock.now();
    bool const complained = sender.pace.proactive_ready_at() > now;
    auto const left = std::chrono::ceil<std::chrono::seconds>(told.told + told.asked - now);
    auto const rest = std::max(left, 1s);
    switch (told.slows) {
    case NotSent::Slows::intent: break;
    case NotSent::Slows::pair: sender.pace.pair_throttled(told.pair, now, std::max(left, 0s)); break;
    case NotSent::Slows::account:
        sender.pace.account_throttled(now, rest, told.begun);
        report_rest(sender, RestReason::throttled, rest, told.code);
        break;
    case NotSent::Slows::proactive:
        sender.pace.proactive_throttled(now, rest, told.begun);
        report_rest(sender, RestReason::complaints, rest, told.code);
        return !complained;
    }
    return false;
}

void OutboxPump::slow_down(Slowed const& told)
{
    constexpr auto news = 60s;
    auto const is_it = [&](auto const& sender) { return sender->context.id == told.account; };
    auto const found = std::find_if(senders_.begin(), senders_.end(), is_it);
    if (found != senders_.end() && parts_.clock.now() - told.told <= std::max<std::chrono::seconds>(told.asked, news))
        (void)slow(**found, told);
}

std::vector<AccountRest> OutboxPump::rests(Timestamp now) const
{
    std::vector<AccountRest> rests;
    for (auto const& sender : senders_) {
        auto const breaker = sender->breaker.ready_at(now);
        auto const throttled = sender->pace.throttled_until();
        auto const until = std::max(breaker, throttled);
        if (until > now)
            rests.push_back({sender->context.id, until, throttled > breaker ? RestReason::throttled : sender->breaker_reason});
        if (auto const templates = sender->pace.proactive_ready_at(); templates > std::max(until, now))
            rests.push_back({sender->context.id, templates, RestReason::complaints});
    }
    return rests;
}

void OutboxPump::rest_lane(ConversationId lane, Timestamp now)
{
    resting_[lane] = now + lane_rest;
}

Timestamp OutboxPump::rests_until(ConversationId lane, Timestamp now)
{
    auto const found = resting_.find(lane);
    if (found == resting_.end())
        return now;
    auto const until = found->second;
    if (until <= now)
        resting_.erase(found);
    return until;
}

} // namespace deskbridge::flow
