#include "deskbridge/core/outbox.hpp"
#include "deskbridge/store/account.hpp"
#include "deskbridge/store/event_log.hpp"
#include "deskbridge/store/outbox.hpp"
#include "deskbridge/store/outgoing_file.hpp"
#include "outbox_rows.hpp"
#include "receipt_rows.hpp"

#include <algorithm>
#include <iterator>

namespace deskbridge::store {

using outbox::Said;

namespace {

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
    // Nearly always one: to have SQLite sort them costs more than to find them.
    auto q = reading.prepare(ATTEMPT_COLUMNS "WHERE account_id = ?1 AND external_id = ?2");
    q.bind(1, account);
    q.bind(2, external_id);
    std::optional<Tried> latest;
    while (auto other = one(q))
        if (!latest || std::pair{other->intent.value, other->n} > std::pair{latest->intent.value, latest->n})
            latest = std::move(other);
    return latest;
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
    ObjectText data{{"status", render_receipt_status(said.status)}};
    if (said.status == ReceiptStatus::failed)
        data.add("code", said.error.code);
    if (said.worth_retry)
        data.add("worth_retry", true);
    append_event(tx, {.type = "intent.receipt",
                      .at = said.received_at,
                      .account = row.account,
                      .conversation = row.conversation,
                      .ticket = row.ticket,
                      .message = row.message,
                      .intent = row.id,
                      .data = std::move(data)});
}

/// Not looked up where nothing hangs on it: many events may have come since.
bool resumed_meanwhile(Reading& reading, IntentRow const& row, Said const& said, Tried const& tried)
{
    bool const about_account = said.status == ReceiptStatus::failed && said.because == Refused::Because::account;
    if (!about_account || tried.n != row.attempts || said.received_at - tried.begun_at > account_news)
        return false;
    auto const account = find_account(reading, row.account);
    return account && !account->paused && resumed_since(reading, row.account, tried.begun_at);
}

ReceiptFacts facts_of(Reading& reading, IntentRow const& row, Said const& said, Tried const& tried, WindowRules const& windows)
{
    ReceiptFacts facts{said.status, said.because, tried.n == row.attempts, said.received_at};
    facts.died = said.status == ReceiptStatus::sent && outbox::failed_before(reading, row.id, said.external_id);
    facts.dice = static_cast<std::uint64_t>(row.id.value); // spread enough
    if (auto const conversation = said.status == ReceiptStatus::failed ? find_conversation(reading, row.conversation) : std::nullopt)
        facts.window_open_since = outbox::window_open_since(*conversation, windows, said.received_at);
    facts.begun_at = tried.begun_at;
    facts.resumed_since = resumed_meanwhile(reading, row, said, tried);
    return facts;
}

ReceiptEffect take_effect(Tx& tx, AccountId account, Tried const& tried, Said const& said, WindowRules const& windows)
{
    prove_attempt(tx, tried, said);
    prove_path(tx, account, tried.begun_at);
    auto row = outbox::load_intent(tx, tried.intent);
    bool const current = tried.n == row.attempts;
    bool const told_before = row.receipt || row.failed_at;
    auto const decision = decide_receipt(outbox::facts_of(row), facts_of(tx, row, said, tried, windows));
    set_external_if_new(tx, row, said.external_id, current);
    write_rank(tx, row, decision, said);
    if (decision.fails) {
        forget_upload(tx, row);
        outbox::learn_refusal(tx, row, {{}, said.because, said.error, said.template_status}, {said.provider_at, said.received_at});
    }
    ReceiptEffect effect;
    if (decision.fails)
        effect.failed_begun = tried.begun_at;
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
    if (decision.pause_account && outbox::pause_refused(tx, row.account, {}, said.error, said.received_at))
        effect.effects.front().paused_account = said.error.code;
    return effect;
}

} // namespace

namespace outbox {

std::vector<OutboxEffect> match_parked(Tx& tx, AccountId account, std::string_view external_id, Timestamp now, WindowRules const& windows)
{
    auto const parked = outbox::parked_receipts(tx, account, external_id, now); // first, for there are hardly ever any
    auto const tried = parked.empty() ? std::nullopt : find_tried(tx, account, external_id, {});
    if (!tried)
        return {};
    outbox::give_parked(tx, account, external_id, tried->intent);
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
    auto const price = said.price && !outbox::priced_before(tx, account, intent, said.external_id) ? said.price : std::nullopt;
    outbox::insert_receipt(tx, account, intent, said);
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
