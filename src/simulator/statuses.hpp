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
    /// The customer looks at the chat with a number, or at a group: what was delivered is read.
    void opened(std::string const& customer_id, std::string const& number);
    void opened_group(std::string const& customer_id, std::string const& group_id);
    /// The customer hears a voice message, for the first time. Errors: not_found, conflict (no voice message that has arrived).
    [[nodiscard]] Result<Json> play(std::string const& customer_id, std::string const& message_id);
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
    void deliver_in_group(Message const& message);
    /// Or does not, or later, as `ReceiptChaos` has it.
    void tell(std::string const& message_id, Message::Status status, Person const& about, Update update);
    /// A status of a chat's message, or of a group's as a whole, at this moment.
    [[nodiscard]] Update update_of(Message const& message, Message::Status status, std::optional<LateError> const& error) const;
    [[nodiscard]] Person recipient_of(Message const& message) const;

    World& world_;
};

} // namespace deskbridge::simulator
