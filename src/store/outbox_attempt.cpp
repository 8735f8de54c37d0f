#include "deskbridge/store/outbox_pump.hpp"

#include "deskbridge/core/identity.hpp"
#include "deskbridge/core/reply_window.hpp"
#include "deskbridge/store/account.hpp"
#include "deskbridge/store/contact.hpp"
#include "deskbridge/store/conversation.hpp"
#include "outbox_rows.hpp"

#include <algorithm>

namespace deskbridge::store {

namespace {

struct AttemptRow {
    std::string token;
    IntentId intent;
    AccountId account;
    int n{0};
    std::string outcome; ///< "" while open
};

std::optional<AttemptRow> find_attempt(Reading& reading, std::string_view token)
{
    auto q = reading.prepare("SELECT token, intent_id, account_id, n, outcome FROM attempt WHERE token = ?1");
    q.bind(1, token);
    if (!q.step())
        return std::nullopt;
    return AttemptRow{q.text(0), q.id<IntentId>(1), q.id<AccountId>(2), static_cast<int>(q.integer(3)), q.text(4)};
}

void forget_failure(Tx& tx, IntentId intent)
{
    auto q = tx.prepare("UPDATE intent SET receipt = NULL, receipt_at_ms = NULL, failed_at_ms = NULL WHERE intent_id = ?1");
    q.bind(1, intent);
    q.run();
}

void insert_attempt(Tx& tx, BeginAttempt const& begin, IntentRow const& row, Address const& to)
{
    {
        auto q = tx.prepare("UPDATE intent SET state = 'claimed', state_reason = '', attempts = ?2 WHERE intent_id = ?1");
        q.bind(1, row.id);
        q.bind(2, row.attempts + 1);
        q.run();
    }
    if (row.failed_at) // what the receipts of the one before said is about that one
        forget_failure(tx, row.id);
    auto q = tx.prepare("INSERT INTO attempt (token, intent_id, n, epoch, account_id, address_kind, address_value, begun_at_ms) "
                        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    q.bind(1, std::string_view{begin.token});
    q.bind(2, row.id);
    q.bind(3, row.attempts + 1);
    q.bind(4, begin.epoch);
    q.bind(5, row.account);
    q.bind(6, std::string_view{to.kind});
    q.bind(7, std::string_view{to.value});
    q.bind(8, begin.now);
    q.run();
}

bool is_head(Reading& reading, IntentRow const& row, Conversation const& conversation, Timestamp now, OutboxRules const& rules)
{
    auto const lane = outbox::load_lane(reading, row.conversation);
    auto const next = next_in_lane(lane, conversation.last_inbound, now, rules);
    return next.go && lane[*next.go].id == row.id;
}

/// Where it goes as things are now; nullopt: to an address that the customer does not have (any more).
std::optional<Address> address_of(Reading& reading, Conversation const& conversation, std::string const& kind, std::string_view scope)
{
    if (kind.empty() || kind == conversation.address.kind)
        return conversation.address;
    std::optional<Identity> latest;
    for (auto const& one : identities_of(reading, conversation.contact))
        if (one.scope == scope && one.address.kind == kind && !one.valid_to && (!latest || one.last_seen > latest->last_seen))
            latest = one;
    return latest ? std::optional{latest->address} : std::nullopt;
}

std::vector<OutboxEffect> refuse_address(Tx& tx, IntentRow& row, std::string_view kind, Timestamp now)
{
    std::string const why = strength_of(kind) == AddressStrength::number
                                ? "The customer's phone number, which this goes to, is not known any more: ask for it, then send it again."
                                : "The customer's address that this goes to is not known any more.";
    outbox::keep_error(tx, row, {0, {}, {}, why});
    return outbox::move_with_message(tx, row, outbox::plain_change(row, IntentState::refused, "no_such_address", row.next_at), {}, now);
}

struct Told {
    std::string_view outcome;
    std::string external_id;
    std::string why;
    ProviderError error;
};

Told told_of(Outcome const& outcome)
{
    if (auto const* accepted = std::get_if<Accepted>(&outcome))
        return {"accepted", accepted->id.value, {}, {}};
    if (auto const* not_sent = std::get_if<NotSent>(&outcome))
        return {"not_sent", {}, not_sent->why, not_sent->error};
    if (auto const* refused = std::get_if<Refused>(&outcome))
        return {"refused", {}, refused->why, refused->error};
    auto const& unknown = std::get<Unknown>(outcome);
    return {"unknown", {}, unknown.why, unknown.error};
}

/// A result is written once; a receipt that came first keeps its word, and only learns the id.
void end_attempt(Tx& tx, AttemptRow const& attempt, Told const& told, std::string_view settled_by, Timestamp now)
{
    auto q = tx.prepare("UPDATE attempt SET ended_at_ms = COALESCE(ended_at_ms, ?2), external_id = COALESCE(external_id, ?3), "
                        "outcome = COALESCE(outcome, ?4), settled_by = CASE WHEN outcome IS NULL THEN ?5 ELSE settled_by END, "
                        "error_code = ?6, error_detail = ?7 WHERE token = ?1");
    q.bind(1, std::string_view{attempt.token});
    q.bind(2, now);
    if (told.external_id.empty())
        q.bind(3, std::nullopt);
    else
        q.bind(3, std::string_view{told.external_id});
    q.bind(4, told.outcome);
    q.bind(5, settled_by);
    q.bind(6, told.error.code != 0 ? std::optional{told.error.code} : std::nullopt);
    q.bind(7, std::string_view{told.why});
    q.run();
}

void set_external(Tx& tx, IntentId intent, std::string_view external_id)
{
    auto q = tx.prepare("UPDATE intent SET external_id = ?2 WHERE intent_id = ?1");
    q.bind(1, intent);
    q.bind(2, external_id);
    q.run();
}

} // namespace

BeginResult begin_attempt(Tx& tx, BeginAttempt const& begin, SendPolicy const& policy)
{
    auto row = outbox::load_intent(tx, begin.intent);
    auto const account = find_account(tx, row.account);
    auto const conversation = find_conversation(tx, row.conversation);
    auto const content = parse_content(row.content);
    if (!account || !conversation || !content)
        return outbox::move_with_message(
            tx, row, outbox::plain_change(row, IntentState::refused, "unreadable", row.next_at), {}, begin.now);

    if (conversation->address.value.empty() && conversation->group.empty())
        return outbox::move_with_message(
            tx, row, outbox::plain_change(row, IntentState::refused, "number_recycled", row.next_at), {}, begin.now);

    ClaimFacts facts;
    facts.intent = outbox::facts_of(row);
    facts.paused = account->paused.has_value();
    facts.window_open = ReplyWindow{conversation->window_from, policy.reply_window.of(conversation->address)}.open_at(begin.now);
    facts.keeps = policy.keeps;
    auto const unwanted = outbox::why_no_marketing(tx, row, *conversation, *content);
    facts.opted_out = !unwanted.empty();
    facts.now = begin.now;
    auto const unusable = outbox::why_unusable(tx, row, *content);
    facts.template_unusable = !unusable.empty();
    auto decision = decide_claim(facts, policy.rules);
    if (auto* stay = std::get_if<Stay>(&decision))
        return std::move(*stay);
    if (!is_head(tx, row, *conversation, begin.now, policy.rules))
        return Stay{"not_head"};
    if (auto const* change = std::get_if<IntentChange>(&decision)) {
        if (change->reason == "opted_out")
            outbox::keep_error(tx, row, {0, {}, {}, std::string{unwanted}});
        else if (change->reason == "template_unusable")
            outbox::keep_error(tx, row, {0, {}, {}, unusable});
        return outbox::move_with_message(tx, row, *change, {}, begin.now);
    }
    auto const to = address_of(tx, *conversation, content->to_kind, begin.scope);
    if (!to)
        return refuse_address(tx, row, content->to_kind, begin.now);
    insert_attempt(tx, begin, row, *to);
    return AttemptBegun{*content, *to, conversation->group, row.attempts + 1};
}

RecordedOutcome record_outcome(Tx& tx, std::string_view token, Outcome const& outcome, OutcomeFacts facts, SendPolicy const& policy)
{
    RecordedOutcome recorded;
    auto const attempt = find_attempt(tx, token);
    if (!attempt)
        throw Rollback{{Fault::not_found, "no such attempt"}};
    auto const told = told_of(outcome);
    end_attempt(tx, *attempt, told, "answer", facts.now);
    auto row = outbox::load_intent(tx, attempt->intent);
    if (!told.external_id.empty())
        row.external_id = told.external_id;
    if (auto const conversation = find_conversation(tx, row.conversation)) {
        recorded.contact = conversation->contact;
        facts.window_open_since = outbox::window_open_since(*conversation, policy.reply_window, facts.now);
    }
    if (auto const decision = decide_outcome(outbox::facts_of(row), outcome, facts, policy.rules)) {
        outbox::keep_error(tx, row, told.error);
        if (auto const* refused = std::get_if<Refused>(&outcome))
            outbox::learn_refusal(tx, row, *refused, {facts.now, facts.now});
        recorded.effects = outbox::move_with_message(tx, row, decision->change, {}, facts.now);
        if (row.state == IntentState::queued || row.state == IntentState::retry_wait)
            recorded.next_at = row.next_at;
        if (decision->pause_account && outbox::pause_refused(tx, row.account, told.why, told.error, facts.now))
            recorded.paused_account = told.error.code;
    }
    if (told.external_id.empty())
        return recorded;
    recorded.duplicate = attempt->outcome != "accepted" && row.attempts > 1 && outbox::sent_by_another(tx, row.id, token);
    if (recorded.duplicate)
        outbox::tell_duplicate(tx, row, facts.now);
    if (recorded.effects.empty()) // else it was written with the change
        set_external(tx, row.id, told.external_id);
    else
        recorded.effects.front().mistaken_echo = outbox::find_own_echo(tx, row.account, told.external_id);
    auto early = outbox::match_parked(tx, row.account, told.external_id, facts.now, policy.reply_window);
    for (auto const& effect : early)
        if (effect.paused_account)
            recorded.paused_account = effect.paused_account;
    std::move(early.begin(), early.end(), std::back_inserter(recorded.effects));
    return recorded;
}

std::vector<OutboxEffect> postpone(Tx& tx, IntentId intent, NotSent const& why, OutcomeFacts const& facts,
                                   OutboxRules const& rules)
{
    auto row = outbox::load_intent(tx, intent);
    if (row.state != IntentState::queued && row.state != IntentState::retry_wait)
        return {};
    auto as_if_claimed = outbox::facts_of(row);
    as_if_claimed.state = IntentState::claimed;
    auto decision = decide_outcome(as_if_claimed, why, facts, rules);
    decision->change.reason = "no_connection";
    return outbox::move_with_message(tx, row, decision->change, {}, facts.now);
}

std::vector<OutboxEffect> recover_outbox(Tx& tx, Timestamp now, OutboxRules const& rules)
{
    std::vector<AttemptRow> open;
    {
        auto q = tx.prepare("SELECT token, intent_id, account_id, n FROM attempt WHERE outcome IS NULL ORDER BY begun_at_ms, token");
        while (q.step())
            open.push_back({q.text(0), q.id<IntentId>(1), q.id<AccountId>(2), static_cast<int>(q.integer(3)), {}});
    }
    std::vector<OutboxEffect> effects;
    for (auto const& attempt : open) {
        end_attempt(tx, attempt, {"unknown", {}, "the daemon stopped while it was sent", {}}, "recovery", now);
        auto row = outbox::load_intent(tx, attempt.intent);
        if (auto decision = decide_outcome(outbox::facts_of(row), Unknown{"recovered", {}}, {.now = now}, rules)) {
            decision->change.reason = "recovered";
            effects.push_back(outbox::move_intent(tx, row, decision->change, {}, now));
        }
    }
    std::vector<AccountId> in_doubt;
    {
        auto q = tx.prepare("SELECT DISTINCT account_id FROM intent WHERE settled_at_ms IS NULL AND state = 'unknown'");
        while (q.step())
            in_doubt.push_back(q.id<AccountId>(0));
    }
    for (auto const account : in_doubt)
        note_intake_refusal(tx, account, now);
    return effects;
}

} // namespace deskbridge::store
