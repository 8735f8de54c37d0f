#pragma once

#include "deskbridge/core/acknowledgement.hpp"
#include "deskbridge/core/content.hpp"
#include "deskbridge/core/inbound.hpp"
#include "deskbridge/core/intent.hpp"
#include "deskbridge/core/reply_window.hpp"
#include "deskbridge/core/ticket.hpp"
#include "deskbridge/store/store.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The outbox as use cases see it: queue, cancel, keep, retry, resolve, receive receipts. What the pump needs besides is in
/// outbox_pump.hpp beside this file.
namespace deskbridge::store {

/// A message to a customer. `parts` is what the adapter's `plan` made of `shown`, at least one; each becomes an intent.
struct Outgoing {
    ConversationId conversation;
    TicketId ticket; ///< 0: the conversation only
    AccountId account;
    Actor actor{};   ///< of `agent` messages: who wrote it
    MessageClass message_class{MessageClass::agent};
    std::string purpose;   ///< of automatic texts: acknowledgement, status, solved, choice, …
    OutboundContent shown; ///< as it stands in the timeline
    std::vector<OutboundContent> parts;
    Timestamp now;
    std::optional<Timestamp> not_after;        ///< nullopt: `deadline_of` its class
    std::optional<std::string> supersedes_key; ///< of notices: replaces those in the lane with the same key
    MessageId quoted;                          ///< what it answers, for the timeline
};

/// Writes the message and its intents, and message.queued. Errors: Rollback malformed (no parts).
MessageId queue_message(Tx& tx, Outgoing const& out);

/// What a change of an intent means beyond its row; hand it to `flow::settle_acknowledgement` in the same transaction.
struct OutboxEffect {
    IntentId intent;
    MessageId message;
    ConversationId conversation;
    TicketId ticket;
    AccountId account;
    MessageClass message_class{MessageClass::agent};
    std::string purpose;
    IntentState before{IntentState::queued};
    IntentState after{IntentState::queued};
    std::string reason;
    std::optional<AnswerEvent> answer; ///< what it means for the ticket's acknowledgement
    MessageId mistaken_echo{};         ///< a message taken for the business phone's that was this one
    std::optional<int> paused_account{}; ///< the whole account was refused with it, and paused: the provider's code
};

struct ReceiptEffect {
    enum class What {
        applied,   ///< changed the intent
        nothing,   ///< a lower rank, a repetition
        parked,    ///< no such message yet: matched when the send's own answer names it
    };
    What what{What::nothing};
    std::vector<OutboxEffect> effects; ///< with `applied`: its own, then those of receipts that had waited for it
    std::optional<Price> price{};      ///< the first that was told of this message
    std::optional<std::chrono::milliseconds> delay{}; ///< of the first receipt of an attempt, since its end
    std::optional<Timestamp> failed_begun{}; ///< when the attempt began that it says has failed; nullopt: no news of a failure
    std::optional<MessageId> duplicate{}; ///< the message of which it proves that the provider took it twice
};

/// One receipt: ranks only rise, `failed` stands beside them, a token or an id settles what was unknown or in flight.
/// The result does not depend on the order in which receipts and the send's own answer come.
/// @param windows  the channel's reply windows
[[nodiscard]] ReceiptEffect apply_receipt(Tx& tx, AccountId account, Receipt const& receipt, Timestamp received_at,
                                          WindowRules const& windows = {});

/// The intent whose provider message this is, also when only its token is known: an echo of it is our own.
[[nodiscard]] std::optional<IntentId> find_intent_sent_as(Reading& reading, AccountId account, std::string_view external_id,
                                                          std::string_view token = {});

/// The customer's next matter that is not `stop`: kept texts of the conversation go out in their order, and a template that
/// was to ask for it does not. Answers how many.
/// With KeptTexts::ask only those of which an agent said `keep_message`.
int release_kept(Tx& tx, ConversationId conversation, Timestamp now, KeptTexts mode = KeptTexts::deliver);
/// Errors: not_found; conflict (nothing of it is kept).
[[nodiscard]] Result<void> keep_message(Tx& tx, MessageId message, Actor by, Timestamp now);

/// Takes back what has not left. Errors: not_found; conflict (nothing of it can be cancelled any more).
[[nodiscard]] Result<std::vector<OutboxEffect>> cancel_message(Tx& tx, MessageId message, Actor by, Timestamp now);

/// A person's word on a message of which it is unknown whether it was sent.
enum class Verdict {
    sent,     ///< counts as accepted
    not_sent, ///< and stays so
    resend,   ///< was not sent, and goes again
};
/// Errors: not_found; conflict (nothing of it is unknown or held).
[[nodiscard]] Result<std::vector<OutboxEffect>> resolve_message(Tx& tx, MessageId message, Verdict verdict, Actor by,
                                                                Timestamp now);

/// Sends again what was refused, expired or kept, or failed after it was accepted. Errors: not_found; conflict (nothing of it is in such a state).
[[nodiscard]] Result<void> retry_message(Tx& tx, MessageId message, Actor by, Timestamp now);

/// Of what `retry_message` sends again, was there an attempt that may have reached the customer, on which nobody has said a word?
[[nodiscard]] bool may_have_arrived(Reading& reading, MessageId message);

/// One intent, as screens and the API show it.
struct IntentRow {
    IntentId id;
    MessageId message;
    ConversationId conversation;
    AccountId account;
    TicketId ticket;
    int part{0};
    MessageClass message_class{MessageClass::agent};
    IntentState state{IntentState::queued};
    std::string reason;
    std::string content; ///< JSON of OutboundContent
    int attempts{0};
    int failures{0};
    Timestamp next_at;
    std::optional<Timestamp> not_after;
    std::optional<Timestamp> unknown_since;
    std::string external_id;
    std::optional<ReceiptStatus> receipt; ///< the highest rank, never `failed`
    std::optional<Timestamp> receipt_at;
    std::optional<Timestamp> failed_at;
    std::optional<int> error_code;
    std::string error_title;
    std::string error_sentence; ///< what agents read instead of the title; empty: there is none
    Timestamp created_at;
    std::optional<Timestamp> settled_at;
    bool window_doubted{false}; ///< as in IntentFacts
    int file_refusals{0};
};

/// Why it did not work, as agents read it; empty: nothing is known.
[[nodiscard]] std::string const& error_words(IntentRow const& row) noexcept;

/// The parts of a message, in order.
[[nodiscard]] std::vector<IntentRow> intents_of(Reading& reading, MessageId message);

/// One word for a whole message: its worst part. queued, claimed, retry_wait, unknown, held, kept, refused, expired,
/// cancelled, failed, accepted, sent, delivered, read, played; "" if it has no intents.
[[nodiscard]] std::string delivery_of(Reading& reading, MessageId message);
[[nodiscard]] std::string delivery_of(std::vector<IntentRow> const& parts);

/// What was queued for a message goes along when it is moved to another ticket.
void set_intents_ticket(Tx& tx, MessageId message, TicketId ticket);

/// Does an agent's message on the ticket, queued since `since`, stand at the provider (accepted and not failed)?
[[nodiscard]] bool agent_message_stands(Reading& reading, TicketId ticket, Timestamp since);

} // namespace deskbridge::store
