#include "deskbridge/store/account.hpp"

#include "deskbridge/store/account_health.hpp"
#include "deskbridge/store/event_log.hpp"

#include <algorithm>

namespace deskbridge::store {

namespace {

#define ACCOUNT_COLUMNS                                                                                                   \
    "SELECT a.account_id, a.channel, a.number, a.name, a.brand, a.time_zone, a.language, a.configured, a.paused_reason, " \
    "a.paused_at_ms, a.paused_by, a.created_at_ms, "                                                                      \
    "(SELECT max(CASE h.severity WHEN 'error' THEN 2 WHEN 'warning' THEN 1 ELSE 0 END) FROM account_health h "            \
    "WHERE h.account_id = a.account_id) FROM account a "

constexpr auto select_by_number = ACCOUNT_COLUMNS "WHERE a.channel = ?1 AND a.number = ?2";
constexpr auto select_account = ACCOUNT_COLUMNS "WHERE a.account_id = ?1";
constexpr auto select_accounts = ACCOUNT_COLUMNS "ORDER BY a.account_id";
constexpr auto insert_account = R"(
    INSERT INTO account (channel, number, name, brand, time_zone, language, created_at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7))";
constexpr auto update_account = R"(
    UPDATE account SET name = ?2, brand = ?3, time_zone = ?4, language = ?5, configured = 1 WHERE account_id = ?1)";
constexpr auto unconfigure = "UPDATE account SET configured = 0 WHERE account_id = ?1";
constexpr auto set_pause = R"(
    UPDATE account SET paused_by = ?2, paused_reason = ?3, paused_at_ms = ?4 WHERE account_id = ?1 AND paused_reason IS NULL)";
constexpr auto resume = R"(
    UPDATE account SET paused_by = NULL, paused_reason = NULL, paused_at_ms = NULL WHERE account_id = ?1 AND paused_reason IS NOT NULL)";
constexpr auto note_refusal = R"(
    UPDATE account SET last_refusal_at_ms = ?2
    WHERE account_id = ?1 AND (last_refusal_at_ms IS NULL OR last_refusal_at_ms < ?2))";

PausedBy parse_paused_by(std::string_view word) noexcept
{
    return word == "provider" ? PausedBy::provider : word == "restore" ? PausedBy::restore : PausedBy::agent;
}

AccountRow account_row(Statement const& q)
{
    AccountRow account;
    account.id = q.id<AccountId>(0);
    account.as = {q.text(1), q.text(2), q.text(3), q.text(4), q.text(5), q.text(6)};
    account.configured = q.boolean(7);
    if (!q.is_null(8))
        account.paused = {parse_paused_by(q.text(10)), q.text(8), q.time(9)};
    account.created_at = q.time(11);
    auto const worst = q.maybe_integer(12).value_or(0);
    account.health = worst == 2 ? Severity::error : worst == 1 ? Severity::warning : Severity::ok;
    return account;
}

AccountId add(Tx& tx, ConfiguredAccount const& wanted, Timestamp now)
{
    auto q = tx.prepare(insert_account);
    q.bind(1, wanted.channel);
    q.bind(2, wanted.number);
    q.bind(3, wanted.name);
    q.bind(4, wanted.brand);
    q.bind(5, wanted.time_zone);
    q.bind(6, wanted.language);
    q.bind(7, now);
    q.run();
    AccountId const id{tx.last_insert_id()};
    append_event(tx, {.type = "account.added", .at = now, .account = id, .data = {{"name", wanted.name}, {"channel", wanted.channel}}});
    return id;
}

AccountId change(Tx& tx, AccountRow const& had, ConfiguredAccount const& wanted, Timestamp now)
{
    if (had.configured && had.as == wanted)
        return had.id;
    auto q = tx.prepare(update_account);
    q.bind(1, had.id);
    q.bind(2, wanted.name);
    q.bind(3, wanted.brand);
    q.bind(4, wanted.time_zone);
    q.bind(5, wanted.language);
    q.run();
    append_event(tx, {.type = "account.changed", .at = now, .account = had.id, .data = {{"name", wanted.name}}});
    return had.id;
}

