#include "deskbridge/store/outbox_pump.hpp"

#include "deskbridge/core/reply_window.hpp"
#include "deskbridge/store/account.hpp"
#include "deskbridge/store/conversation.hpp"
#include "outbox_rows.hpp"

#include <algorithm>
#include <functional>

namespace deskbridge::store {

namespace {

constexpr auto window_template = "window_template";
constexpr auto waiting_for_customer = "waiting_for_customer";

/// One look at an account's outbox.
struct Round {
    AccountId account;
    SendPolicy const& policy;
    Timestamp now;
    int limit; ///< of each kind
    std::optional<std::chrono::milliseconds> slow_receipt{}; ///< looked up once, when a presumption is due
};

/// One that fails must not hold up the others.
void guarded(Tx& tx, IntentId id, Tended& tended, std::function<void(Tx&, Tended&)> const& work)
{
    Tended one;
    auto const done = tx.nested([&](Tx& inner) { work(inner, one); });
    if (!done) {
        tended.failed.emplace_back(id, done.error().detail);
        return;
    }
    std::move(one.effects.begin(), one.effects.end(), std::back_inserter(tended.effects));
    outbox::keep_earlier(tended.look_again, one.look_again);
}

std::vector<OutboxEffect> move_to(Tx& tx, IntentRow& row, IntentState to, char const* why, Timestamp now)
{
    auto const change = outbox::plain_change(row, to, why, row.next_at);
    return outbox::move_with_message(tx, row, change, {}, now);
}

void expire(Tx& tx, Round const& round, Tended& tended)
{
    std::vector<IntentId> over;
    {
        auto q = tx.prepare("SELECT intent_id FROM intent WHERE not_after_ms <= ?1 AND account_id = ?2 "
                            "AND " MAY_EXPIRE " ORDER BY not_after_ms LIMIT ?3");
        q.bind(1, round.now);
        q.bind(2, round.account);
        q.bind(3, round.limit);
        while (q.step())
            over.push_back(q.id<IntentId>(0));
    }
    for (auto const id : over)
        guarded(tx, id, tended, [&](Tx& inner, Tended& one) {
            auto row = outbox::load_intent(inner, id);
            if (!is_final(row.state)) // else it died with an earlier part
                one.effects = move_to(inner, row, IntentState::expired, "deadline", round.now);
        });
}

bool overtaken(Reading& reading, IntentRow const& row)
{
    auto q = reading.prepare("SELECT 1 FROM message m JOIN intent i ON i.message_id = m.message_id WHERE m.conversation_id = ?1 "
                             "AND m.purpose <> 'history' AND m.message_id >= ?2 AND i.class = 'agent' AND i.intent_id > ?3 AND i.attempts > 0 LIMIT 1");
    q.bind(1, row.conversation);
    q.bind(2, row.message);
    q.bind(3, row.id);
    return q.step();
}

UnknownFacts doubt_of(Reading& reading, IntentRow const& row, SendPolicy const& policy)
{
    UnknownFacts facts;
    facts.policy = policy.unknown;
    facts.since = row.unknown_since.value_or(row.created_at);
    facts.begun_at = facts.ended_at = facts.since;
    facts.overtaken = overtaken(reading, row);
    auto attempts = reading.prepare("SELECT n, begun_at_ms, ended_at_ms, settled_by FROM attempt WHERE intent_id = ?1");
    attempts.bind(1, row.id);
    while (attempts.step()) {
        facts.presumed_before = facts.presumed_before || attempts.text(3) == "presumption";
        if (attempts.integer(0) != row.attempts)
            continue;
        facts.begun_at = attempts.time(1);
        facts.ended_at = attempts.maybe_time(2).value_or(facts.since);
    }
    auto account = reading.prepare("SELECT proven_to_ms, last_refusal_at_ms FROM account WHERE account_id = ?1");
    account.bind(1, row.account);
    if (account.step()) {
        facts.proven_to = account.maybe_time(0);
        facts.last_refusal = account.maybe_time(1);
    }
    return facts;
}

UnknownDecision decide_doubt(Reading& reading, IntentRow const& row, Round& round)
{
    auto facts = doubt_of(reading, row, round.policy);
    auto const decision = decide_unknown(facts, round.now, round.policy.rules);
    if (decision.what != UnknownDecision::What::presume_not_sent)
        return decision;
    // Only now is it worth looking through the receipts.
    if (!round.slow_receipt)
        round.slow_receipt = outbox::slow_receipt(reading, round.account, round.now);
    facts.slow_receipt = *round.slow_receipt;
    facts.proven_since = outbox::proven_since(reading, row, facts.begun_at).value_or(round.now);
    facts.stranger_told = outbox::stranger_told(reading, row.account, facts.begun_at);
    return decide_unknown(facts, round.now, round.policy.rules);
}

void presume(Tx& tx, IntentRow& row, Timestamp now, Tended& tended)
{
    {
        auto q = tx.prepare("UPDATE attempt SET settled_by = 'presumption' WHERE intent_id = ?1 AND n = ?2");
        q.bind(1, row.id);
        q.bind(2, row.attempts);
        q.run();
    }
    auto const change = outbox::plain_change(row, IntentState::retry_wait, "presumed_not_sent", now);
    tended.effects.push_back(outbox::move_intent(tx, row, change, {}, now));
}

void ask(Tx& tx, IntentRow& row, Timestamp now, Tended& tended)
{
    auto change = outbox::plain_change(row, IntentState::held, "ask_agent", row.next_at);
    change.unknown_since = row.unknown_since;
    tended.effects.push_back(outbox::move_intent(tx, row, change, {}, now));
}

void settle_doubts(Tx& tx, Round& round, Tended& tended)
{
    for (auto& row : outbox::load_open(tx, IntentState::unknown, round.account, round.limit))
        guarded(tx, row.id, tended, [&](Tx& inner, Tended& one) {
            auto const decision = decide_doubt(inner, row, round);
            switch (decision.what) {
            case UnknownDecision::What::stay: one.look_again = decision.look_again; break;
            case UnknownDecision::What::presume_not_sent: presume(inner, row, round.now, one); break;
            case UnknownDecision::What::ask: ask(inner, row, round.now, one); break;
            }
        });
}

bool announced(Reading& reading, Conversation const& conversation)
{
    auto q = reading.prepare("SELECT 1 FROM message m JOIN intent i ON i.message_id = m.message_id WHERE m.conversation_id = ?1 "
                             "AND m.purpose <> 'history' AND m.purpose = ?2 AND m.received_at_ms >= ?3 AND i.state NOT IN ('refused', 'expired', 'cancelled') "
                             "AND i.failed_at_ms IS NULL LIMIT 1");
    q.bind(1, conversation.id);
    q.bind(2, window_template);
    q.bind(3, conversation.window_from.value_or(Timestamp{}));
    return q.step();
}

TicketId mark_announced(Tx& tx, ConversationId conversation)
{
    auto q = tx.prepare("UPDATE intent SET state_reason = ?2 WHERE conversation_id = ?1 AND settled_at_ms IS NULL "
                        "AND state = 'kept' AND state_reason = 'window_closed' RETURNING ticket_id");
    q.bind(1, conversation);
    q.bind(2, waiting_for_customer);
    TicketId ticket;
    while (q.step())
        ticket = q.id<TicketId>(0);
    return ticket;
}

/// The customer may have written between the attempt and the provider's late refusal.
bool open_again(Reading& reading, IntentId id, ConversationId conversation, Round const& round)
{
    auto const chat = find_conversation(reading, conversation);
    if (!chat || !ReplyWindow{chat->window_from, round.policy.reply_window.of(chat->address)}.open_at(round.now))
        return false; // else what is let go here is kept again at its claim, in a circle
    auto q = reading.prepare("SELECT 1 FROM message WHERE conversation_id = ?2 AND purpose <> 'history' AND direction = 'in' AND matter = 1 "
                             "AND command <> 'stop' AND received_at_ms > "
                             "(SELECT MAX(begun_at_ms) FROM attempt WHERE intent_id = ?1) LIMIT 1");
    q.bind(1, id);
    q.bind(2, conversation);
    return q.step();
}

/// Texts that the provider refused later are kept before anybody asked whether a template is configured.
void settle_kept(Tx& tx, Round const& round, Tended& tended)
{
    std::vector<std::pair<IntentId, ConversationId>> fresh;
    {
        auto q = tx.prepare("SELECT intent_id, conversation_id FROM intent WHERE settled_at_ms IS NULL AND state = 'kept' AND account_id = ?1 "
                            "AND state_reason = 'window_closed' ORDER BY intent_id LIMIT ?2");
        q.bind(1, round.account);
        q.bind(2, round.limit);
        while (q.step())
            fresh.emplace_back(q.id<IntentId>(0), q.id<ConversationId>(1));
    }
    for (auto const& [id, conversation] : fresh) {
        if (open_again(tx, id, conversation, round)) {
            guarded(tx, id, tended, [&, chat = conversation](Tx& inner, Tended& one) {
                (void)release_kept(inner, chat, round.now, round.policy.kept_texts);
                (void)mark_announced(inner, chat); // those that are left wait for the agent's word
                one.look_again = round.now;
            });
            continue;
        }
        auto& asked = tended.to_announce;
        if (round.policy.keeps && std::find(asked.begin(), asked.end(), conversation) == asked.end())
            asked.push_back(conversation);
        if (round.policy.keeps)
            continue;
        guarded(tx, id, tended, [&, intent = id](Tx& inner, Tended& one) {
            auto row = outbox::load_intent(inner, intent);
            one.effects = move_to(inner, row, IntentState::refused, "window_closed", round.now);
        });
    }
}

} // namespace

Tended tend_outbox(Tx& tx, SendPolicy const& policy, TendQuery const& query)
{
    Round round{query.account, policy, query.now, query.limit};
    Tended tended;
    expire(tx, round, tended);
    if (query.doubts)
        settle_doubts(tx, round, tended);
    settle_kept(tx, round, tended);
    return tended;
}

bool needs_tending(Reading& reading, TendQuery const& query)
{
    auto q = reading.prepare(
        "SELECT EXISTS (SELECT 1 FROM intent WHERE not_after_ms <= ?2 AND account_id = ?1 "
        "AND " MAY_EXPIRE ") OR "
        "(?3 AND EXISTS (SELECT 1 FROM intent WHERE settled_at_ms IS NULL AND state = 'unknown' AND account_id = ?1)) OR EXISTS ("
        "SELECT 1 FROM intent WHERE settled_at_ms IS NULL AND state = 'kept' AND account_id = ?1 "
        "AND state_reason = 'window_closed')");
    q.bind(1, query.account);
    q.bind(2, query.now);
    q.bind(3, query.doubts);
    return q.step() && q.boolean(0);
}

bool announce_kept(Tx& tx, AccountId account, ConversationId conversation, OutboundContent const& content, Timestamp now)
{
    auto const row = find_conversation(tx, conversation);
    bool const told = !row || !row->group.empty() || announced(tx, *row); // nothing goes to a group by itself
    auto const ticket = mark_announced(tx, conversation);
    if (told)
        return false;
    Outgoing out;
    out.conversation = conversation;
    out.ticket = ticket;
    out.account = account;
    out.message_class = MessageClass::notice;
    out.purpose = window_template;
    out.shown = content;
    out.parts = {content};
    out.now = now;
    out.not_after = now + OutboxRules{}.kept_lives; // as long as what it speaks of; cancelled when the customer writes
    (void)queue_message(tx, out);
    return true;
}

} // namespace deskbridge::store
