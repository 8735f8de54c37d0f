#pragma once

#include "world.hpp"

namespace deskbridge::simulator {

/// What becomes of the business's messages on the customer's phone, and the statuses that tell of it.
/// Threads: the reactor.
class Statuses {
public:
    explicit Statuses(World& world) : world_{world} {}

    /// A message was taken: sent, then delivered when the phone is on; or failed, if it carries an error.
    void follow(std::string message_id);
    /// Tells `sent` now instead of after a while.
    void tell_sent(std::string const& message_id);
    /// The customer looks at the chat: what was delivered is read.
    void opened(std::string const& customer_id);
    /// The phone is on again: what waited is delivered.
    void came_online(std::string const& customer_id);
    /// `{message_id, status, code?}`: a status webhook whatever the message's own state: doubled, late, contradictory.
    /// Errors: not_found, malformed.
    [[nodiscard]] Result<Json> force(Json const& order);
    /// Goes on with what an earlier run left half-way.
    void resume();

private:
    [[nodiscard]] boost::asio::awaitable<void> run(std::string message_id);
    void step(std::string const& message_id, Message::Status status);
    void deliver(std::string const& message_id);
    /// Or does not, or later, as `ReceiptChaos` has it.
    void tell(std::string const& message_id, Message::Status status, Update update);

    World& world_;
};

} // namespace deskbridge::simulator
