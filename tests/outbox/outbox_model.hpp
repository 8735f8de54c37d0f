#pragma once

#include "deskbridge/core/outbox.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

/// A lane of one or two intents in which everything that can happen does, in every order. Time is counted in seconds before
/// (negative) or after the present moment, so that a world that only grows older is the same world.
namespace deskbridge::test::model {

inline constexpr int none = 127; ///< no such moment
using Moment = std::int8_t;

/// What the provider may say about an attempt that it has.
inline constexpr std::array<ReceiptFacts, 5> sayings{{{ReceiptStatus::sent},
                                                      {ReceiptStatus::delivered},
                                                      {ReceiptStatus::read},
                                                      {ReceiptStatus::failed},
                                                      {ReceiptStatus::failed, Refused::Because::window_closed}}};

enum class Ending : std::uint8_t { open, accepted, not_sent, refused, unknown };

struct Try {
    Moment begun{0};
    Moment ended{none};
    Ending ending{Ending::open};
    bool reached{false};  ///< the provider has it: the truth, which only receipts and answers tell
    bool known{false};    ///< its id is known here
    bool heard{false};    ///< a receipt took effect
    bool presumed{false}; ///< believed not sent, on evidence
    bool decided{false};  ///< a person said what became of it
    bool proven{false};   ///< while it is in doubt: a receipt for one that began later came
    bool missed{false};   ///< while it is in doubt: a receipt may have been missed
    std::uint8_t failures{0}; ///< the failed receipt that was said, by place in `sayings`: intake lets it in once
    std::uint8_t parked{0};   ///< receipts without a token that wait for the id, by place in `sayings`
    friend bool operator==(Try const&, Try const&) = default;
};

struct Intent {
    MessageClass message_class{MessageClass::agent};
    IntentState state{IntentState::queued};
    Moment next_at{0};
    Moment not_after{none};
    Moment unknown_since{none};
    bool answered{false}; ///< the customer wrote since it is unknown
    bool settled{false};
    bool announced{false}; ///< kept, and the customer was told
    std::optional<ReceiptStatus> receipt{};
    bool failed{false};
    std::vector<Try> tries{};
    friend bool operator==(Intent const&, Intent const&) = default;
};

struct World {
    std::vector<Intent> lane{};
    bool window_open{true};
    bool paused{false};
    friend bool operator==(World const&, World const&) = default;
};

/// What is let happen.
struct Config {
    std::string name;
    std::vector<MessageClass> classes;
    UnknownPolicy policy{UnknownPolicy::evidence};
    bool keeps{true};
    std::size_t tries{2};       ///< of one intent; no more are begun
    bool without_token{false};  ///< receipts may come that name the id alone
    bool people{true};          ///< agents cancel, resolve, retry
    bool window{true};          ///< the reply window closes and opens
    bool pauses{true};
    std::vector<std::size_t> said{0, 1, 2, 3, 4}; ///< places in `sayings`
};

/// Small figures, so that every deadline is met within a few moments.
[[nodiscard]] OutboxRules rules();
[[nodiscard]] World first(Config const& config);

/// Something that can happen now, and the world after it.
struct Next {
    std::string what;
    World world;
    bool by_itself{false}; ///< time and the pump alone, with a provider that works
    bool fresh{false};     ///< a person's word, or the customer's next message: a new life
};
[[nodiscard]] std::vector<Next> everything_next(World const& world, Config const& config);

/// The facts that the decisions see.
[[nodiscard]] IntentFacts facts_of(Intent const& intent);
[[nodiscard]] Timestamp at(Moment moment);
/// Forgets what no decision asks for any more: what is alike becomes equal.
void settle_down(World& world);
[[nodiscard]] std::string key_of(World const& world);
[[nodiscard]] std::string render(World const& world);
[[nodiscard]] bool is_over(Intent const& intent);
/// In flight, or unknown and not settled.
[[nodiscard]] bool in_doubt(Intent const& intent);

/// The promise that this step breaks, or "".
[[nodiscard]] std::string broken_by(World const& before, Next const& next, Config const& config);

} // namespace deskbridge::test::model
