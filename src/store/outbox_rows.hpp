#pragma once

#include "deskbridge/core/outbox.hpp"
#include "deskbridge/store/conversation.hpp"
#include "deskbridge/store/outbox.hpp"

#include <string_view>

/// What the outbox's query files share: reading an intent, moving it on, and saying so in the event log.
/// Word for word the condition of intent_deadline: said otherwise, the index is not used and all that waits is walked over.
#define MAY_EXPIRE "(state = 'queued' OR state = 'retry_wait' OR state = 'kept')"

namespace deskbridge::store::outbox {

/// Why the later parts of a message died.
inline constexpr auto earlier_part_failed = "earlier_part_failed";

/// The current row. Errors: throws Rollback not_found.
[[nodiscard]] IntentRow load_intent(Reading& reading, IntentId id);
/// Intents that are not settled: of a state, after `after`, by id.
[[nodiscard]] std::vector<IntentRow> load_open(Reading& reading, IntentState state, AccountId account, int limit);

/// What `next_in_lane` judges: id, class, state, times; nothing else is filled.
[[nodiscard]] std::vector<IntentFacts> load_lane(Reading& reading, ConversationId conversation);

/// As the decisions see it; of a template `is_template` costs reading the content.
[[nodiscard]] IntentFacts facts_of(IntentRow const& row);

/// What the intent means for others as it stands.
[[nodiscard]] OutboxEffect effect_of(Reading& reading, IntentRow const& row);

/// Writes the change and its event, and updates `row`. Answers what it means for others.
OutboxEffect move_intent(Tx& tx, IntentRow& row, IntentChange const& change, Actor by, Timestamp now);

/// The same; and when the intent dies, so do the later parts of its message: half an answer is no answer.
std::vector<OutboxEffect> move_with_message(Tx& tx, IntentRow& row, IntentChange const& change, Actor by, Timestamp now);

/// A change to `to` that leaves deadline and failures as they are.
[[nodiscard]] IntentChange plain_change(IntentRow const& row, IntentState to, std::string reason, Timestamp next_at);

/// `at` becomes the earlier of the two; nullopt: never.
inline void keep_earlier(std::optional<Timestamp>& at, std::optional<Timestamp> other)
{
    if (other && (!at || *other < *at))
        at = other;
}

/// Why it did not work, for agents.
void keep_error(Tx& tx, IntentRow& row, ProviderError const& error);

/// Two clocks' times of one refusal.
struct RefusedAt {
    Timestamp told{};  ///< the provider's
    Timestamp heard{}; ///< ours
};
/// What a refusal teaches beyond this message: of a template that cannot be sent the list is wanted, of a customer who wants no marketing
/// that is kept.
void learn_refusal(Tx& tx, IntentRow const& row, Refused const& refused, RefusedAt const& at);

/// The provider refuses the account itself: in its answer to a send, or in what it tells of one later. False: it was paused before.
/// @param why  the adapter's sentence; empty: the error's
bool pause_refused(Tx& tx, AccountId account, std::string why, ProviderError const& error, Timestamp now);

/// Why its template cannot be sent as the account's list has it by now; empty: it can, or is none, or is not listed.
[[nodiscard]] std::string why_unusable(Reading& reading, IntentRow const& row, OutboundContent const& content);

/// Why a template that the account's list calls marketing must not go to this customer, who told the provider or us; empty: it may. What is
/// not listed is the provider's to judge.
[[nodiscard]] std::string_view why_no_marketing(Reading& reading, IntentRow const& row, Conversation const& conversation,
                                                OutboundContent const& content);

/// An echo of this very message that came before its id was known, and was taken for the business phone's; 0: none.
[[nodiscard]] MessageId find_own_echo(Reading& reading, AccountId account, std::string_view external_id);

/// Receipts of this id that came before anybody knew it: they take effect now.
/// @param windows  the channel's reply windows
std::vector<OutboxEffect> match_parked(Tx& tx, AccountId account, std::string_view external_id, Timestamp now, WindowRules const& windows);

/// As in `OutcomeFacts`: by the customer's latest message, or by the one that opened the window that is open.
[[nodiscard]] std::optional<Timestamp> window_open_since(Conversation const& conversation, WindowRules const& windows, Timestamp now);

/// How long after their attempt's end the slowest of 100 messages of the account had their first receipt, among its latest 1,000 attempts;
/// what the provider has and has not told of yet counts with its age. 0: nothing is known.
[[nodiscard]] std::chrono::milliseconds slow_receipt(Reading& reading, AccountId account, Timestamp now);

/// When the first receipt came for an attempt of the account that began after `begun`, among those of later intents.
/// nullopt: for none.
[[nodiscard]] std::optional<Timestamp> proven_since(Reading& reading, IntentRow const& row, Timestamp begun);

/// Has a receipt come since `begun` whose message nobody knows?
[[nodiscard]] bool stranger_told(Reading& reading, AccountId account, Timestamp begun);

/// Does the provider have the intent's message already, by another attempt than this one? Not what it said it has failed with.
[[nodiscard]] bool sent_by_another(Reading& reading, IntentId intent, std::string_view token);
/// Two attempts of one intent stand at the provider: `message.duplicated`.
void tell_duplicate(Tx& tx, IntentRow const& row, Timestamp now);

} // namespace deskbridge::store::outbox
