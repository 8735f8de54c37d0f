#pragma once

#include "statuses.hpp"
#include "world.hpp"

namespace deskbridge::simulator {

/// What customers do on their phones. Each action changes the chat and tells the business by webhook.
///
/// Errors: not_found (customer, message, button, row, media), malformed (the order), conflict (not this message).
/// Threads: the reactor.
class CustomerActions {
public:
    CustomerActions(World& world, Statuses& statuses) : world_{world}, statuses_{statuses} {}

    /// `{name, country, language?, username?, phone_hidden?}`
    [[nodiscard]] Result<Json> create(Json const& order);
    /// `{online?, phone_hidden?, name?}`
    [[nodiscard]] Result<Json> change(std::string const& customer_id, Json const& order);
    /// `{type, content, quoted?, ago_s?}`; content in the provider's shape, of media `{id, caption?, filename?, voice?}`.
    [[nodiscard]] Result<Json> write(std::string const& customer_id, Json const& order);
    /// `{message_id, emoji}`; an empty emoji takes it away.
    [[nodiscard]] Result<Json> react(std::string const& customer_id, Json const& order);
    /// `{message_id, id}`: a button or a list row of an interactive message, a template's quick reply, or `share_number` where the
    /// message asks for it.
    [[nodiscard]] Result<Json> tap(std::string const& customer_id, Json const& order);
    /// `{message_id, body}`
    [[nodiscard]] Result<Json> edit(std::string const& customer_id, Json const& order);
    /// `{message_id}`
    [[nodiscard]] Result<Json> revoke(std::string const& customer_id, Json const& order);
    [[nodiscard]] Result<Json> open(std::string const& customer_id);
    /// `{by?}`: a new number, and with it a new business-scoped id; told by `system` (default) or `user_id_update`.
    [[nodiscard]] Result<Json> change_number(std::string const& customer_id, Json const& order);
    /// `{body, quoted?}`: the business writes on its own phone.
    [[nodiscard]] Result<Json> echo(std::string const& customer_id, Json const& order);

    /// Webhooks of an earlier run that were never even made.
    void resume();

private:
    struct Found {
        Customer const* customer;
        Message const* message;
    };
    [[nodiscard]] Result<Found> find(std::string const& customer_id, Json const& order, bool of_business) const;
    [[nodiscard]] Result<Json> say(Customer const& customer, Message message);
    void tell(std::string const& message_id);

    World& world_;
    Statuses& statuses_;
};

} // namespace deskbridge::simulator
