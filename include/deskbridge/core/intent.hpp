#pragma once

#include "deskbridge/core/outcome.hpp"
#include "deskbridge/core/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace deskbridge {

/// What a message of ours is for; decides order, patience and what becomes of a lost answer.
enum class MessageClass {
    agent,  ///< a person's words
    answer, ///< to a customer's command
    notice, ///< acknowledgements, status changes: short-lived, superseded by newer ones, yields to agents
};

/// Where one provider message stands. Names are those in SQL, API and metrics.
enum class IntentState {
    held,       ///< a person must say whether it was sent; blocks nothing
    queued,     ///< may go when its lane lets it
    claimed,    ///< an attempt is in flight
    retry_wait, ///< certainly not sent; goes again at `next_at`
    unknown,    ///< may have been sent
    kept,       ///< an agent's text waiting for the reply window to open
    accepted,   ///< the provider has it
    refused,    ///< will never be sent as it stands
    expired,    ///< its deadline passed before it went
    cancelled,  ///< taken back, superseded, or dropped with an earlier part
};

[[nodiscard]] std::string_view render_message_class(MessageClass c) noexcept;
[[nodiscard]] std::optional<MessageClass> parse_message_class(std::string_view word) noexcept;
[[nodiscard]] std::string_view render_intent_state(IntentState state) noexcept;
[[nodiscard]] std::optional<IntentState> parse_intent_state(std::string_view word) noexcept;
[[nodiscard]] std::string_view render_receipt_status(ReceiptStatus status) noexcept;
[[nodiscard]] std::optional<ReceiptStatus> parse_receipt_status(std::string_view word) noexcept;
[[nodiscard]] std::string_view render_because(Refused::Because because) noexcept;
[[nodiscard]] std::optional<Refused::Because> parse_because(std::string_view word) noexcept;

/// No send, no lane: neither waiting nor in flight nor in doubt. `unknown` answers and notices count as done by their
/// `settled_at`, not by this.
[[nodiscard]] constexpr bool is_final(IntentState state) noexcept
{
    return state == IntentState::accepted || state == IntentState::refused || state == IntentState::expired ||
           state == IntentState::cancelled;
}

} // namespace deskbridge
