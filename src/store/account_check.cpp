#include "deskbridge/store/account_health.hpp"

#include "deskbridge/store/event_log.hpp"

namespace deskbridge::store {
namespace {

/// False: it is the first one of its hour.
bool count_in_hour(Tx& tx, AccountId account, Timestamp hour, Timestamp at)
{
    auto q = tx.prepare("UPDATE inbound_hour SET messages = messages + 1, last_at_ms = max(last_at_ms, ?3) "
                        "WHERE account_id = ?1 AND hour_ms = ?2");
    q.bind(1, account);
    q.bind(2, hour);
    q.bind(3, at);
    return q.run() > 0;
}

void begin_hour(Tx& tx, AccountId account, Timestamp hour, Timestamp at)
{
    auto q = tx.prepare("INSERT INTO inbound_hour (account_id, hour_ms, messages, last_at_ms) VALUES (?1, ?2, 1, ?3)");
    q.bind(1, account);
    q.bind(2, hour);
    q.bind(3, at);
    q.run();
}

} // namespace

std::optional<AccountCheck> find_account_check(Reading& reading, AccountId account)
{
    auto q = reading.prepare("SELECT checked_at_ms, tried_at_ms, next_at_ms, with_hook, failures, problem FROM account_check "
                             "WHERE account_id = ?1");
    q.bind(1, account);
    if (!q.step())
        return std::nullopt;
    return AccountCheck{q.maybe_time(0), q.maybe_time(1), q.time(2), q.boolean(3), static_cast<int>(q.integer(4)), q.text(5)};
}

void want_check(Tx& tx, AccountId account, CheckWish const& wish)
{
    bool const insists = wish.by.kind == ActorKind::agent;
    auto q = tx.prepare("INSERT INTO account_check (account_id, next_at_ms, with_hook) VALUES (?1, ?2, ?3) "
                        "ON CONFLICT (account_id) DO UPDATE SET next_at_ms = min(account_check.next_at_ms, excluded.next_at_ms), "
                        "with_hook = max(account_check.with_hook, excluded.with_hook) WHERE account_check.failures = 0 OR ?4");
    q.bind(1, account);
    q.bind(2, wish.at);
    q.bind(3, wish.with_hook);
    q.bind(4, insists);
    q.run();
    if (insists)
        append_event(tx, {.type = "account.check_requested", .at = wish.at, .actor = wish.by, .account = account});
}

bool begin_check(Tx& tx, AccountId account, Timestamp next_at)
{
    auto const had = find_account_check(tx, account);
    auto q = tx.prepare("INSERT INTO account_check (account_id, next_at_ms) VALUES (?1, ?2) "
                        "ON CONFLICT (account_id) DO UPDATE SET next_at_ms = excluded.next_at_ms, with_hook = 0");
    q.bind(1, account);
    q.bind(2, next_at);
    q.run();
    return had && had->with_hook;
}

void finish_check(Tx& tx, AccountId account, Checked const& checked, Timestamp now)
{
    for (auto const& finding : checked.findings)
        (void)apply_finding(tx, account, finding, {HealthSource::check, checked.began, now});
    (void)end_what_is_over(tx, account, now);
    bool const failed = !checked.problem.empty();
    // What somebody wanted meanwhile stands: its time is earlier than the next day.
    auto q = tx.prepare("UPDATE account_check SET tried_at_ms = ?2, problem = ?3, failures = CASE WHEN ?4 THEN failures + 1 ELSE 0 END, "
                        "checked_at_ms = CASE WHEN ?4 THEN checked_at_ms ELSE ?2 END, next_at_ms = min(next_at_ms, ?5) "
                        "WHERE account_id = ?1");
    q.bind(1, account);
    q.bind(2, now);
    q.bind(3, std::string_view{checked.problem});
    q.bind(4, failed);
    q.bind(5, checked.next_at);
    q.run();
}

void count_inbound(Tx& tx, AccountId account, Timestamp at)
{
    Timestamp const hour{std::chrono::floor<std::chrono::hours>(at)};
    if (count_in_hour(tx, account, hour, at))
        return;
    begin_hour(tx, account, hour, at);
    end_silence(tx, account, "heard", at); // a whole hour without a message at least: what ends it is the first one of its hour
}

void end_silence(Tx& tx, AccountId account, std::string state, Timestamp at)
{
    auto q = tx.prepare("SELECT 1 FROM account_health WHERE account_id = ?1 AND aspect = 'silence' AND subject = '' "
                        "AND severity <> 'ok'");
    q.bind(1, account);
    if (q.step())
        (void)apply_finding(tx, account, {HealthAspect::silence, std::move(state)}, {HealthSource::deskbridge, at, at});
}

bool is_unwatched(Reading& reading, AccountId account)
{
    auto q = reading.prepare("SELECT 1 FROM account_health WHERE account_id = ?1 AND aspect = 'silence' AND subject = '' "
                             "AND state = 'not_watched'");
    q.bind(1, account);
    return q.step();
}

std::optional<Timestamp> last_inbound(Reading& reading, AccountId account)
{
    auto q = reading.prepare("SELECT last_at_ms FROM inbound_hour WHERE account_id = ?1 ORDER BY hour_ms DESC LIMIT 1");
    q.bind(1, account);
    return q.step() ? std::optional{q.time(0)} : std::nullopt;
}

EarlierWeeks count_earlier_weeks(Reading& reading, AccountId account, EarlierHours const& hours)
{
    EarlierWeeks weeks{};
    auto q = reading.prepare("SELECT coalesce(sum(messages), 0) FROM inbound_hour "
                             "WHERE account_id = ?1 AND hour_ms >= ?2 AND hour_ms < ?3");
    for (std::size_t back = 0; back < weeks.size(); ++back) {
        q.bind(1, account);
        q.bind(2, hours[back].from);
        q.bind(3, hours[back].to);
        weeks[back] = q.step() ? static_cast<int>(q.integer(0)) : 0;
        q.reset();
    }
    return weeks;
}

int drop_inbound_hours(Tx& tx, Timestamp before, int limit)
{
    auto q = tx.prepare("DELETE FROM inbound_hour WHERE (account_id, hour_ms) IN "
                        "(SELECT account_id, hour_ms FROM inbound_hour WHERE hour_ms < ?1 LIMIT ?2)");
    q.bind(1, before);
    q.bind(2, limit);
    return static_cast<int>(q.run());
}

} // namespace deskbridge::store
