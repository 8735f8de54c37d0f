#include "deskbridge/store/marketing_choice.hpp"

#include "deskbridge/store/event_log.hpp"

namespace deskbridge::store {
namespace {

struct LatestChoice {
    bool wanted{true};
    std::string source;
    Timestamp told_at{};
    Timestamp heard_at{};
};

std::optional<LatestChoice> latest_choice(Reading& reading, AccountId account, ContactId contact)
{
    auto q = reading.prepare("SELECT wanted, source, told_at_ms, heard_at_ms FROM marketing_choice WHERE account_id = ?1 AND contact_id IN "
                             "(SELECT ?2 UNION ALL SELECT contact_id FROM contact WHERE merged_into = ?2) "
                             "ORDER BY told_at_ms DESC, wanted LIMIT 1");
    q.bind(1, account);
    q.bind(2, contact);
    return q.step() ? std::optional{LatestChoice{q.boolean(0), q.text(1), q.time(2), q.time(3)}} : std::nullopt;
}

/// What one source tells is ordered by the provider's clock, whenever it comes. A refusal may be told by ours: between the two only ours orders.
bool is_older(MarketingChoice const& choice, Timestamp heard_at, LatestChoice const& had)
{
    return render_marketing_source(choice.source) == had.source ? choice.told_at < had.told_at : heard_at < had.heard_at;
}

} // namespace

std::string_view render_marketing_source(MarketingChoice::Source source) noexcept
{
    return source == MarketingChoice::Source::customer ? "customer" : "refusal";
}

std::vector<MarketingWord> marketing_choices(Reading& reading, ContactId contact)
{
    auto q = reading.prepare("SELECT a.name, m.wanted, m.source, m.told_at_ms FROM marketing_choice m JOIN account a ON a.account_id = m.account_id "
                             "WHERE m.contact_id IN (SELECT ?1 UNION ALL SELECT contact_id FROM contact WHERE merged_into = ?1) "
                             "ORDER BY a.name, a.account_id, m.told_at_ms DESC, m.wanted");
    q.bind(1, contact);
    std::vector<MarketingWord> words;
    while (q.step()) {
        auto const source = q.text(2) == "customer" ? MarketingChoice::Source::customer : MarketingChoice::Source::refusal;
        if (words.empty() || words.back().account != q.text(0))
            words.push_back({q.text(0), {q.boolean(1), source, q.time(3)}});
    }
    return words;
}

void note_marketing_choice(Tx& tx, AccountId account, ContactId contact, MarketingChoice const& choice, Timestamp now)
{
    auto const had = latest_choice(tx, account, contact);
    if (had && is_older(choice, now, *had))
        return;
    auto q = tx.prepare("INSERT INTO marketing_choice (account_id, contact_id, wanted, source, told_at_ms, heard_at_ms) "
                        "VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (account_id, contact_id) DO UPDATE SET wanted = excluded.wanted, "
                        "source = excluded.source, told_at_ms = excluded.told_at_ms, heard_at_ms = excluded.heard_at_ms");
    q.bind(1, account);
    q.bind(2, contact);
    q.bind(3, choice.wanted);
    q.bind(4, render_marketing_source(choice.source));
    q.bind(5, choice.told_at);
    q.bind(6, now);
    q.run();
    if (choice.wanted == (!had || had->wanted))
        return;
    append_event(tx, {.type = "contact.marketing_changed",
                      .at = now,
                      .account = account,
                      .contact = contact,
                      .data = {{"wanted", choice.wanted}, {"source", render_marketing_source(choice.source)}}});
}

std::optional<Timestamp> marketing_stopped_at(Reading& reading, AccountId account, ContactId contact)
{
    auto const latest = latest_choice(reading, account, contact);
    return latest && !latest->wanted ? std::optional{latest->told_at} : std::nullopt;
}

} // namespace deskbridge::store
