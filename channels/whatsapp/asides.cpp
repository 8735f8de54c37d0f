#include "message_node.hpp"

#include <fmt/format.h>

#include <chrono>
#include <utility>

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

/// "45 s", "1 min 5 s", "1 h 2 min"
std::string render_length(std::chrono::seconds length)
{
    auto const hours = length.count() / 3600;
    auto const minutes = length.count() / 60 % 60;
    auto const seconds = length.count() % 60;
    std::string words;
    for (auto const& [count, unit] : {std::pair{hours, "h"}, std::pair{minutes, "min"}, std::pair{hours > 0 ? 0 : seconds, "s"}})
        if (count > 0)
            words += fmt::format("{}{} {}", words.empty() ? "" : " ", count, unit);
    return words;
}

/// How long they spoke, as soon as the call has ended and Meta tells; a call that nobody took has no length.
std::string words_of_call(Json const& call)
{
    constexpr std::int64_t longest = 7 * 86'400;
    auto const length = channel::loose_int_at(call, "/duration").value_or(0);
    if (length <= 0 || length > longest)
        return "The customer called.";
    return fmt::format("The customer called: {}.", render_length(std::chrono::seconds{length}));
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
    call.text = words_of_call(item);
    call.completes = name_at(item, "/event") == "terminate";
    call.details = render_details(facts_of(item));
    auto key = (call.completes ? "call_ended:" : "call:") + call.id.value;
    into.add(change.account_number, std::move(key), std::move(call));
    return true;
}

} // namespace deskbridge::whatsapp
