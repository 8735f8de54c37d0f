#include "deskbridge/store/template.hpp"

#include "deskbridge/store/event_log.hpp"

#include <algorithm>

namespace deskbridge::store {
namespace {

#define TEMPLATE_COLUMNS                                                                                                        \
    "SELECT t.template_id, t.account_id, t.external_id, t.name, t.language, t.category, t.status, t.quality, t.reason, t.named, " \
    "t.components, t.listed_at_ms, t.changed_at_ms FROM template t "

constexpr auto select_page = TEMPLATE_COLUMNS
    "WHERE t.account_id = ?1 AND (?2 = 0 OR (t.name, t.language) > (SELECT p.name, p.language FROM template p WHERE p.template_id = ?2)) "
    "AND CASE WHEN ?3 = '' THEN t.status <> 'deleted' ELSE ?3 LIKE '%,' || t.status || ',%' END "
    "ORDER BY t.name, t.language LIMIT ?4";
constexpr auto select_named = TEMPLATE_COLUMNS "WHERE t.account_id = ?1 AND t.name = ?2 ORDER BY t.language";
constexpr auto select_one = TEMPLATE_COLUMNS "WHERE t.account_id = ?1 AND t.name = ?2 AND t.language = ?3";
constexpr auto select_external = TEMPLATE_COLUMNS "WHERE t.account_id = ?1 AND t.external_id = ?2";
constexpr auto select_unlisted = TEMPLATE_COLUMNS
    "WHERE t.account_id = ?1 AND t.listed_at_ms < ?2 AND t.changed_at_ms < ?2 AND t.status <> 'deleted'";

constexpr auto insert_template =
    "INSERT INTO template (account_id, external_id, name, language, category, status, quality, reason, named, components, "
    "listed_at_ms, changed_at_ms) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
constexpr auto update_template =
    "UPDATE template SET external_id = ?2, category = ?3, status = ?4, quality = ?5, reason = ?6, named = ?7, components = ?8, "
    "listed_at_ms = ?9, changed_at_ms = ?10 WHERE template_id = ?1";

TemplateRow row_at(Statement const& q)
{
    TemplateRow row;
    row.id = q.integer(0);
    row.account = q.id<AccountId>(1);
    row.as = {q.text(2), q.text(3), q.text(4), q.text(5), q.text(6), q.text(7), q.text(8), q.boolean(9), q.text(10)};
    row.listed_at = q.time(11);
    row.changed_at = q.time(12);
    return row;
}

std::vector<TemplateRow> rows_of(Statement q)
{
    std::vector<TemplateRow> rows;
    while (q.step())
        rows.push_back(row_at(q));
    return rows;
}

std::optional<TemplateRow> find(Tx& tx, AccountId account, std::string_view name, std::string_view language)
{
    auto q = tx.prepare(select_one);
    q.bind(1, account);
    q.bind(2, name);
    q.bind(3, language);
    return q.step() ? std::optional{row_at(q)} : std::nullopt;
}

/// By what the webhook names, the provider's id first: a name may be used again after a deletion, and then is another template.
std::optional<TemplateRow> find(Tx& tx, AccountId account, TemplateChange const& change)
{
    if (!change.external_id.empty()) {
        auto q = tx.prepare(select_external);
        q.bind(1, account);
        q.bind(2, std::string_view{change.external_id});
        if (q.step())
            return row_at(q);
    }
    auto named = find(tx, account, change.name, change.language);
    bool const another = named && !change.external_id.empty() && !named->as.external_id.empty();
    return another ? std::nullopt : std::move(named);
}

void insert(Tx& tx, AccountId account, MessageTemplate const& one, Timestamp listed_at, Timestamp now)
{
    auto q = tx.prepare(insert_template);
    q.bind(1, account);
    q.bind(2, std::string_view{one.external_id});
    q.bind(3, std::string_view{one.name});
    q.bind(4, std::string_view{one.language});
    q.bind(5, std::string_view{one.category});
    q.bind(6, std::string_view{one.status});
    q.bind(7, std::string_view{one.quality});
    q.bind(8, std::string_view{one.reason});
    q.bind(9, one.named);
    q.bind(10, std::string_view{one.components});
    q.bind(11, listed_at);
    q.bind(12, now);
    q.run();
}

void update(Tx& tx, TemplateRow const& row)
{
    auto q = tx.prepare(update_template);
    q.bind(1, row.id);
    q.bind(2, std::string_view{row.as.external_id});
    q.bind(3, std::string_view{row.as.category});
    q.bind(4, std::string_view{row.as.status});
    q.bind(5, std::string_view{row.as.quality});
    q.bind(6, std::string_view{row.as.reason});
    q.bind(7, row.as.named);
    q.bind(8, std::string_view{row.as.components});
    q.bind(9, row.listed_at);
    q.bind(10, row.changed_at);
    q.run();
}

/// `template.changed`, if one of these is another now. Names of templates are the operator's words, no customer's.
void tell_changed(Tx& tx, TemplateRow const& row, MessageTemplate const& before, Timestamp now)
{
    ObjectText was;
    auto const compare = [&was](char const* key, std::string const& old, std::string const& fresh) {
        if (old != fresh)
            was.add(key, old);
    };
    compare("status", before.status, row.as.status);
    compare("category", before.category, row.as.category);
    compare("quality", before.quality, row.as.quality);
    if (was.empty())
        return;
    append_event(tx, {.type = "template.changed",
                      .at = now,
                      .account = row.account,
                      .data = {{"template", row.id},
                               {"name", row.as.name},
                               {"language", row.as.language},
                               {"status", row.as.status},
                               {"category", row.as.category},
                               {"quality", row.as.quality},
                               {"before", was}}});
}

/// Answers whether anything is different now.
bool replace(Tx& tx, TemplateRow row, MessageTemplate const& fresh, Timestamp now)
{
    auto const before = std::exchange(row.as, fresh);
    bool const changed = !(before == fresh);
    row.changed_at = changed ? now : row.changed_at;
    update(tx, row);
    tell_changed(tx, row, before, now);
    return changed;
}

MessageTemplate changed_by(MessageTemplate one, TemplateChange const& change)
{
    one.category = change.category.value_or(one.category);
    one.status = change.status.value_or(one.status);
    one.quality = change.quality.value_or(one.quality);
    one.reason = change.reason.value_or(one.reason);
    if (!change.components.empty())
        one.components = merge_components(one.components, change.components);
    return one;
}

} // namespace

std::vector<TemplateRow> list_templates(Reading& reading, TemplateQuery const& query)
{
    std::string statuses;
    for (auto const& status : query.statuses)
        statuses += (statuses.empty() ? "," : "") + status + ",";
    auto q = reading.prepare(select_page);
    q.bind(1, query.account);
    q.bind(2, query.after);
    q.bind(3, std::string_view{statuses});
    q.bind(4, query.limit);
    return rows_of(std::move(q));
}

std::vector<TemplateRow> templates_named(Reading& reading, AccountId account, std::string_view name)
{
    auto q = reading.prepare(select_named);
    q.bind(1, account);
    q.bind(2, name);
    return rows_of(std::move(q));
}

std::optional<TemplateList> find_template_list(Reading& reading, AccountId account)
{
    auto q = reading.prepare("SELECT synced_at_ms, tried_at_ms, next_at_ms, failures, problem FROM template_list WHERE account_id = ?1");
    q.bind(1, account);
    if (!q.step())
        return std::nullopt;
    return TemplateList{q.maybe_time(0), q.maybe_time(1), q.time(2), static_cast<int>(q.integer(3)), q.text(4)};
}

KnownTemplates known_templates(Reading& reading, AccountId account, std::string_view name)
{
    auto const list = find_template_list(reading, account);
    KnownTemplates known;
    known.listed = list && list->synced_at;
    for (auto& row : templates_named(reading, account, name))
        known.named.push_back(std::move(row.as));
    return known;
}

void want_templates(Tx& tx, AccountId account, Actor by, Timestamp now)
{
    auto q = tx.prepare("INSERT INTO template_list (account_id, next_at_ms) VALUES (?1, ?2) "
                        "ON CONFLICT (account_id) DO UPDATE SET next_at_ms = min(template_list.next_at_ms, excluded.next_at_ms) "
                        "WHERE template_list.failures = 0 OR ?3"); // a provider that asks for patience gets it, unless an agent insists
    q.bind(1, account);
    q.bind(2, now);
    q.bind(3, by.kind == ActorKind::agent ? 1 : 0);
    q.run();
    if (by.kind == ActorKind::agent)
        append_event(tx, {.type = "template.sync_requested", .at = now, .actor = by, .account = account});
}

void begin_templates(Tx& tx, AccountId account, Timestamp next_at)
{
    auto q = tx.prepare("INSERT INTO template_list (account_id, next_at_ms) VALUES (?1, ?2) "
                        "ON CONFLICT (account_id) DO UPDATE SET next_at_ms = excluded.next_at_ms");
    q.bind(1, account);
    q.bind(2, next_at);
    q.run();
}

TemplateTally save_templates(Tx& tx, AccountId account, std::span<MessageTemplate const> page, Timestamp asked_at, Timestamp now)
{
    TemplateTally tally;
    for (auto const& one : page) {
        auto had = find(tx, account, one.name, one.language);
        if (!had) {
            insert(tx, account, one, asked_at, now);
            ++tally.added;
            continue;
        }
        bool const told_since = had->changed_at > asked_at;
        had->listed_at = asked_at;
        auto fresh = told_since ? had->as : one;
        if (fresh.reason.empty() && fresh.status == had->as.status)
            fresh.reason = had->as.reason; // webhooks tell more than lists
        tally.changed += replace(tx, std::move(*had), fresh, now) ? 1 : 0;
    }
    return tally;
}

TemplateTally finish_templates(Tx& tx, AccountId account, TemplateTally so_far, Timestamp began)
{
    auto gone = tx.prepare(select_unlisted);
    gone.bind(1, account);
    gone.bind(2, began);
    for (auto& row : rows_of(std::move(gone))) {
        auto deleted = row.as;
        deleted.status = "deleted";
        (void)replace(tx, std::move(row), deleted, began);
        ++so_far.gone;
    }
    constexpr std::chrono::hours passing{1}; // a pause lasts three hours, a review minutes or a day
    auto q = tx.prepare("UPDATE template_list SET synced_at_ms = ?2, tried_at_ms = ?2, failures = 0, problem = '', next_at_ms = CASE WHEN EXISTS "
                        "(SELECT 1 FROM template WHERE account_id = ?1 AND status IN ('paused', 'pending', 'in_appeal')) "
                        "THEN min(next_at_ms, ?3) ELSE next_at_ms END WHERE account_id = ?1");
    q.bind(1, account);
    q.bind(2, began);
    q.bind(3, began + passing);
    q.run();
    if (so_far.added + so_far.changed + so_far.gone > 0)
        append_event(tx, {.type = "template.synced",
                          .at = began,
                          .account = account,
                          .data = {{"added", so_far.added}, {"changed", so_far.changed}, {"gone", so_far.gone}}});
    return so_far;
}

void postpone_templates(Tx& tx, AccountId account, std::string_view problem, Timestamp now, Timestamp next_at)
{
    auto q = tx.prepare("UPDATE template_list SET tried_at_ms = ?2, next_at_ms = ?3, failures = failures + 1, problem = ?4 "
                        "WHERE account_id = ?1");
    q.bind(1, account);
    q.bind(2, now);
    q.bind(3, next_at);
    q.bind(4, problem);
    q.run();
}

void apply_template_change(Tx& tx, AccountId account, TemplateChange const& change, Timestamp told_at, Timestamp now)
{
    constexpr std::chrono::seconds gathering{20}; // several are often told at once
    constexpr std::chrono::minutes tolerance{1};   // between two clocks
    auto const had = find(tx, account, change);
    bool const says_nothing = !change.status && !change.category && !change.quality && change.components.empty();
    bool const stale = had && told_at + tolerance < std::max(had->listed_at, had->changed_at);
    if (!had || stale || says_nothing || !change.components.empty())
        want_templates(tx, account, {}, now + gathering);
    if (!had || stale || says_nothing)
        return;
    (void)replace(tx, *had, changed_by(had->as, change), now);
}

void refuse_template(Tx& tx, AccountId account, TemplateChange const& change, Timestamp now)
{
    want_templates(tx, account, {}, now);
    auto const had = find(tx, account, change);
    if (had && change.status && usable(had->as)) // what is known to be worse stays
        (void)replace(tx, *had, changed_by(had->as, change), now);
}

} // namespace deskbridge::store
