#include "deskbridge/core/intent.hpp"

#include <array>
#include <utility>

namespace deskbridge {

namespace {

template <class E, std::size_t N>
using Words = std::array<std::pair<E, std::string_view>, N>;

template <class E, std::size_t N>
std::string_view word_of(Words<E, N> const& words, E value) noexcept
{
    for (auto const& [e, word] : words)
        if (e == value)
            return word;
    return {};
}

template <class E, std::size_t N>
std::optional<E> value_of(Words<E, N> const& words, std::string_view text) noexcept
{
    for (auto const& [e, word] : words)
        if (word == text)
            return e;
    return std::nullopt;
}

constexpr Words<MessageClass, 3> classes{{
    {MessageClass::agent, "agent"},
    {MessageClass::answer, "answer"},
    {MessageClass::notice, "notice"},
}};

constexpr Words<IntentState, 10> states{{
    {IntentState::held, "held"},
    {IntentState::queued, "queued"},
    {IntentState::claimed, "claimed"},
    {IntentState::retry_wait, "retry_wait"},
    {IntentState::unknown, "unknown"},
    {IntentState::kept, "kept"},
    {IntentState::accepted, "accepted"},
    {IntentState::refused, "refused"},
    {IntentState::expired, "expired"},
    {IntentState::cancelled, "cancelled"},
}};

constexpr Words<ReceiptStatus, 5> receipts{{
    {ReceiptStatus::sent, "sent"},
    {ReceiptStatus::delivered, "delivered"},
    {ReceiptStatus::read, "read"},
    {ReceiptStatus::played, "played"},
    {ReceiptStatus::failed, "failed"},
}};

constexpr Words<Refused::Because, 6> becauses{{
    {Refused::Because::message, "message"},
    {Refused::Because::window_closed, "window_closed"},
    {Refused::Because::account, "account"},
    {Refused::Because::opted_out, "opted_out"},
    {Refused::Because::person, "person"},
    {Refused::Because::unusable_template, "template"},
}};

} // namespace

std::string_view render_message_class(MessageClass c) noexcept
{
    return word_of(classes, c);
}

std::optional<MessageClass> parse_message_class(std::string_view word) noexcept
{
    return value_of(classes, word);
}

std::string_view render_intent_state(IntentState state) noexcept
{
    return word_of(states, state);
}

std::optional<IntentState> parse_intent_state(std::string_view word) noexcept
{
    return value_of(states, word);
}

std::string_view render_receipt_status(ReceiptStatus status) noexcept
{
    return word_of(receipts, status);
}

std::optional<ReceiptStatus> parse_receipt_status(std::string_view word) noexcept
{
    return value_of(receipts, word);
}

std::string_view render_because(Refused::Because because) noexcept
{
    return word_of(becauses, because);
}

std::optional<Refused::Because> parse_because(std::string_view word) noexcept
{
    return value_of(becauses, word);
}

} // namespace deskbridge
