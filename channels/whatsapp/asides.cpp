#include "message_node.hpp"

namespace deskbridge::whatsapp {
namespace {

/// What was agreed on between the devices, and the customer's network addresses in it, are nothing to be kept.
Json facts_of(Json const& call)
{
    auto facts = Json::object();
    for (std::string_view const name : {"event", "status", "start_time", "end_time", "duration"})
        if (auto const* fact = channel::node_at(call, "/" + std::string{name}); fact != nullptr && !fact->is_null() && !fact->is_structured())
            facts[std::string{name}] = *fact;
    return {{"call", std::move(facts)}};
}

} // namespace

void read_standby(Change const& change, Collector& into)
{
    auto const* own = channel::object_at(change.value, "/standby"); // or they stand in the value itself
    auto const& value = own != nullptr ? *own : change.value;
    auto const* contacts = channel::node_at(value, "/contacts");
    Change chats{value, change.field, change.waba_id, change.entry_time, change.account_number, change.at,
                 contacts != nullptr ? People{contacts} : change.people};
    chats.standby = true;
    read_messages(chats, into);
    read_echoes(chats, into);
}

bool read_call(Json const& item, Change const& change, Collector& into)
{
    auto id = message_id_at(item, "/id");
    auto caller = addresses_at(item, author_places);
    if (name_at(item, "/direction") != "USER_INITIATED" || !id || caller.empty())
        return false;
    InboundMessage call;
    call.id = std::move(*id);
    call.sender = change.people.complete(std::move(caller));
    call.sent_at = time_at(item, "/start_time", time_at(item, "/timestamp", into.received_at()));
    call.kind = MessageKind::call;
    call.text = "The customer called.";
    call.details = render_details(facts_of(item));
    auto key = "call:" + call.id.value;
    into.add(change.account_number, std::move(key), std::move(call));
    return true;
}

} // namespace deskbridge::whatsapp
