#include "deskbridge/core/breaker.hpp"

namespace deskbridge {

namespace {

std::int64_t second_of(Timestamp at) noexcept
{
    return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
}

} // namespace

Sign sign_of(Outcome const& outcome) noexcept
{
    if (std::holds_alternative<Unknown>(outcome))
        return Sign::fails;
    if (auto const* not_sent = std::get_if<NotSent>(&outcome))
        return not_sent->error.code != 0 || not_sent->slows != NotSent::Slows::intent ? Sign::works : Sign::fails;
    return Sign::works;
}

std::optional<std::chrono::seconds> Breaker::take(Sign sign, Timestamp now, std::uint64_t dice)
{
    count(sign, now);
    bool const probe = until_ && *until_ <= now;
    if (sign == Sign::works) {
        if (!until_ || probe) { // what began before it opened and is answered late proves nothing about the present
            until_.reset();
            openings_ = 0;
        }
        return std::nullopt;
    }
    bool const opens = !until_ && (connections_failed_ >= settings_.connections || too_many(now));
    if (!opens && !probe)
        return std::nullopt;
    auto const rest = next_wait(settings_.rest, ++openings_, std::chrono::seconds{0}, dice).value_or(settings_.rest.ceiling);
    until_ = now + rest;
    seconds_ = {};
    return rest;
}

void Breaker::count(Sign sign, Timestamp now) noexcept
{
    connections_failed_ = sign == Sign::no_connection ? connections_failed_ + 1 : 0;
    auto const at = second_of(now);
    auto& second = seconds_[static_cast<std::size_t>(at) % longest_window];
    if (second.at != at)
        second = {at, 0, 0};
    ++second.results;
    second.failed += sign == Sign::works ? 0 : 1;
}

bool Breaker::too_many(Timestamp now) const noexcept
{
    auto const oldest = second_of(now - settings_.window);
    int results = 0, failed = 0;
    for (auto const& second : seconds_) {
        if (second.at <= oldest || second.at > second_of(now))
            continue;
        results += second.results;
        failed += second.failed;
    }
    return results >= settings_.results && failed * 100 >= results * settings_.failed_percent;
}

void Breaker::set_back(std::chrono::milliseconds by) noexcept
{
    if (until_)
        *until_ -= by;
    seconds_ = {};
}

} // namespace deskbridge
