#pragma once

#include "deskbridge/channel/account_context.hpp"
#include "deskbridge/core/inbound.hpp"
#include "deskbridge/flow/slowed.hpp"
#include "deskbridge/store/store.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deskbridge::flow {

/// A uniformly random 64-bit number, for references and nonces. Called on the store's writer thread only.
using Dice = std::function<std::uint64_t()>;

/// What effects need of the deployment besides the event itself.
struct Surroundings {
    channel::AccountContexts const& accounts;
    Dice const& dice;
};

struct TextReading;

/// How an event came to us.
struct Received {
    Timestamp at;      ///< our clock
    JournalId journal; ///< the body it was in; 0: none
    std::string_view event_key{}; ///< its key in inbound_event
    TextReading const* reading{nullptr}; ///< of the message's words, if they were read before
};

/// An account that a receipt has paused.
struct PausedAccount {
    std::string name;
    int code{0}; ///< the provider's
};

/// What an event set in motion, for whoever wakes up, counts and logs.
struct Applied {
    bool queued{false};                 ///< the outbox has something new
    std::optional<Timestamp> timer_due; ///< an acknowledgement was armed or put off
    std::vector<std::string> placed;    ///< rules that placed messages: "R4"
    std::vector<std::string> withheld;  ///< automatic texts that were not queued, by reason: "capped", "window_closed"
    std::vector<std::string> priced;    ///< cost classes of messages of ours whose price became known: "free_service"
    std::vector<std::chrono::milliseconds> receipt_delays; ///< how long the first word on our messages took
    std::vector<PausedAccount> paused;
    std::vector<Slowed> slowed;
    std::vector<MessageId> duplicated;  ///< messages of ours that the provider turns out to have taken twice
    int proven{0};                      ///< attempts in doubt of which a receipt told
    std::vector<std::string> failures;  ///< why some of these could not be made or queued
    int refused{0};                     ///< what had waited for this message and must not change it: put on the shelf
    int reopened{0};
    int opened{0};
};

/// The event's word in metrics and in inbound_event.kind: message, group_message, reaction, revision, receipt, echo,
/// identity_change, notice.
[[nodiscard]] std::string_view kind_of(EventBody const& body) noexcept;

/// Lets one new inbound event take effect: threads it, changes tickets, arms acknowledgements, answers commands.
///
/// Call it under `Tx::nested`, once per event key: it does not look whether the event was here before. `now` is
/// `received.at`; the provider's time is in the event.
/// Errors: throws what the store throws; the caller undoes the savepoint and shelves the event.
[[nodiscard]] Applied apply_event(store::Tx& tx, Surroundings const& around, channel::AccountContext const& account,
                                  InboundEvent const& event, Received const& received);

} // namespace deskbridge::flow
