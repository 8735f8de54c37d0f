#include "receipt_rows.hpp"

namespace deskbridge::store::outbox {

void insert_receipt(Tx& tx, AccountId account, IntentId intent, Said const& said)
{
    auto q = tx.prepare("INSERT INTO receipt (account_id, external_id, token, intent_id, status, error_code, error_title, because, "
                        "provider_at_ms, received_at_ms, price_category, price_type, billable, error_sentence) "
                        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)");
    auto const price = said.price.value_or(Price{});
    bool const failed = said.status == ReceiptStatus::failed;
    q.bind(1, account);
    q.bind(2, std::string_view{said.external_id});
    q.bind(3, std::string_view{said.token});
    q.bind(4, intent);
    q.bind(5, render_receipt_status(said.status));
    q.bind(6, failed ? std::optional{said.error.code} : std::nullopt);
    q.bind(7, std::string_view{said.error.title});
    q.bind(8, failed ? render_because(said.because) : std::string_view{});
    q.bind(9, said.provider_at);
    q.bind(10, said.received_at);
    q.bind(11, std::string_view{price.category});
    q.bind(12, std::string_view{price.type});
    q.bind(13, price.billable ? std::optional{std::int64_t{*price.billable ? 1 : 0}} : std::nullopt);
    q.bind(14, std::string_view{said.error.sentence});
    q.run();
}

bool priced_before(Reading& reading, AccountId account, IntentId intent, std::string_view external_id)
{
    auto q = reading.prepare(intent ? "SELECT 1 FROM receipt WHERE intent_id = ?1 AND external_id = ?2 "
                                      "AND (price_category <> '' OR price_type <> '' OR billable IS NOT NULL) LIMIT 1"
                                    : "SELECT 1 FROM receipt WHERE account_id = ?1 AND external_id = ?2 AND intent_id IS NULL "
                                      "AND (price_category <> '' OR price_type <> '' OR billable IS NOT NULL) LIMIT 1");
    q.bind(1, intent ? intent.value : account.value);
    q.bind(2, external_id);
    return q.step();
}

std::vector<Said> parked_receipts(Reading& reading, AccountId account, std::string_view external_id, Timestamp now)
{
    std::vector<Said> parked;
    auto q = reading.prepare("SELECT status, because, error_code, error_title, provider_at_ms, error_sentence FROM receipt "
                             "WHERE account_id = ?1 AND external_id = ?2 AND intent_id IS NULL ORDER BY receipt_id");
    q.bind(1, account);
    q.bind(2, external_id);
    while (q.step())
        parked.push_back({std::string{external_id}, {}, parse_receipt_status(q.text(0)).value_or(ReceiptStatus::sent),
                          parse_because(q.text(1)).value_or(Refused::Because::message),
                          {static_cast<int>(q.integer(2)), q.text(3), {}, q.text(5)}, q.time(4), now, false, {}, {}});
    return parked;
}

void give_parked(Tx& tx, AccountId account, std::string_view external_id, IntentId intent)
{
    auto q = tx.prepare("UPDATE receipt SET intent_id = ?3 WHERE account_id = ?1 AND external_id = ?2 AND intent_id IS NULL");
    q.bind(1, account);
    q.bind(2, external_id);
    q.bind(3, intent);
    q.run();
}

bool failed_before(Reading& reading, IntentId intent, std::string_view external_id)
{
    auto q = reading.prepare("SELECT 1 FROM receipt WHERE intent_id = ?1 AND external_id = ?2 AND status = 'failed' LIMIT 1");
    q.bind(1, intent);
    q.bind(2, external_id);
    return q.step();
}

} // namespace deskbridge::store::outbox
