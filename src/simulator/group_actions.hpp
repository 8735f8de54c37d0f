#pragma once

#include "customer_actions.hpp"

namespace deskbridge::simulator {

/// What happens in groups, told to the business by webhook.
///
/// Errors: not_found (group, customer, number, message, media), malformed (the order), conflict (a group that is full or gone).
/// Source: Meta, WhatsApp Cloud API, "Groups API" and its webhooks, read 2026-11.
/// Threads: the reactor.
class GroupActions {
public:
    GroupActions(World& world, Statuses& statuses, CustomerActions& customers) : world_{world}, statuses_{statuses}, customers_{customers} {}

    /// `{subject, participants, description?, number?, id?}`; participants are ids of customers, up to eight.
    [[nodiscard]] Result<Json> create(Json const& order);
    /// Any of `{subject, description}`, `{add, remove}` (ids of customers), `{suspended}`, `{deleted: true}`.
    [[nodiscard]] Result<Json> change(std::string const& group_id, Json const& order);
    /// `{customer, type, content, quoted?, ago_s?}`: a participant writes.
    [[nodiscard]] Result<Json> write(std::string const& group_id, Json const& order);
    /// `{customer}`: a participant reads what has arrived.
    [[nodiscard]] Result<Json> open(std::string const& group_id, Json const& order);
    /// With its messages.
    [[nodiscard]] Result<Json> show(std::string const& group_id) const;
    [[nodiscard]] Json all() const;

private:
    [[nodiscard]] Result<void> change_participants(Group& group, Json const& order);
    void change_settings(Group& group, Json const& order);
    [[nodiscard]] Json chat_of(Group const& group) const;
    void tell(Group const& group, char const* field, char const* type, Json more);

    World& world_;
    Statuses& statuses_;
    CustomerActions& customers_;
};

} // namespace deskbridge::simulator
