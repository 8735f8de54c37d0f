#include "deskbridge/store/account_health.hpp"

#include "deskbridge/store/event_log.hpp"

#include <algorithm>

namespace deskbridge::store {
namespace {

#define HEALTH_COLUMNS                                                                                                     \
    "SELECT h.account_id, h.aspect, h.subject, h.state, h.severity, h.cause, h.next_step, h.until_ms, h.since_ms, h.told_at_ms, " \
    "h.heard_at_ms, h.source FROM account_health h "

constexpr auto select_of_account = HEALTH_COLUMNS "WHERE h.account_id = ?1";
constexpr auto select_aspect = HEALTH_COLUMNS "WHERE h.account_id = ?1 AND h.aspect = ?2 AND h.subject = ?3";
constexpr auto select_aspects = HEALTH_COLUMNS
    "JOIN account a ON a.account_id = h.account_id WHERE a.configured = 1 ORDER BY h.account_id, h.aspect, h.subject";
constexpr auto save_row =
    "INSERT INTO account_health (account_id, aspect, subject, state, severity, cause, next_step, until_ms, since_ms, told_at_ms, "
    "heard_at_ms, source) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) "
    "ON CONFLICT (account_id, aspect, subject) DO UPDATE SET state = excluded.state, severity = excluded.severity, "
    "cause = excluded.cause, next_step = excluded.next_step, until_ms = excluded.until_ms, since_ms = excluded.since_ms, "
    "told_at_ms = excluded.told_at_ms, heard_at_ms = excluded.heard_at_ms, source = excluded.source";

/// nullopt: an aspect of a newer program's.
std::optional<HealthRow> row_at(Statement const& q)
{
    auto const aspect = parse_health_aspect(q.text(1));
    if (!aspect)
        return std::nullopt;
    HealthRow row;
    row.account = q.id<AccountId>(0);
    row.as = {*aspect, q.text(3), parse_severity(q.text(4)).value_or(Severity::ok), q.text(5), q.text(6), q.maybe_time(7), q.text(2)};
    row.since = q.time(8);
    row.told_at = q.time(9);
    row.heard_at = q.time(10);
    row.source = parse_health_source(q.text(11)).value_or(HealthSource::check);
    return row;
}

std::vector<HealthRow> rows_of(Statement q)
{
    std::vector<HealthRow> rows;
    while (q.step())
        if (auto row = row_at(q))
            rows.push_back(std::move(*row));
    return rows;
}

std::optional<HealthRow> find(Reading& reading, AccountId account, HealthFinding const& finding)
{
    auto q = reading.prepare(select_aspect);
    q.bind(1, account);
    q.bind(2, render_health_aspect(finding.aspect));
    q.bind(3, std::string_view{finding.subject});
    return q.step() ? row_at(q) : std::nullopt;
}

void save(Tx& tx, HealthRow const& row)
{
    auto q = tx.prepare(save_row);
    q.bind(1, row.account);
    q.bind(2, render_health_aspect(row.as.aspect));
    q.bind(3, std::string_view{row.as.subject});
    q.bind(4, std::string_view{row.as.state});
    q.bind(5, render_severity(row.as.severity));
    q.bind(6, std::string_view{row.as.cause});
    q.bind(7, std::string_view{row.as.next_step});
    q.bind(8, row.as.until);
    q.bind(9, row.since);
    q.bind(10, row.told_at);
    q.bind(11, row.heard_at);
    q.bind(12, render_health_source(row.source));
    q.run();
}

/// Two clocks that tell of one account differ by less than this.
constexpr std::chrono::minutes tolerance{1};

/// What was heard after a question was asked is newer than its answer; and what a clock wrote that was a day ahead says nothing.
bool is_stale(HealthRow const& had, Told const& told)
{
    if (had.heard_at > told.heard_at + std::chrono::hours{24})
        return false;
    bool const overtaken = told.source == HealthSource::check && had.heard_at >= told.at;
    auto const grace = had.source == told.source || overtaken ? std::chrono::milliseconds{0} : std::chrono::milliseconds{tolerance};
    return told.at + grace < had.told_at;
}

void tell_changed(Tx& tx, HealthRow const& row, std::optional<HealthRow> const& had)
{
    ObjectText data{{"aspect", render_health_aspect(row.as.aspect)},
                    {"state", row.as.state},
                    {"severity", render_severity(row.as.severity)},
                    {"source", render_health_source(row.source)}};
    if (!row.as.subject.empty())
        data.add("subject", row.as.subject);
    if (!row.as.cause.empty())
        data.add("cause", row.as.cause);
    if (had)
        data.add("before", ObjectText{{"state", had->as.state}, {"severity", render_severity(had->as.severity)}});
    append_event(tx, {.type = "account.health_changed", .at = row.heard_at, .account = row.account, .data = std::move(data)});
}

} // namespace

std::vector<HealthRow> health_of(Reading& reading, AccountId account)
{
    auto q = reading.prepare(select_of_account);
    q.bind(1, account);
    auto rows = rows_of(std::move(q));
    std::stable_sort(rows.begin(), rows.end(), [](auto const& a, auto const& b) { return a.as.aspect < b.as.aspect; });
    return rows;
}

std::vector<HealthRow> load_health(Reading& reading)
{
    return rows_of(reading.prepare(select_aspects));
}

std::vector<AccountMark> mark_accounts(Reading& reading)
{
    auto q = reading.prepare("SELECT a.name, sum(h.severity = 'error'), count(h.aspect), sum(h.aspect = 'silence') FROM account a "
                             "LEFT JOIN account_health h ON h.account_id = a.account_id AND h.severity <> 'ok' "
                             "WHERE a.configured = 1 GROUP BY a.account_id, a.name ORDER BY a.name");
    std::vector<AccountMark> marks;
    while (q.step()) {
        auto const unwell = q.integer(2) > 0 ? Severity::warning : Severity::ok;
        marks.push_back({q.text(0), q.integer(1) > 0 ? Severity::error : unwell, q.integer(3) > 0});
    }
    return marks;
}

bool apply_finding(Tx& tx, AccountId account, HealthFinding const& finding, Told const& told)
{
    auto const had = find(tx, account, finding);
    if (had && is_stale(*had, told))
        return false;
    bool const same = had && had->as.state == finding.state && had->as.severity == finding.severity;
    HealthRow const row{account, finding, told.source, same ? had->since : told.at, told.at, told.heard_at};
    save(tx, row);
    bool const changed = had ? !same : finding.severity != Severity::ok;
    if (changed)
        tell_changed(tx, row, had);
    return changed;
}

int end_what_is_over(Tx& tx, AccountId account, Timestamp now)
{
    int ended = 0;
    for (auto const& row : health_of(tx, account))
        if (is_over(row.as, now)) {
            HealthFinding over{row.as.aspect, "over"};
            over.subject = row.as.subject;
            ended += apply_finding(tx, account, over, {row.source, std::max(row.told_at, *row.as.until), now}) ? 1 : 0;
        }
    return ended;
}

} // namespace deskbridge::store
