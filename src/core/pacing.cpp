#include "deskbridge/core/pacing.hpp"

#include <algorithm>
#include <cmath>

namespace deskbridge {

namespace {

constexpr double slowest = 1.0; // per second: halving ends here
constexpr std::size_t pairs_kept = 4096;
constexpr std::chrono::seconds clean_minute{60};
constexpr double rounding_ms = 0.001; // what binary fractions leave over must not cost a millisecond

/// A quarter of a second's worth at once: in no second more than 1.25 times the rate leaves.
double burst_of(double per_second)
{
    return std::max(1.0, per_second / 4.0);
}

double per_second_of(std::chrono::milliseconds interval)
{
    return 1000.0 / static_cast<double>(std::max<std::int64_t>(interval.count(), 1));
}

} // namespace

double TokenBucket::tokens_at(Timestamp now) const noexcept
{
    if (now <= at_)
        return tokens_;
    auto const passed = static_cast<double>((now - at_).count()) / 1000.0;
    return std::min(burst_, tokens_ + passed * per_second_);
}

Timestamp TokenBucket::ready_at(Timestamp now) const noexcept
{
    auto const missing = 1.0 - tokens_at(now);
    auto const wait_ms = missing / per_second_ * 1000.0 - rounding_ms;
    if (wait_ms <= 0.0)
        return now;
    return now + std::chrono::milliseconds{static_cast<std::int64_t>(std::ceil(wait_ms))};
}

void TokenBucket::take(Timestamp now) noexcept
{
    tokens_ = tokens_at(now) - 1.0;
    at_ = now;
}

void TokenBucket::give_back() noexcept
{
    tokens_ = std::min(burst_, tokens_ + 1.0);
}

void TokenBucket::change(double per_second, double burst, Timestamp now) noexcept
{
    tokens_ = std::min(tokens_at(now), burst);
    at_ = now;
    per_second_ = per_second;
    burst_ = burst;
}

std::string_view render_rest_reason(RestReason reason) noexcept
{
    switch (reason) {
    case RestReason::throttled: return "throttled";
    case RestReason::complaints: return "complaints";
    case RestReason::failing: return "failing";
    case RestReason::no_connection: break;
    }
    return "no_connection";
}

Pace::Pace(PaceSettings settings) noexcept
    : settings_{settings},
      per_second_{settings.per_second},
      account_{settings.per_second, burst_of(settings.per_second)},
      retries_{settings.per_second * settings.retries, burst_of(settings.per_second * settings.retries)},
      walk_at_{pairs_kept}
{
}

Timestamp Pace::account_ready_at(Timestamp now) const
{
    return std::max(account_.ready_at(now), account_not_before_);
}

Timestamp Pace::ready_at(ConversationId pair, Timestamp now) const
{
    auto const account = account_ready_at(now);
    auto const found = pairs_.find(pair);
    if (found == pairs_.end())
        return account;
    return std::max({account, found->second.bucket.ready_at(now), found->second.not_before});
}

void Pace::take(ConversationId pair, Timestamp now)
{
    if (clean_since_ == Timestamp{})
        clean_since_ = now;
    if (now - clean_since_ >= clean_minute) {
        set_rate(std::min(settings_.per_second_max, per_second_ + settings_.step), now);
        clean_since_ = now;
    }
    account_.take(now);
    pair_of(pair, now).bucket.take(now);
}

void Pace::give_back(ConversationId pair)
{
    account_.give_back();
    if (auto const found = pairs_.find(pair); found != pairs_.end())
        found->second.bucket.give_back();
}

void Pace::halve(Timestamp now, Timestamp begun)
{
    if (!halved_at_ || begun > *halved_at_) {
        set_rate(std::max(slowest, per_second_ / 2.0), now);
        halved_at_ = now;
    }
    clean_since_ = now;
}

void Pace::proactive_throttled(Timestamp now, std::chrono::milliseconds wait, Timestamp begun)
{
    halve(now, begun);
    proactive_not_before_ = std::max(proactive_not_before_, now + wait);
}

void Pace::account_throttled(Timestamp now, std::chrono::milliseconds wait, Timestamp begun)
{
    halve(now, begun);
    account_not_before_ = std::max(account_not_before_, now + wait);
}

void Pace::pair_throttled(ConversationId pair, Timestamp now, std::chrono::milliseconds wait)
{
    auto& slow = pair_of(pair, now);
    slow.not_before = std::max(slow.not_before, now + wait);
}

void Pace::set_back(std::chrono::milliseconds by)
{
    account_.set_back(by);
    retries_.set_back(by);
    if (halved_at_)
        *halved_at_ -= by;
    account_not_before_ -= by;
    proactive_not_before_ -= by;
    if (clean_since_ != Timestamp{})
        clean_since_ -= by;
    for (auto& [pair, slow] : pairs_) {
        slow.bucket.set_back(by);
        slow.not_before -= by;
    }
}

Pace::Pair& Pace::pair_of(ConversationId pair, Timestamp now)
{
    if (pairs_.size() >= walk_at_ && !pairs_.contains(pair))
        forget_idle(now);
    auto const fresh = TokenBucket{per_second_of(settings_.pair_interval), std::max(1.0, static_cast<double>(settings_.pair_burst))};
    return pairs_.try_emplace(pair, Pair{fresh, {}}).first->second;
}

void Pace::set_rate(double per_second, Timestamp now)
{
    per_second_ = per_second;
    account_.change(per_second, burst_of(per_second), now);
    retries_.change(per_second * settings_.retries, burst_of(per_second * settings_.retries), now);
}

void Pace::forget_idle(Timestamp now)
{
    std::erase_if(pairs_, [now](auto const& entry) {
        return entry.second.not_before <= now && entry.second.bucket.full(now);
    });
    walk_at_ = std::max(pairs_kept, 2 * pairs_.size()); // a walk for each message would cost more than the message
}

} // namespace deskbridge
