#include "deskbridge/flow/health.hpp"

#include "deskbridge/core/silence.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace deskbridge::flow {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto between_listenings = 5min;

/// "11-29 14:00": hours are told in UTC, as everywhere.
std::string moment_in_words(Timestamp at)
{
    auto const text = render_rfc3339(at);
    return text.substr(0, 10) + " " + text.substr(11, 5) + " UTC";
}

HealthFinding silence_since(Timestamp last, EarlierWeeks const& weeks)
{
    return {HealthAspect::silence, "silent", Severity::warning,
            fmt::format("No message has come since {}. In the same hours of the four weeks before there were {}.", moment_in_words(last),
                        fmt::join(weeks, ", ")),
            "Write to the number from a phone. If nothing comes: deskbridge account test tells where the way is broken.", {}, {}};
}

struct Silence {
    Timestamp last{};
    EarlierWeeks weeks{};
};

/// nullopt: it is not, or it is known already.
std::optional<Silence> find_silence(store::Reading& reading, AccountId account, SilenceFacts facts, std::string const& zone)
{
    facts.last_inbound = store::last_inbound(reading, account);
    auto const hours = silent_hours(facts);
    if (!hours)
        return std::nullopt;
    for (auto const& row : store::health_of(reading, account))
        if (row.as.aspect == HealthAspect::silence && row.as.severity != Severity::ok)
            return std::nullopt;
    auto const weeks = store::count_earlier_weeks(reading, account, earlier_hours(*hours, zone));
    return is_unusual(weeks) ? std::optional{Silence{*facts.last_inbound, weeks}} : std::nullopt;
}

} // namespace

/// Has an account that is normally busy at this time fallen silent?
asio::awaitable<void> Health::listen(channel::AccountContext const& account)
{
    auto const now = parts_.clock.now();
    auto& last = listened_at_[account.id];
    if (last != Timestamp{} && now < last + between_listenings && now >= last)
        co_return;
    bool const first = last == Timestamp{};
    last = now;
    if (!account.policy.silence_alarm) {
        if (first)
            co_await stop_watching(account);
        co_return;
    }
    if (first)
        co_await watch_again(account);
    auto find = [&](store::Reading& reading) {
        return find_silence(reading, account.id, {now, {}, listening_since_}, account.policy.time_zone);
    };
    auto const silence = co_await parts_.store.read(find);
    if (!silence) {
        not_read(account, silence.error());
        co_return;
    }
    if (!*silence)
        co_return;
    auto const finding = silence_since((*silence)->last, (*silence)->weeks);
    auto keep = [&](store::Tx& tx) {
        // A message may have come since: then it has the last word.
        if (store::last_inbound(tx, account.id) == (*silence)->last)
            (void)store::apply_finding(tx, account.id, finding, {HealthSource::deskbridge, now, now});
    };
    auto const kept = co_await parts_.store.write(keep, store::Lane::upkeep);
    if (!kept)
        not_read(account, kept.error());
}

/// A silence from before its alarm was switched off.
asio::awaitable<void> Health::stop_watching(channel::AccountContext const& account)
{
    auto end = [&](store::Tx& tx) { store::end_silence(tx, account.id, "not_watched", parts_.clock.now()); };
    auto const ended = co_await parts_.store.write(end, store::Lane::upkeep);
    if (!ended)
        not_read(account, ended.error());
}

/// Its alarm was switched off, or it was not configured, and is again.
asio::awaitable<void> Health::watch_again(channel::AccountContext const& account)
{
    auto look = [&](store::Reading& reading) { return store::is_unwatched(reading, account.id); };
    auto const unwatched = co_await parts_.store.read(look);
    if (!unwatched)
        not_read(account, unwatched.error());
    if (!unwatched || !*unwatched)
        co_return;
    auto const now = parts_.clock.now();
    auto begin = [&](store::Tx& tx) {
        if (store::is_unwatched(tx, account.id))
            (void)store::apply_finding(tx, account.id, {HealthAspect::silence, "watched"}, {HealthSource::deskbridge, now, now});
    };
    auto const begun = co_await parts_.store.write(begin, store::Lane::upkeep);
    if (!begun)
        not_read(account, begun.error());
}

/// What is not as it was said to be the last time. At a start everything that is not well is said once.
asio::awaitable<void> Health::tell()
{
    auto load = [](store::Reading& reading) { return store::load_health(reading); };
    auto const rows = co_await parts_.store.read(load);
    if (!rows)
        co_return; // the next look says it
    auto const now = parts_.clock.now();
    std::set<AccountId> over;
    for (auto const& row : *rows) {
        tell_row(row);
        if (is_over(row.as, now))
            over.insert(row.account);
    }
    for (auto const id : over) {
        auto end = [id, now](store::Tx& tx) { (void)store::end_what_is_over(tx, id, now); };
        (void)co_await parts_.store.write(end, store::Lane::upkeep); // if it fails the next look tries again
    }
}

void Health::tell_row(store::HealthRow const& row)
{
    auto const* account = channel::find_account(parts_.accounts, row.account);
    auto const& is = row.as;
    auto& said = told_.try_emplace({row.account, is.aspect, is.subject}, std::string{}, Severity::ok).first->second;
    auto const before = std::exchange(said, std::pair{is.state, is.severity});
    if (!account || before == said || (is.severity == Severity::ok && before.second == Severity::ok))
        return;
    auto const aspect = render_health_aspect(is.aspect);
    if (is.severity == Severity::ok)
        parts_.log.info("account_well", {{"account", account->account.name}, {"aspect", aspect}, {"state", is.state}});
    else
        parts_.log.warning("account_unwell", {{"account", account->account.name}, {"aspect", aspect}, {"state", is.state},
                                              {"severity", render_severity(is.severity)}, {"reason", is.cause}, {"next", is.next_step}});
}

} // namespace deskbridge::flow
