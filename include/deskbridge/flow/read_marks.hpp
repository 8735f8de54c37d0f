#pragma once

#include "deskbridge/async/bell.hpp"
#include "deskbridge/async/clock.hpp"
#include "deskbridge/flow/outbox_pump.hpp"
#include "deskbridge/store/event_log.hpp"

#include <boost/asio/awaitable.hpp>

#include <unordered_map>

namespace deskbridge::flow {

/// Tells the customer that an agent has seen what they wrote: reads `ticket.seen` out of the event log and has the
/// message marked as read at the provider.
///
/// Cosmetic: no lane, no journal, at most once. It begins with what is seen from now on; marks that are lost, also by a
/// restart, are not repeated, and a paused account sends none.
/// Ownership: what it refers to outlives it; `run` is spawned once and lasts until cancelled. Threads: the reactor.
class ReadMarks {
public:
    struct Parts {
        store::Store& store;
        async::Clock& clock;
        OutboxPump& pump;
    };
    ReadMarks(Parts parts, boost::asio::any_io_executor executor);

    [[nodiscard]] boost::asio::awaitable<void> run();
    /// The event log grew. Cheap.
    void ring() { bell_.ring(); }
    /// Marks what was seen since the last look. Instead of `run`, for virtual time.
    [[nodiscard]] boost::asio::awaitable<void> look();

private:
    [[nodiscard]] bool newer(ConversationId conversation, MessageId message);

    Parts parts_;
    async::Bell bell_;
    EventSeq read_to_;
    std::unordered_map<ConversationId, MessageId> marked_; // the newest of each; forgotten when there are too many
};

} // namespace deskbridge::flow
