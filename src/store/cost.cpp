#include "deskbridge/store/cost.hpp"

namespace deskbridge::store {

void count_cost(Tx& tx, AccountId account, Timestamp at, std::string_view cost_class)
{
    auto const month = month_of(at);
    auto q = tx.prepare("INSERT INTO monthly_cost (account_id, month, cost_class, messages) VALUES (?1, ?2, ?3, 1) "
                        "ON CONFLICT (account_id, month, cost_class) DO UPDATE SET messages = messages + 1");
    q.bind(1, account);
    q.bind(2, std::string_view{month});
    q.bind(3, cost_class);
    q.run();
}

CostCounts costs_of(Reading& reading, AccountId account, std::string_view month)
{
    auto q = reading.prepare("SELECT cost_class, messages FROM monthly_cost WHERE account_id = ?1 AND month = ?2");
    q.bind(1, account);
    q.bind(2, month);
    CostCounts out;
    while (q.step())
        out.emplace(q.text(0), q.integer(1));
    return out;
}

std::optional<Price> price_of(Reading& reading, MessageId message)
{
    auto q = reading.prepare("SELECT r.billable, r.price_category, r.price_type FROM intent i CROSS JOIN receipt r ON r.intent_id = i.intent_id "
                             "WHERE i.message_id = ?1 AND (r.price_category <> '' OR r.price_type <> '' OR r.billable IS NOT NULL) "
                             "ORDER BY i.part, r.receipt_id LIMIT 1");
    q.bind(1, message);
    if (!q.step())
        return std::nullopt;
    auto const billable = q.maybe_integer(0);
    return Price{billable ? std::optional{*billable != 0} : std::nullopt, q.text(1), q.text(2)};
}

} // namespace deskbridge::store
