#pragma once

#include "world.hpp"

namespace deskbridge::simulator {

/// What happens on the business's own phone: a number that is used with the app and the API at once ("coexistence").
///
/// `number` in an order as for customers. Errors: not_found (customer, number, message, media), malformed (the order), conflict.
/// Source: Meta, WhatsApp Cloud API, "Onboarding business app users", read 2026-11.
/// Threads: the reactor.
class BusinessPhone {
public:
    explicit BusinessPhone(World& world) : world_{world} {}

    /// `{body}` or `{type, content}`, `quoted?`, `number?`: the business writes.
    [[nodiscard]] Result<Json> write(std::string const& customer_id, Json const& order);
    /// `{message_id, body}`: it edits one of those messages; without `body` it deletes it.
    [[nodiscard]] Result<Json> change(std::string const& customer_id, Json const& order);
    /// `{messages: [{by: customer|business, body | type, content, ago_s, quoted?}], phase?, chunk_order?, progress?, number?}`: what was
    /// said before the number came here. Files of the last fourteen days follow in a webhook of their own, of others a placeholder stays.
    [[nodiscard]] Result<Json> share_history(std::string const& customer_id, Json const& order);
    /// `{number?}`: the history is not to be had.
    [[nodiscard]] Result<Json> decline_history(Json const& order);
    /// `{customers?, action?: add|remove, number?}`: the address book; of all customers, if none are named.
    [[nodiscard]] Result<Json> share_contacts(Json const& order);

private:
    [[nodiscard]] Result<Message> told_in(Json const& item, NumberState const& number) const;

    World& world_;
};

} // namespace deskbridge::simulator
