#include "deskbridge/core/outbox.hpp"
#include "deskbridge/store/event_log.hpp"
#include "deskbridge/store/outbox.hpp"
#include "deskbridge/store/outgoing_file.hpp"
#include "outbox_rows.hpp"

#include <algorithm>
#include <iterator>

namespace deskbridge::store {
namespace {

/// A receipt as stored, or about to be.
struct Said {
    std::string external_id;
    std::string token;
    ReceiptStatus status{ReceiptStatus::sent};
    Refused::Because because{Refused::Because::message};
    ProviderError error;
    Timestamp provider_at;
    Timestamp received_at;
    bool worth_retry{false}; ///< not kept with what is parked
    std::optional<Price> price{};
    std::string template_status{}; ///< the same: the list will tell
};

struct Tried {
    std::string token;
    IntentId intent;
    int n{0};
    std::string external_id;
    Timestamp begun_at;
    std::optional<Timestamp> ended_at;
    bool accepted{false}; ///< it was known that the provider had it
};

#define ATTEMPT_COLUMNS "SELECT token, intent_id, n, external_id, begun_at_ms, ended_at_ms, outcome FROM attempt "

std::optional<Tried> one(Statement& q)
{
    if (!q.step())
        return std::nullopt;
    return Tried{q.text(0), q.id<IntentId>(1), static_cast<int>(q.integer(2)), q.text(3), q.time(4), q.maybe_time(5), q.text(6) == "accepted"};
}

std::optional<Tried> find_tried(Reading& reading, AccountId account, std::string_view external_id, std::string_view token)
{
    if (!token.empty()) {
        auto q = reading.prepare(ATTEMPT_COLUMNS "WHERE token = ?1 AND account_id = ?2");
        q.bind(1, token);
        q.bind(2, account);
        if (auto found = one(q))
            return found;
    }
    // The plus keeps the order from choosing the index: by attempt_by_account every attempt of the account would be walked over.
    auto q = reading.prepare(ATTEMPT_COLUMNS "WHERE account_id = ?1 AND external_id = ?2 ORDER BY +intent_id DESC, n DESC LIMIT 1");
    q.bind(1, account);
    q.bind(2, external_id);
    return one(q);
}

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

/// Providers tell a message's price with one receipt and again with a later one.
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

/// The provider had it: whatever was thought of this attempt before.
void prove_attempt(Tx& tx, Tried const& tried, Said const& said)
{
    auto q = tx.prepare("UPDATE attempt SET external_id = COALESCE(external_id, NULLIF(?2, '')), ended_at_ms = COALESCE(ended_at_ms, ?3), "
                        "settled_by = CASE WHEN outcome = 'accepted' THEN settled_by ELSE 'receipt' END, outcome = 'accepted' "
                        "WHERE token = ?1");
    q.bind(1, std::string_view{tried.token});
    q.bind(2, std::string_view{said.external_id});
    q.bind(3, said.received_at);
    q.run();
}

/// A second's grain: not every receipt needs to touch the account's row.
void prove_path(Tx& tx, AccountId account, Timestamp begun_at)
{
    auto q = tx.prepare("UPDATE account SET proven_to_ms = ?2 WHERE account_id = ?1 AND COALESCE(proven_to_ms, 0) + 1000 <= ?2");
    q.bind(1, account);
    q.bind(2, begun_at);
    q.run();
}

bool failed_before(Reading& reading, IntentId intent, std::string_view external_id)
{
    auto q = reading.prepare("SELECT 1 FROM receipt WHERE intent_id = ?1 AND external_id = ?2 AND status = 'failed' LIMIT 1");
    q.bind(1, intent);
    q.bind(2, external_id);
    return q.step();
}

void write_rank(Tx& tx, IntentRow& row, ReceiptDecision const& decision, Said const& said)
{
    if (decision.rises) {
        row.receipt = said.status;
        auto q = tx.prepare("UPDATE intent SET receipt = ?2, receipt_at_ms = ?3 WHERE intent_id = ?1");
        q.bind(1, row.id);
        q.bind(2, render_receipt_status(said.status));
        q.bind(3, said.provider_at);
        q.run();
    }
    if (decision.fails) {
        row.failed_at = said.provider_at;
        auto q = tx.prepare("UPDATE intent SET failed_at_ms = ?2 WHERE intent_id = ?1");
        q.bind(1, row.id);
        q.bind(2, said.provider_at);
        q.run();
        outbox::keep_error(tx, row, said.error);
    }
}

/// It may have failed for want of its file: whoever tries again uploads it anew.
void forget_upload(Tx& tx, IntentRow const& row)
{
    auto const content = parse_content(row.content);
    if (content && !content->files.empty())
        (void)forget_provider_file(tx, row.account, content->files.front());
}

void set_external_if_new(Tx& tx, IntentRow& row, std::string_view external_id, bool current)
{
    if (external_id.empty() || (!current && !row.external_id.empty()))
        return;
    row.external_id = external_id;
    auto q = tx.prepare("UPDATE intent SET external_id = ?2 WHERE intent_id = ?1 AND external_id IS NOT ?2");
    q.bind(1, row.id);
    q.bind(2, external_id);
    q.run();
}

void log_receipt(Tx& tx, IntentRow const& row, Said const& said)
{
    auto data = nlohmann::json::object();
    data["status"] = render_receipt_status(said.status);
    if (said.status == ReceiptStatus::failed)
        data["code"] = said.error.code;
    if (said.worth_retry)
        data["worth_retry"] = true;
    append_event(tx, {.type = "intent.receipt",
                      .at = said.received_at,
                      .account = row.account,
                      .conversation = row.conversation,
                      .ticket = row.ticket,
                      .message = row.message,
                      .intent = row.id,
                      .data = std::move(data)});
}

ReceiptFacts facts_of(Reading& reading, IntentRow const& row, Said const& said, bool current, WindowRules const& windows)
{
    ReceiptFacts facts{said.status, said.because, current, said.received_at};
    facts.died = said.status == ReceiptStatus::sent && failed_before(reading, row.id, said.external_id);
    facts.dice = static_cast<std::uint64_t>(row.id.value); // spread enough
    if (auto const conversation = said.status == ReceiptStatus::failed ? find_conversation(reading, row.conversation) : std::nullopt)
        facts.window_open_since = outbox::window_open_since(*conversation, windows, said.received_at);
    return facts;
}

ReceiptEffect take_effect(Tx& tx, AccountId account, Tried const& tried, Said const& said, WindowRules const& windows)
{
    prove_attempt(tx, tried, said);
    prove_path(tx, account, tried.begun_at);
    auto row = outbox::load_intent(tx, tried.intent);
    bool const current = tried.n == row.attempts;
    bool const told_before = row.receipt || row.failed_at;
    auto const decision = decide_receipt(outbox::facts_of(row), facts_of(tx, row, said, current, windows));
    set_external_if_new(tx, row, said.external_id, current);
    write_rank(tx, row, decision, said);
    if (decision.fails) {
        forget_upload(tx, row);
        outbox::learn_refusal(tx, row, {{}, said.because, said.error, said.template_status}, {said.provider_at, said.received_at});
    }
    ReceiptEffect effect;
    if (current && !told_before && tried.ended_at)
        effect.delay = std::max<std::chrono::milliseconds>(said.received_at - *tried.ended_at, {});
    if (!tried.accepted && said.status != ReceiptStatus::failed && outbox::sent_by_another(tx, row.id, tried.token)) {
        effect.duplicate = row.message;
        outbox::tell_duplicate(tx, row, said.received_at);
    }
    if (decision.rises || decision.fails || decision.change)
        effect.what = ReceiptEffect::What::applied;
    if (decision.rises || decision.fails)
        log_receipt(tx, row, said);
    if (decision.change)
        effect.effects.push_back(outbox::move_intent(tx, row, *decision.change, {}, said.received_at));
    else if (decision.fails) { // changes no state, but loses the message all the same
        effect.effects.push_back(outbox::effect_of(tx, row));
        effect.effects.back().reason = "failed_receipt";
    }
    return effect;
}

} // namespace

namespace outbox {

std::vector<OutboxEffect> match_parked(Tx& tx, AccountId account, std::string_view external_id, Timestamp now, WindowRules const& windows)
{
    auto const tried = find_tried(tx, account, external_id, {});
    if (!tried)
        return {};
    std::vector<Said> parked;
    {
        auto q = tx.prepare("SELECT status, because, error_code, error_title, provider_at_ms, error_sentence FROM receipt "
                            "WHERE account_id = ?1 AND external_id = ?2 AND intent_id IS NULL ORDER BY receipt_id");
        q.bind(1, account);
        q.bind(2, external_id);
        while (q.step())
            parked.push_back({std::string{external_id}, {}, parse_receipt_status(q.text(0)).value_or(ReceiptStatus::sent),
                              parse_because(q.text(1)).value_or(Refused::Because::message),
                              {static_cast<int>(q.integer(2)), q.text(3), {}, q.text(5)}, q.time(4), now, false, {}, {}});
    }
    if (!parked.empty()) {
        auto q = tx.prepare("UPDATE receipt SET intent_id = ?3 WHERE account_id = ?1 AND external_id = ?2 AND intent_id IS NULL");
        q.bind(1, account);
        q.bind(2, external_id);
        q.bind(3, tried->intent);
        q.run();
    }
    std::vector<OutboxEffect> effects;
    for (auto const& said : parked) {
        auto applied = take_effect(tx, account, *tried, said, windows);
        std::move(applied.effects.begin(), applied.effects.end(), std::back_inserter(effects));
    }
    return effects;
}

} // namespace outbox

ReceiptEffect apply_receipt(Tx& tx, AccountId account, Receipt const& receipt, Timestamp received_at, WindowRules const& windows)
{
    Said said{receipt.message.value, receipt.token, receipt.status, receipt.because, {}, receipt.at, received_at, receipt.worth_retry, receipt.price,
              receipt.template_status};
    if (!receipt.errors.empty())
        said.error = receipt.errors.front();
    auto const tried = find_tried(tx, account, said.external_id, said.token);
    if (tried && said.external_id.empty()) // a token names the attempt, too; its id may be known, or come with the answer
        said.external_id = tried->external_id;
    auto const intent = tried ? tried->intent : IntentId{};
    auto const price = said.price && !priced_before(tx, account, intent, said.external_id) ? said.price : std::nullopt;
    insert_receipt(tx, account, intent, said);
    if (!tried)
        return {ReceiptEffect::What::parked, {}, price};
    auto effect = take_effect(tx, account, *tried, said, windows);
    effect.price = price;
    if (!tried->external_id.empty() || said.external_id.empty())
        return effect;
    // A token named a message whose id nobody knew: what was parked under that id belongs to it too.
    auto early = outbox::match_parked(tx, account, said.external_id, received_at, windows);
    if (!early.empty())
        effect.what = ReceiptEffect::What::applied;
    std::move(early.begin(), early.end(), std::back_inserter(effect.effects));
    if (!effect.effects.empty())
        effect.effects.front().mistaken_echo = outbox::find_own_echo(tx, account, said.external_id);
    return effect;
}

std::optional<IntentId> find_intent_sent_as(Reading& reading, AccountId account, std::string_view external_id,
                                            std::string_view token)
{
    auto const tried = find_tried(reading, account, external_id, token);
    return tried ? std::optional{tried->intent} : std::nullopt;
}

} // namespace deskbridge::store
