#include "outbox_rows.hpp"

#include "deskbridge/store/event_log.hpp"

namespace deskbridge::store {

namespace {

#define INTENT_COLUMNS                                                                                                          \
    "SELECT i.intent_id, i.message_id, i.conversation_id, i.account_id, i.ticket_id, i.part, i.class, i.state, "                \
    "i.state_reason, i.content, i.attempts, i.failures, i.next_at_ms, i.not_after_ms, i.unknown_since_ms, i.external_id, "      \
    "i.receipt, i.receipt_at_ms, i.failed_at_ms, i.error_code, i.error_title, i.created_at_ms, i.settled_at_ms, "         \
    "i.error_sentence, i.window_doubted, i.file_refusals FROM intent i "

IntentRow row_of(Statement const& q)
{
    IntentRow row;
    row.id = q.id<IntentId>(0);
    row.message = q.id<MessageId>(1);
    row.conversation = q.id<ConversationId>(2);
    row.account = q.id<AccountId>(3);
    row.ticket = q.id<TicketId>(4);
    row.part = static_cast<int>(q.integer(5));
    row.message_class = parse_message_class(q.text(6)).value_or(MessageClass::agent);
    row.state = parse_intent_state(q.text(7)).value_or(IntentState::held);
    row.reason = q.text(8);
    row.content = q.text(9);
    row.attempts = static_cast<int>(q.integer(10));
    row.failures = static_cast<int>(q.integer(11));
    row.next_at = q.time(12);
    row.not_after = q.maybe_time(13);
    row.unknown_since = q.maybe_time(14);
    row.external_id = q.text(15);
    row.receipt = parse_receipt_status(q.text(16));
    row.receipt_at = q.maybe_time(17);
    row.failed_at = q.maybe_time(18);
    if (auto const code = q.maybe_integer(19))
        row.error_code = static_cast<int>(*code);
    row.error_title = q.text(20);
    row.created_at = q.time(21);
    row.settled_at = q.maybe_time(22);
    row.error_sentence = q.text(23);
    row.window_doubted = q.boolean(24);
    row.file_refusals = static_cast<int>(q.integer(25));
    return row;
}

std::vector<IntentRow> all(Statement& q)
{
    std::vector<IntentRow> rows;
    while (q.step())
        rows.push_back(row_of(q));
    return rows;
}

EventType event_of(IntentState state)
{
    switch (state) {
    case IntentState::held: return "intent.held";
    case IntentState::unknown: return "intent.unknown";
    case IntentState::retry_wait: return "intent.retry_wait";
    case IntentState::kept: return "intent.kept";
    case IntentState::accepted: return "intent.accepted";
    case IntentState::refused: return "intent.refused";
    case IntentState::expired: return "intent.expired";
    case IntentState::cancelled: return "intent.cancelled";
    case IntentState::queued:
    case IntentState::claimed: break;
    }
    return "intent.queued";
}

std::string purpose_of(Reading& reading, MessageId message)
{
    auto q = reading.prepare("SELECT purpose FROM message WHERE message_id = ?1");
    q.bind(1, message);
    return q.step() ? q.text(0) : std::string{};
}

std::optional<AnswerEvent> answer_of(IntentRow const& row, std::string_view purpose)
{
    if (row.message_class == MessageClass::answer && purpose == "status" && row.state == IntentState::accepted)
        return row.failed_at ? AnswerEvent::agent_failed : AnswerEvent::status_answer_accepted;
    if (row.message_class != MessageClass::agent || !row.ticket)
        return std::nullopt;
    switch (row.state) {
    case IntentState::accepted: return row.failed_at ? AnswerEvent::agent_failed : AnswerEvent::agent_accepted;
    case IntentState::kept: return AnswerEvent::agent_kept;
    case IntentState::held:
    case IntentState::refused:
    case IntentState::expired:
    case IntentState::cancelled: return AnswerEvent::agent_failed;
    case IntentState::queued:
    case IntentState::claimed:
    case IntentState::retry_wait:
    case IntentState::unknown: break;
    }
    return std::nullopt;
}

/// Most are none, and known for that without parsing: what `render_content` made has this only as a key, for in a text quotes are escaped.
bool is_template(std::string_view json)
{
    if (json.find(R"("template":)") == std::string_view::npos)
        return false;
    auto const content = parse_content(json);
    return content && is_proactive(*content);
}

void write_change(Tx& tx, IntentRow const& row)
{
    auto q = tx.prepare("UPDATE intent SET state = ?2, state_reason = ?3, failures = ?4, next_at_ms = ?5, not_after_ms = ?6, "
                        "unknown_since_ms = ?7, settled_at_ms = ?8, window_doubted = ?9, file_refusals = ?10, external_id = NULLIF(?11, '') "
                        "WHERE intent_id = ?1");
    q.bind(1, row.id);
    q.bind(2, render_intent_state(row.state));
    q.bind(3, std::string_view{row.reason});
    q.bind(4, row.failures);
    q.bind(5, row.next_at);
    q.bind(6, row.not_after);
    q.bind(7, row.unknown_since);
    q.bind(8, row.settled_at);
    q.bind(9, row.window_doubted);
    q.bind(10, row.file_refusals);
    q.bind(11, std::string_view{row.external_id});
    q.run();
}

} // namespace

std::vector<IntentRow> intents_of(Reading& reading, MessageId message)
{
    auto q = reading.prepare(INTENT_COLUMNS "WHERE i.message_id = ?1 ORDER BY i.part");
    q.bind(1, message);
    return all(q);
}

namespace outbox {

IntentRow load_intent(Reading& reading, IntentId id)
{
    auto q = reading.prepare(INTENT_COLUMNS "WHERE i.intent_id = ?1");
    q.bind(1, id);
    if (!q.step())
        throw Rollback{{Fault::not_found, "no such intent"}};
    return row_of(q);
}

std::vector<IntentRow> load_open(Reading& reading, IntentState state, AccountId account, int limit)
{
    auto q = reading.prepare(INTENT_COLUMNS
                             "WHERE i.settled_at_ms IS NULL AND i.state = ?1 AND i.account_id = ?2 ORDER BY i.intent_id LIMIT ?3");
    q.bind(1, render_intent_state(state));
    q.bind(2, account);
    q.bind(3, limit);
    return all(q);
}

IntentFacts facts_of(IntentRow const& row)
{
    return {.id = row.id,
            .message_class = row.message_class,
            .state = row.state,
            .is_template = is_template(row.content),
            .failures = row.failures,
            .next_at = row.next_at,
            .not_after = row.not_after,
            .unknown_since = row.unknown_since,
            .settled = row.settled_at.has_value(),
            .receipt = row.receipt,
            .failed = row.failed_at.has_value(),
            .window_doubted = row.window_doubted,
            .file_refusals = row.file_refusals};
}

OutboxEffect effect_of(Reading& reading, IntentRow const& row)
{
    OutboxEffect effect;
    effect.intent = row.id;
    effect.message = row.message;
    effect.conversation = row.conversation;
    effect.ticket = row.ticket;
    effect.account = row.account;
    effect.message_class = row.message_class;
    effect.purpose = purpose_of(reading, row.message);
    effect.before = effect.after = row.state;
    effect.reason = row.reason;
    effect.answer = answer_of(row, effect.purpose);
    return effect;
}

OutboxEffect move_intent(Tx& tx, IntentRow& row, IntentChange const& change, Actor by, Timestamp now)
{
    auto const before = row.state;
    row.state = change.to;
    row.reason = change.reason;
    row.failures = change.failures;
    row.next_at = change.next_at;
    row.not_after = change.not_after;
    row.unknown_since = change.unknown_since;
    row.window_doubted = change.window_doubted;
    row.file_refusals = change.file_refusals;
    row.settled_at = change.settled ? std::optional{now} : std::nullopt;
    write_change(tx, row);
    ObjectText data{{"from", render_intent_state(before)}};
    if (!row.reason.empty())
        data.add("reason", row.reason);
    append_event(tx, {.type = event_of(row.state),
                      .at = now,
                      .actor = by,
                      .account = row.account,
                      .conversation = row.conversation,
                      .ticket = row.ticket,
                      .message = row.message,
                      .intent = row.id,
                      .data = std::move(data)});
    auto effect = effect_of(tx, row);
    effect.before = before;
    return effect;
}

std::vector<OutboxEffect> move_with_message(Tx& tx, IntentRow& row, IntentChange const& change, Actor by, Timestamp now)
{
    std::vector<OutboxEffect> effects;
    effects.push_back(move_intent(tx, row, change, by, now));
    if (row.state != IntentState::refused && row.state != IntentState::expired)
        return effects;
    for (auto& later : intents_of(tx, row.message)) {
        if (later.part <= row.part || (later.state != IntentState::queued && later.state != IntentState::retry_wait))
            continue;
        auto dies = plain_change(later, IntentState::cancelled, earlier_part_failed, later.next_at);
        effects.push_back(move_intent(tx, later, dies, by, now));
    }
    return effects;
}

IntentChange plain_change(IntentRow const& row, IntentState to, std::string reason, Timestamp next_at)
{
    return {to, std::move(reason), row.failures, next_at, row.not_after, std::nullopt, is_final(to), row.window_doubted, row.file_refusals};
}

void keep_error(Tx& tx, IntentRow& row, ProviderError const& error)
{
    if (error.code == 0 && words_of(error).empty())
        return;
    row.error_code = error.code;
    row.error_title = error.title;
    row.error_sentence = error.sentence;
    auto q = tx.prepare("UPDATE intent SET error_code = ?2, error_title = ?3, error_sentence = ?4 WHERE intent_id = ?1");
    q.bind(1, row.id);
    q.bind(2, error.code);
    q.bind(3, std::string_view{error.title});
    q.bind(4, std::string_view{error.sentence});
    q.run();
}

MessageId find_own_echo(Reading& reading, AccountId account, std::string_view external_id)
{
    auto q = reading.prepare("SELECT message_id FROM message WHERE account_id = ?1 AND external_id = ?2 "
                             "AND direction = 'out' AND (actor_kind = 'phone_app' OR purpose = 'standby')");
    q.bind(1, account);
    q.bind(2, external_id);
    return q.step() ? q.id<MessageId>(0) : MessageId{};
}

} // namespace outbox
} // namespace deskbridge::store
