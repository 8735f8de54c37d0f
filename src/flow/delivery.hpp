#pragma once

#include "text_reading.hpp"

#include "deskbridge/core/http.hpp"
#include "deskbridge/flow/effects.hpp"
#include "deskbridge/store/journal.hpp"
#include "deskbridge/store/shelf.hpp"

#include <map>
#include <string>
#include <vector>

namespace deskbridge::flow {

/// What came of one body: figures for metrics and the log, wishes for those who wait.
struct Tally {
    using Counts = std::map<std::string, int, std::less<>>;
    int fresh{0};    ///< took effect
    int known{0};    ///< were here before
    bool dropped{false}; ///< the body was, and a person has dropped it from the shelf
    Counts kinds;    ///< of fresh events
    Counts shelved;  ///< by reason
    Counts rules;    ///< that placed messages
    Counts withheld; ///< automatic texts that were not sent, by reason
    Counts priced;   ///< messages of ours, by cost class
    std::vector<std::chrono::milliseconds> receipt_delays;
    std::vector<PausedAccount> paused; ///< by what receipts told
    std::vector<Slowed> slowed;        ///< the same
    std::vector<MessageId> duplicated; ///< messages of ours
    int proven{0};                     ///< attempts in doubt that a receipt settled
    std::vector<std::string> failures; ///< why some of them could not be made
    int opened{0};
    int reopened{0};
    bool queued{false};
    std::optional<Timestamp> timer_due;

    void add(std::string_view kind, Applied const& applied);
    [[nodiscard]] int on_shelf() const;
};

/// One body on its way into the store.
struct Delivery {
    std::string_view hook;
    HttpRequest const& request;
    std::vector<InboundEvent> const& events;
    std::vector<channel::AccountContext const*> const& accounts; ///< of the hook
    Timestamp received_at;
    std::string digest{};    ///< of the request's body, as `store::body_digest`: not needed to take it again
    TextReadings readings{}; ///< of `events`; may be empty
};

/// The one transaction of a readable body: journal, keys, effects. A body of which everything is known writes nothing.
[[nodiscard]] Tally take_events(store::Tx& tx, Surroundings const& around, Delivery const& delivery);
/// The same for a body that the channel could not interpret: nobody can read it, or no hook of ours is for it.
[[nodiscard]] Tally take_uninterpreted(store::Tx& tx, Delivery const& delivery, Error const& why);
/// Interprets a journalled body again in `by`'s name: what has not taken effect yet does now, and leaves the shelf.
[[nodiscard]] Tally take_again(store::Tx& tx, Surroundings const& around, Delivery const& delivery, JournalId journal, Actor by);

} // namespace deskbridge::flow
