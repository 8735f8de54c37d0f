#pragma once

#include "statuses.hpp"
#include "world.hpp"

namespace deskbridge::simulator {

/// What customers do on their phones. Each action changes the chat and tells the business by webhook.
///
/// `number` in an order names one of the business's numbers; without it the first one is meant. Errors: not_found (customer, number,
/// message, button, row, media), malformed (the order), conflict (not this message, not now).
/// Threads: the reactor.
class CustomerActions {
public:
    CustomerActions(World& world, Statuses& statuses) : world_{world}, statuses_{statuses} {}

    /// `{name, country, language?, username?, phone?, user_id?}` and what `change` has.
    [[nodiscard]] Result<Json> create(Json const& order);
    /// `{online?, name?, phone_hidden?, phone_empty?, profile_hidden?, parent_user_id?, blocking?}`; `blocking` a number: true or false.
    [[nodiscard]] Result<Json> change(std::string const& customer_id, Json const& order);
    /// `{type, content, quoted?, ago_s?, number?, referral?}`; `referral` in the provider's shape, or true for a sample of it.
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
    /// `{number?}`
    [[nodiscard]] Result<Json> open(std::string const& customer_id, Json const& order);
    /// `{message_id}`: hears a voice message for the first time.
    [[nodiscard]] Result<Json> play(std::string const& customer_id, Json const& order);
    /// `{by?}`: a new number, and with it a new business-scoped id; told by `system` (default) or `user_id_update`.
    [[nodiscard]] Result<Json> change_number(std::string const& customer_id, Json const& order);
    /// `{by?}`: a new business-scoped id alone; told as above.
    [[nodiscard]] Result<Json> change_id(std::string const& customer_id, Json const& order);
    /// A new security code, as with another device.
    [[nodiscard]] Result<Json> change_code(std::string const& customer_id, Json const& order);
    /// `{duration_s?, number?}`: calls the business, which opens the reply window.
    [[nodiscard]] Result<Json> call(std::string const& customer_id, Json const& order);
    /// `{value: stop|resume, number?}`: whether marketing is wanted.
    [[nodiscard]] Result<Json> prefer(std::string const& customer_id, Json const& order);
    /// `{owner: other|own, number?}`: another app takes the conversation, or gives it back.
    [[nodiscard]] Result<Json> hand_over(std::string const& customer_id, Json const& order);

    /// A message of a chat or a group, by webhook; unless it is silent.
    void tell(std::string const& message_id);
    /// Webhooks of an earlier run that were never even made.
    void resume();

private:
    using TellChange = Update (*)(Number const&, Person const& before, Person const& now_known_as, Timestamp now);
    void tell_all(Person const& before, Person const& after, TellChange make);
    struct Found {
        Customer const* customer;
        Message const* message;
    };
    /// Somebody, and one of the business's numbers.
    struct Pair {
        Customer const* customer;
        NumberState* number;
    };
    [[nodiscard]] Result<Found> find(std::string const& customer_id, Json const& order, bool of_business) const;
    [[nodiscard]] Result<Pair> pair_of(std::string const& customer_id, Json const& order);
    [[nodiscard]] Result<Json> say(Customer const& customer, Message message);
    /// What happened to one of the chat's messages.
    void tell_event(Customer const& customer, Message const& about, std::string const& type, Json const& content);

    World& world_;
    Statuses& statuses_;
};

} // namespace deskbridge::simulator
