#pragma once

#include "people.hpp"

#include "deskbridge/channel/adapter.hpp"
#include "deskbridge/channel/reading.hpp"

namespace deskbridge::signed_http {

/// One event of a body, with what every kind of event has.
struct EventNode {
    Json const& data;
    std::string type;
    std::string account; ///< which account it names; "" if none
    std::string id;      ///< data's own "id"; "" if it has none
    std::string mark;    ///< `id`, else a hash of the whole event: the same for every delivery of it
    Timestamp at;
};

/// The whole body: one event, or {"events": […]}; signed.md and schemas/json/signed_inbound.schema.json have the format.
/// Errors: malformed (not JSON, no object, nothing readable in it).
[[nodiscard]] Result<channel::Intake> read_webhook(channel::Hook const& hook, std::string_view body, Timestamp received_at);

/// "message.created" and "message.echoed"; nullopt: without id, or without a person.
[[nodiscard]] std::optional<EventBody> read_message(EventNode const& node);
/// A message of a type that is not in the format: visible all the same, if it has an id and a sender.
[[nodiscard]] std::optional<EventBody> read_unknown_message(EventNode const& node);
/// "message.status"; nullopt: without a status that we know, or naming no message.
[[nodiscard]] std::optional<EventBody> read_receipt(EventNode const& node);

} // namespace deskbridge::signed_http
