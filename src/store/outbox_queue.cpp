#include "deskbridge/store/outbox.hpp"

#include "deskbridge/core/outbox.hpp"
#include "deskbridge/store/event_log.hpp"
#include "deskbridge/store/message.hpp"
#include "deskbridge/store/outgoing_file.hpp"
#include "outbox_rows.hpp"

namespace deskbridge::store {

namespace {

using outbox::move_intent;
using outbox::plain_change;

void supersede(Tx& tx, Outgoing const& out)
{
    std::vector<IntentId> older;
    {
        auto q = tx.prepare("SELECT intent_id FROM intent WHERE conversation_id = ?1 AND settled_at_ms IS NULL "
                            "AND supersedes_key = ?2 AND state IN ('queued', 'retry_wait') ORDER BY intent_id");
        q.bind(1, out.conversation);
        q.bind(2, std::string_view{*out.supersedes_key});
        while (q.step())
            older.push_back(q.id<IntentId>(0));
    }
    for (auto const id : older) {
        auto row = outbox::load_intent(tx, id);
        auto const change = plain_change(row, IntentState::cancelled, "superseded", row.next_at);
        (void)move_intent(tx, row, change, {}, out.now);
    }
}

/// What its first file goes as; "text" of a message without any.
std::string kind_of(Outgoing const& out)
{
    for (auto const& part : out.parts)
        if (!part.files.empty())
            return part.files.front().kind;
    return "text";
}

MessageId insert_shown(Tx& tx, Outgoing const& out)
{
    Message message;
    message.kind = kind_of(out);
    message.conversation = out.conversation;
    message.ticket = out.ticket;
    message.account = out.account;
    message.direction = Direction::out;
    message.actor = out.actor;
    message.message_class = render_message_class(out.message_class);
    message.purpose = out.purpose;
    message.text = out.shown.text;
    if (!out.shown.buttons.empty() || out.shown.list || out.shown.template_call)
        message.details = render_content(out.shown);
    if (out.shown.quote)
        message.quoted_external_id = out.shown.quote->value;
    message.quoted = out.quoted;
    message.provider_at = out.now;
    message.received_at = out.now;
    message.matter = out.message_class == MessageClass::agent;
    return insert_message(tx, message);
}

void insert_part(Tx& tx, Outgoing const& out, MessageId message, std::size_t part)
{
    auto const content = render_content(out.parts[part]);
    auto q = tx.prepare("INSERT INTO intent (message_id, conversation_id, account_id, ticket_id, part, class, state, content, "
                        "supersedes_key, next_at_ms, not_after_ms, created_at_ms) "
                        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'queued', ?7, ?8, ?9, ?10, ?9)");
    q.bind(1, message);
    q.bind(2, out.conversation);
    q.bind(3, out.account);
    q.bind(4, out.ticket);
    q.bind(5, part);
    q.bind(6, render_message_class(out.message_class));
    q.bind(7, std::string_view{content});
    if (out.supersedes_key)
        q.bind(8, std::string_view{*out.supersedes_key});
    else
        q.bind(8, std::nullopt);
    q.bind(9, out.now);
    q.bind(10, out.not_after.value_or(deadline_of(out.message_class, out.now)));
    q.run();
}

/// Who does it, and when.
struct Hand {
    Actor by;
    Timestamp now;
};

/// Every part that `fits` goes to where `change` says. Errors: not_found, conflict.
template <class Fits, class Change>
Result<std::vector<OutboxEffect>> move_parts(Tx& tx, MessageId message, Fits const& fits, Hand const& hand, Change const& change)
{
    auto parts = intents_of(tx, message);
    if (parts.empty())
        return Error{Fault::not_found, "no such message"};
    std::vector<OutboxEffect> effects;
    for (auto& row : parts) {
        if (!fits(row))
            continue;
        auto const next = change(row);
        effects.push_back(move_intent(tx, row, next, hand.by, hand.now));
    }
    if (effects.empty())
        return Error{Fault::conflict, "nothing of this message is in such a state"};
    return effects;
}

bool can_be_cancelled(IntentRow const& row)
{
    return row.state == IntentState::queued || row.state == IntentState::retry_wait || row.state == IntentState::kept;
}

bool is_in_doubt(IntentRow const& row)
{
    return row.state == IntentState::unknown || row.state == IntentState::held;
}

bool did_not_go(IntentRow const& row)
{
    bool const arrived = row.receipt && *row.receipt >= ReceiptStatus::delivered;
    return row.state == IntentState::refused || row.state == IntentState::expired || row.state == IntentState::kept ||
           (row.state == IntentState::cancelled && row.reason == outbox::earlier_part_failed) ||
           (row.state == IntentState::accepted && row.failed_at && !arrived);
}

/// A new life: receipts and errors of the one before stay in the receipts' own table.
IntentChange fresh_start(Tx& tx, IntentRow& row, std::string reason, Timestamp now)
{
    auto q = tx.prepare("UPDATE intent SET receipt = NULL, receipt_at_ms = NULL, failed_at_ms = NULL, error_code = NULL, "
                        "error_title = '', error_sentence = '' WHERE intent_id = ?1");
    q.bind(1, row.id);
    q.run();
    row.receipt.reset();
    row.failed_at.reset();
    return {IntentState::queued, std::move(reason), 0, now, deadline_of(row.message_class, now), std::nullopt, false};
}

/// The latest attempt is what the agent says, or stays in doubt and is let go.
void settle_attempt(Tx& tx, IntentRow const& row, bool sent)
{
    auto q = tx.prepare("UPDATE attempt SET outcome = CASE WHEN ?3 THEN 'accepted' ELSE outcome END, settled_by = 'agent' "
                        "WHERE intent_id = ?1 AND n = ?2");
    q.bind(1, row.id);
    q.bind(2, row.attempts);
    q.bind(3, sent);
    q.run();
}

bool anything_open(Tx& tx, ConversationId conversation)
{
    auto q = tx.prepare("SELECT 1 FROM intent WHERE conversation_id = ?1 AND settled_at_ms IS NULL LIMIT 1");
    q.bind(1, conversation);
    return q.step();
}

/// What asks the customer to write is out of date once they have.
void cancel_window_template(Tx& tx, ConversationId conversation, Timestamp now)
{
    std::vector<IntentId> waiting;
    {
        auto q = tx.prepare("SELECT i.intent_id FROM intent i JOIN message m ON m.message_id = i.message_id WHERE i.conversation_id = ?1 "
                            "AND i.settled_at_ms IS NULL AND i.state IN ('queued', 'retry_wait') AND m.purpose = 'window_template'");
        q.bind(1, conversation);
        while (q.step())
            waiting.push_back(q.id<IntentId>(0));
    }
    for (auto const id : waiting) {
        auto row = outbox::load_intent(tx, id);
        (void)move_intent(tx, row, plain_change(row, IntentState::cancelled, "superseded", row.next_at), {}, now);
    }
}

} // namespace

MessageId queue_message(Tx& tx, Outgoing const& out)
{
    if (out.parts.empty())
        throw Rollback{{Fault::malformed, "a message without parts"}};
    if (out.supersedes_key)
        supersede(tx, out);
    auto const message = insert_shown(tx, out);
    attach_files(tx, message, out.shown.files);
    for (std::size_t part = 0; part < out.parts.size(); ++part)
        insert_part(tx, out, message, part);
    append_event(tx, {.type = "message.queued",
                      .at = out.now,
                      .actor = out.actor,
                      .account = out.account,
                      .conversation = out.conversation,
                      .ticket = out.ticket,
                      .message = message,
                      .data = {{"class", render_message_class(out.message_class)}, {"purpose", out.purpose}, {"parts", out.parts.size()}}});
    return message;
}

int release_kept(Tx& tx, ConversationId conversation, Timestamp now, KeptTexts mode)
{
    if (!anything_open(tx, conversation))
        return 0;
    cancel_window_template(tx, conversation, now);
    std::vector<IntentId> waiting;
    {
        auto q = tx.prepare("SELECT intent_id FROM intent WHERE conversation_id = ?1 AND settled_at_ms IS NULL "
                            "AND state = 'kept' AND (not_after_ms IS NULL OR not_after_ms > ?2) "
                            "AND (?3 OR state_reason = 'agent_says_keep') ORDER BY intent_id");
        q.bind(1, conversation);
        q.bind(2, now);
        q.bind(3, mode == KeptTexts::deliver);
        while (q.step())
            waiting.push_back(q.id<IntentId>(0));
    }
    for (auto const id : waiting) {
        auto row = outbox::load_intent(tx, id);
        auto const change = fresh_start(tx, row, "window_opened", now);
        (void)move_intent(tx, row, change, {}, now);
    }
    return static_cast<int>(waiting.size());
}

Result<void> keep_message(Tx& tx, MessageId message, Actor by, Timestamp now)
{
    auto const moved = move_parts(
        tx, message, [](IntentRow const& row) { return row.state == IntentState::kept; }, {by, now},
        [](IntentRow& row) { return plain_change(row, IntentState::kept, "agent_says_keep", row.next_at); });
    if (!moved)
        return moved.error();
    return {};
}

Result<std::vector<OutboxEffect>> cancel_message(Tx& tx, MessageId message, Actor by, Timestamp now)
{
    return move_parts(tx, message, can_be_cancelled, {by, now},
                      [](IntentRow& row) { return plain_change(row, IntentState::cancelled, "agent_says_cancel", row.next_at); });
}

Result<std::vector<OutboxEffect>> resolve_message(Tx& tx, MessageId message, Verdict verdict, Actor by, Timestamp now)
{
    auto const change = [&](IntentRow& row) {
        settle_attempt(tx, row, verdict == Verdict::sent);
        switch (verdict) {
        case Verdict::sent: return plain_change(row, IntentState::accepted, "agent_says_sent", row.next_at);
        case Verdict::resend: return fresh_start(tx, row, "agent_says_resend", now);
        case Verdict::not_sent: break;
        }
        return plain_change(row, IntentState::cancelled, "agent_says_not_sent", row.next_at);
    };
    return move_parts(tx, message, is_in_doubt, {by, now}, change);
}

bool may_have_arrived(Reading& reading, MessageId message)
{
    auto const parts = intents_of(reading, message);
    return std::any_of(parts.begin(), parts.end(), [&](IntentRow const& part) {
        auto q = reading.prepare("SELECT 1 FROM attempt WHERE intent_id = ?1 AND outcome = 'unknown' AND settled_by <> 'agent' LIMIT 1");
        q.bind(1, part.id);
        return did_not_go(part) && q.step();
    });
}

Result<void> retry_message(Tx& tx, MessageId message, Actor by, Timestamp now)
{
    auto const moved = move_parts(tx, message, did_not_go, {by, now},
                                  [&](IntentRow& row) { return fresh_start(tx, row, "agent_says_retry", now); });
    if (!moved)
        return moved.error();
    return {};
}

} // namespace deskbridge::store