void unconfigure_others(Tx& tx, std::span<AccountId const> kept, Timestamp now)
{
    for (auto const& account : load_accounts(tx)) {
        if (!account.configured || std::find(kept.begin(), kept.end(), account.id) != kept.end())
            continue;
        auto q = tx.prepare(unconfigure);
        q.bind(1, account.id);
        q.run();
        append_event(tx, {.type = "account.unconfigured", .at = now, .account = account.id});
        end_silence(tx, account.id, "not_watched", now);
    }
}

} // namespace

std::vector<AccountId> configure_accounts(Tx& tx, std::span<ConfiguredAccount const> accounts, Timestamp now)
{
    std::vector<AccountId> ids;
    for (auto const& wanted : accounts) {
        auto const had = find_account(tx, wanted.channel, wanted.number);
        ids.push_back(had ? change(tx, *had, wanted, now) : add(tx, wanted, now));
    }
    unconfigure_others(tx, ids, now);
    return ids;
}

std::optional<AccountRow> find_account(Reading& reading, AccountId id)
{
    auto q = reading.prepare(select_account);
    q.bind(1, id);
    if (!q.step())
        return std::nullopt;
    return account_row(q);
}

std::optional<AccountRow> find_account(Reading& reading, std::string_view channel, std::string_view number)
{
    auto q = reading.prepare(select_by_number);
    q.bind(1, channel);
    q.bind(2, number);
    if (!q.step())
        return std::nullopt;
    return account_row(q);
}

std::vector<AccountRow> load_accounts(Reading& reading)
{
    auto q = reading.prepare(select_accounts);
    std::vector<AccountRow> accounts;
    while (q.step())
        accounts.push_back(account_row(q));
    return accounts;
}

std::int64_t count_paused_accounts(Reading& reading)
{
    auto q = reading.prepare("SELECT count(*) FROM account WHERE configured = 1 AND paused_reason IS NOT NULL");
    q.step();
    return q.integer(0);
}

std::string_view render_paused_by(PausedBy by) noexcept
{
    switch (by) {
    case PausedBy::provider: return "provider";
    case PausedBy::restore: return "restore";
    case PausedBy::agent: break;
    }
    return "agent";
}

bool pause_account(Tx& tx, AccountId id, Pause const& pause, Actor by)
{
    auto const who = render_paused_by(pause.by);
    auto q = tx.prepare(set_pause);
    q.bind(1, id);
    q.bind(2, who);
    q.bind(3, std::string_view{pause.reason});
    q.bind(4, pause.at);
    if (q.run() == 0)
        return false;
    // What a provider says may quote the message that it refused, and the event log has nobody's words.
    auto const reason = pause.by == PausedBy::provider ? std::string{"the provider refuses the account itself"} : pause.reason;
    append_event(tx, {.type = "account.paused", .at = pause.at, .actor = by, .account = id, .data = {{"by", who}, {"reason", reason}}});
    if (pause.by == PausedBy::provider)
        want_check(tx, id, {.at = pause.at}); // it knows more than the answer to a send says
    return true;
}

bool resume_account(Tx& tx, AccountId id, Actor by, Timestamp now)
{
    auto q = tx.prepare(resume);
    q.bind(1, id);
    if (q.run() == 0)
        return false;
    append_event(tx, {.type = "account.resumed", .at = now, .actor = by, .account = id});
    return true;
}

bool resumed_since(Reading& reading, AccountId id, Timestamp at)
{
    auto q = reading.prepare("SELECT at_ms, account_id, type FROM event ORDER BY seq DESC");
    while (q.step() && q.time(0) > at)
        if (q.id<AccountId>(1) == id && q.text(2) == "account.resumed")
            return true;
    return false;
}

void note_intake_refusal(Tx& tx, AccountId id, Timestamp at)
{
    auto q = tx.prepare(note_refusal);
    q.bind(1, id);
    q.bind(2, at);
    q.run();
}

} // namespace deskbridge::store
