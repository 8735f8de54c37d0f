#pragma once

#include "deskbridge/core/outbox.hpp"
#include "deskbridge/core/policy.hpp"
#include "deskbridge/core/reply_window.hpp"
#include "deskbridge/store/outbox.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// The outbox as the pump sees it: what may go, the journal of attempts, what became of them, what time changes.
/// One pump at a time: between `ready_heads` and `begin_attempt` it alone knows which lanes it is busy with.
namespace deskbridge::store {

/// What a deployment decides about one account's sends.
struct SendPolicy {
    WindowRules reply_window{std::chrono::hours{24}};
    bool keeps{false};                            ///< a template is configured: agents' texts are kept when it is closed
    KeptTexts kept_texts{KeptTexts::deliver};     ///< what becomes of them when the customer writes
    UnknownPolicy unknown{UnknownPolicy::hold};
    OutboxRules rules{};
};

/// The head of a lane, as far as the look before the claim can tell.
struct ReadyHead {
    IntentId intent;
    MessageId message;
    ConversationId conversation;
    OutboundContent content;
    Address to;
    std::string group;
    bool tried{false}; ///< an attempt, or a connection for one, failed before
};
struct ReadyPage {
    std::vector<ReadyHead> heads;
    std::vector<ReadyHead> fresh;        ///< of the lanes that were written to last, newest first; only while more wait than a page shows
    ConversationId last;                 ///< where the next page begins; 0: the round is complete
    std::optional<Timestamp> look_again; ///< of lanes on this page that time alone will make ready
};
struct ReadyQuery {
    AccountId account;
    ConversationId after{}; ///< where the page before ended
    Timestamp now;
    std::size_t limit{1};
    OutboxRules rules{};
};
/// Heads of the account's due lanes after conversation `after`, in a fixed round, so that every lane has its turn; and, so that
/// nobody who writes now waits for a whole round, of those with the newest messages that were never tried.
/// Empty while the account is paused.
[[nodiscard]] ReadyPage ready_heads(Reading& reading, ReadyQuery const& query);

struct BeginAttempt {
    IntentId intent;
    std::string token;
    std::int64_t epoch{0};
    Timestamp now;
    std::string scope{}; ///< of the account's customers' addresses
};
/// The attempt is journalled. Bytes may leave once the transaction is durable.
struct AttemptBegun {
    OutboundContent content;
    Address to; ///< as it is now: a changed number re-addresses what is queued
    std::string group;
    int n{1};
};
/// Begun; or it stays where it is, and why; or it went to another state unsent.
using BeginResult = std::variant<AttemptBegun, Stay, std::vector<OutboxEffect>>;
[[nodiscard]] BeginResult begin_attempt(Tx& tx, BeginAttempt const& begin, SendPolicy const& policy);

struct RecordedOutcome {
    std::vector<OutboxEffect> effects; ///< the intent first, then later parts that died with it; empty: evidence stood already
    std::optional<int> paused_account{}; ///< by the answer, or by a receipt that came before it: the provider's code
    bool duplicate{false};            ///< the provider has it by an earlier attempt, too
    std::optional<Timestamp> next_at; ///< when it goes again
    ContactId contact{};              ///< whose aliases the answer named; 0: a group
};
/// Writes the attempt's result once and moves the intent on. Receipts that came early take effect here. Since when the reply window is open
/// need not stand in `facts`.
[[nodiscard]] RecordedOutcome record_outcome(Tx& tx, std::string_view token, Outcome const& outcome,
                                             OutcomeFacts facts, SendPolicy const& policy = {});

/// No connection: nothing was journalled, nothing was sent. Like an attempt that was `not_sent`, without the attempt.
[[nodiscard]] std::vector<OutboxEffect> postpone(Tx& tx, IntentId intent, NotSent const& why, OutcomeFacts const& facts,
                                                 OutboxRules const& rules = {});

/// Before anything is sent: every attempt without a result becomes unknown. Answers what changed; at most the in-flight
/// limit. What is unknown then is never presumed not sent: while the daemon was down nobody heard a receipt.
[[nodiscard]] std::vector<OutboxEffect> recover_outbox(Tx& tx, Timestamp now, OutboxRules const& rules = {});

struct Tended {
    std::vector<OutboxEffect> effects;
    std::vector<std::pair<IntentId, std::string>> failed; ///< stayed as they were, and why; the others are not held up
    std::vector<ConversationId> to_announce; ///< texts are kept there since the window closed, and nobody was told
    std::optional<Timestamp> look_again;     ///< when an unknown one must be looked at
};
struct TendQuery {
    AccountId account;
    Timestamp now;
    int limit{1};      ///< of each kind
    bool doubts{true}; ///< also unknown ones: that may cost some milliseconds
};
/// What time changes: deadlines, unknown ones, kept texts that nothing will fetch.
[[nodiscard]] Tended tend_outbox(Tx& tx, SendPolicy const& policy, TendQuery const& query);
/// Is there anything for `tend_outbox` to do or to wait for? Cheap; a reader answers it.
[[nodiscard]] bool needs_tending(Reading& reading, TendQuery const& query);

/// The template for this closing of the window went into the queue: kept texts wait for the customer.
/// Answers false, and does nothing else than mark them, if one went out already since the window opened last.
[[nodiscard]] bool announce_kept(Tx& tx, AccountId account, ConversationId conversation, OutboundContent const& content,
                                 Timestamp now);

/// The next moment at which time alone makes something due; nullopt: never.
[[nodiscard]] std::optional<Timestamp> next_due(Reading& reading, Timestamp now);

/// A customer's message that an agent has seen.
struct SeenMessage {
    AccountId account;
    ConversationId conversation;
    MessageId message;
    ExternalMessageId external;
};
/// What `ticket.seen` named after `after`, up to and with `through`, in order: messages received since `since`, of
/// accounts that send, and never of groups.
[[nodiscard]] std::vector<SeenMessage> load_seen_messages(Reading& reading, EventSeq after, EventSeq through, Timestamp since);

struct OutboxCounts {
    std::array<std::int64_t, 6> of{}; ///< in the order of `states`
    std::optional<Timestamp> oldest_unknown; ///< since when the oldest is unknown, or held because nobody has decided
    std::optional<Timestamp> oldest_due;     ///< since when the longest overdue of a configured account might go; in the future: none is overdue
    std::int64_t lanes_blocked{0};           ///< conversations in which an agent's message waits behind one in doubt
    static constexpr std::array<IntentState, 6> states{IntentState::queued,  IntentState::retry_wait, IntentState::claimed,
                                                       IntentState::unknown, IntentState::held,       IntentState::kept};
};
/// Intents by state, without the final ones; unknown answers and notices are final.
[[nodiscard]] OutboxCounts count_outbox(Reading& reading);

} // namespace deskbridge::store
