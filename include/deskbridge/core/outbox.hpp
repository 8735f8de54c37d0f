#pragma once

#include "deskbridge/core/content.hpp"
#include "deskbridge/core/ids.hpp"
#include "deskbridge/core/intent.hpp"
#include "deskbridge/core/retry.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>

/// What becomes of an intent: state, event and time in, decision out. Pure; any thread.
namespace deskbridge {

/// What becomes of an agent's message whose answer was lost.
enum class UnknownPolicy {
    evidence, ///< presumed not sent and tried once more, if the callback path is proven alive and stayed silent
    hold,     ///< only a person decides
};

struct OutboxRules {
    RetryPolicy retry{};
    std::chrono::seconds agent_lives{24 * 3600}; ///< how long it is tried, unless the message says otherwise
    std::chrono::seconds answer_lives{3600};
    std::chrono::seconds notice_lives{600};
    std::chrono::seconds kept_lives{7 * 24 * 3600};
    std::chrono::seconds unknown_blocks{900}; ///< how long an unknown agent message holds up later ones
    std::chrono::seconds presume_after{120};  ///< earliest presumption after an attempt ended
    int presume_after_receipts{3};            ///< the same, in multiples of `UnknownFacts::slow_receipt`
};

/// Until when a message of this class is tried.
[[nodiscard]] Timestamp deadline_of(MessageClass message_class, Timestamp now, OutboxRules const& rules = {}) noexcept;

/// What no customer asked for: it waits while customers complain about the account; replies go on, slower.
[[nodiscard]] inline bool is_proactive(OutboundContent const& content) noexcept
{
    return content.template_call.has_value();
}

/// An intent as the decisions see it.
struct IntentFacts {
    IntentId id;
    MessageClass message_class{MessageClass::agent};
    IntentState state{IntentState::queued};
    bool is_template{false}; ///< may go while the reply window is closed; `is_proactive`
    int failures{0};         ///< certain ones in a row
    Timestamp next_at{};
    std::optional<Timestamp> not_after{};
    std::optional<Timestamp> unknown_since{};
    bool settled{false};                    ///< nothing more is expected of it
    std::optional<ReceiptStatus> receipt{}; ///< highest rank so far
    bool failed{false};                     ///< a `failed` receipt came for its latest attempt
    bool window_doubted{false};             ///< it had its second chance since the provider took an open window for closed
    int file_refusals{0};                   ///< tries that ended since its file was not taken over
};

/// The state an intent goes to. Fields that a state has no use for are empty.
struct IntentChange {
    IntentState to{IntentState::queued};
    std::string reason{}; ///< a word for people and programs: "window_closed", "deadline", …
    int failures{0};
    Timestamp next_at{};
    std::optional<Timestamp> not_after{};
    std::optional<Timestamp> unknown_since{};
    bool settled{false};
    bool window_doubted{false};
    int file_refusals{0};
    friend bool operator==(IntentChange const&, IntentChange const&) = default;
};

// --- the lane ---------------------------------------------------------------------------------------------------------

struct LaneDecision {
    std::optional<std::size_t> go{};        ///< index of the one that may be tried now
    std::optional<Timestamp> look_again{};  ///< when time alone may change this answer
};

/// Which of a conversation's intents goes next. `lane` holds those that are queued, claimed, waiting for a retry or
/// unknown and not settled, by id.
///
/// One in flight at a time. Agents' messages and answers keep their order, also while the first one waits for its retry.
/// Notices yield to agents' messages that could go. An unknown agent message holds up later agents' messages for
/// `unknown_blocks`, or until the customer wrote again (`last_inbound`, receive time).
[[nodiscard]] LaneDecision next_in_lane(std::span<IntentFacts const> lane, std::optional<Timestamp> last_inbound,
                                        Timestamp now, OutboxRules const& rules = {});

// --- the claim --------------------------------------------------------------------------------------------------------

struct ClaimFacts {
    IntentFacts intent;
    bool paused{false};      ///< the account
    bool window_open{true};  ///< the reply window, judged now
    bool keeps{false};       ///< agents' texts are kept when the window is closed (a template is configured)
    bool opted_out{false};   ///< it is marketing, and the customer wants none
    Timestamp now{};
    bool template_unusable{false}; ///< the provider's list says so by now
};
struct Go {};
struct Stay {
    std::string why;
};
/// Go: journal the attempt and send. Stay: not now. Otherwise it goes to another state unsent.
using ClaimDecision = std::variant<Go, Stay, IntentChange>;
[[nodiscard]] ClaimDecision decide_claim(ClaimFacts const& facts, OutboxRules const& rules = {});

// --- the outcome ------------------------------------------------------------------------------------------------------

/// The reason of an accepted one that the provider holds back, until a receipt comes.
inline constexpr std::string_view held_by_provider = "held_by_provider";

struct OutcomeFacts {
    Timestamp now{};
    std::uint64_t dice{0};
    bool keeps{false};
    std::optional<Timestamp> window_open_since{}; ///< by our clock; nullopt: it is closed, or there is none
};
struct OutcomeDecision {
    IntentChange change;
    bool pause_account{false}; ///< it cannot send at all
};
/// What an attempt's outcome does; nullopt when a receipt has settled the intent meanwhile: evidence stands.
///
/// What no customer asked for waits as long as the provider wishes while customers complain, a reply a minute at most. A file that was not
/// taken over twice is given up. A closed window that has been open for a minute by our clock is doubted once: the provider learns of
/// customers' messages in several places (WhatsApp, 131047 right after one).
[[nodiscard]] std::optional<OutcomeDecision> decide_outcome(IntentFacts const& intent, Outcome const& outcome,
                                                            OutcomeFacts const& facts, OutboxRules const& rules = {});

// --- receipts ---------------------------------------------------------------------------------------------------------

/// Does `next` rank above `now`? sent < delivered < read < played; `failed` has no rank.
[[nodiscard]] bool rises(std::optional<ReceiptStatus> now, ReceiptStatus next) noexcept;

/// An attempt that began longer ago says little about how the account is now.
inline constexpr std::chrono::hours account_news{24};

struct ReceiptFacts {
    ReceiptStatus status{ReceiptStatus::sent};
    Refused::Because because{Refused::Because::message}; ///< of `failed`
    bool current{true}; ///< about the intent's latest attempt
    Timestamp now{};
    bool died{false};   ///< a `failed` receipt of the same attempt came before: `sent` is no news any more
    std::optional<Timestamp> window_open_since{}; ///< as in `OutcomeFacts`
    std::uint64_t dice{0};
    Timestamp begun_at{};       ///< of that attempt
    bool resumed_since{false};  ///< since then somebody, or a start, let the account send again
};
struct ReceiptDecision {
    bool rises{false};                     ///< the rank becomes `status`
    bool fails{false};                     ///< stands as failed, beside the rank
    std::optional<IntentChange> change{};  ///< the state changes too
    bool pause_account{false};             ///< it cannot send at all
};
/// What a receipt does. For any set of receipts and the attempt's own outcome the end is the same in every order.
///
/// A failure for the account's sake stops the account as a refusal does, unless it is old news: of an attempt that began before the account
/// was resumed, or longer ago than `account_news`.
[[nodiscard]] ReceiptDecision decide_receipt(IntentFacts const& intent, ReceiptFacts const& receipt,
                                             OutboxRules const& rules = {});

// --- unknown ----------------------------------------------------------------------------------------------------------

struct UnknownFacts {
    UnknownPolicy policy{UnknownPolicy::hold};
    Timestamp since{};
    Timestamp begun_at{}; ///< of the attempt in doubt
    Timestamp ended_at{};
    std::optional<Timestamp> proven_to{};    ///< latest begin of an attempt of the account for which a receipt came
    std::optional<Timestamp> last_refusal{}; ///< when intake last refused a webhook, or was down
    Timestamp proven_since{};                ///< when the first receipt came for one of those attempts
    std::chrono::milliseconds slow_receipt{0}; ///< after an attempt's end, 99 of 100 messages of the account had a receipt by then
    bool stranger_told{false};               ///< since then a receipt came for a message that nobody knows: it may be this one
    bool presumed_before{false};             ///< it had its second chance
    bool overtaken{false};                   ///< a later agent's message of the lane was tried: sending it now breaks the order
};
struct UnknownDecision {
    enum class What { stay, presume_not_sent, ask };
    What what{What::stay};
    Timestamp look_again{};
};
/// An unknown agent message: wait for evidence, try again, or ask a person.
///
/// Presumed not sent only while the path of receipts is proven alive: it told of an attempt that began later, and that long enough ago
/// for what it held back in a silence to have followed.
[[nodiscard]] UnknownDecision decide_unknown(UnknownFacts const& facts, Timestamp now, OutboxRules const& rules = {});

} // namespace deskbridge
