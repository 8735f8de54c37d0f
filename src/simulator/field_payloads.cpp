#include "field_payloads.hpp"

#include "written.hpp"

namespace deskbridge::simulator {

Update listed_update(Number const& number, std::string field, std::string array, Json item, Json contact)
{
    Update update;
    update.number = number;
    update.field = std::move(field);
    update.array = std::move(array);
    update.item = std::move(item);
    update.contact = std::move(contact);
    return update;
}

Update call_update(Number const& number, Person const& customer, std::string const& call_id, Timestamp now,
                   std::optional<std::chrono::seconds> duration)
{
    Json item{{"id", call_id},
              {"from_user_id", customer.user_id},
              {"to", number.display_phone_number},
              {"event", duration ? "terminate" : "connect"},
              {"timestamp", seconds_of(now)},
              {"direction", "USER_INITIATED"}};
    put_phone(item, "from", customer);
    if (duration)
        item.update(Json{{"status", "COMPLETED"},
                         {"start_time", seconds_of(now - *duration)},
                         {"end_time", seconds_of(now)},
                         {"duration", duration->count()}});
    else
        item["session"] = Json{{"sdp_type", "offer"}, {"sdp", "v=0"}};
    return listed_update(number, "calls", "calls", std::move(item), contact_of(customer));
}

Update preference_update(Number const& number, Person const& customer, std::string const& value, Timestamp now)
{
    Json item{{"user_id", customer.user_id},
              {"category", "marketing_messages"},
              {"value", value},
              {"detail", "User requested to " + value + " marketing messages"},
              {"timestamp", to_ms(now) / 1000}};
    put_phone(item, "wa_id", customer);
    return listed_update(number, "user_preferences", "user_preferences", std::move(item), contact_of(customer));
}

Update handover_update(Number const& number, Person const& customer, bool to_other, Timestamp now)
{
    constexpr auto other = "200300400";
    constexpr auto own = "100200300";
    auto const* const type = to_other ? "control_passed" : "control_taken";
    auto sender = Json::object();
    put_phone(sender, "phone_number", customer);
    Json value{{"messaging_product", "whatsapp"},
               {"sender", std::move(sender)},
               {"recipient", {{"phone_number_id", number.phone_number_id}, {"display_phone_number", number.display_phone_number}}},
               {"type", type},
               {"timestamp", seconds_of(now)},
               {type, {{"new_owner_app_id", to_other ? other : own}, {"previous_owner_app_id", to_other ? own : other}}}};
    value["metadata"] = value.at("recipient");
    return listed_update(number, "messaging_handovers", {}, std::move(value));
}

Update address_book_update(Number const& number, Person const& customer, std::string const& action, Timestamp now)
{
    Json contact{{"user_id", customer.user_id}};
    put_phone(contact, "phone_number", customer);
    if (!customer.username.empty())
        contact["username"] = customer.username;
    if (action != "remove") {
        contact["full_name"] = customer.name;
        contact["first_name"] = customer.name.substr(0, customer.name.find(' '));
    }
    Json item{{"type", "contact"}, {"contact", std::move(contact)}, {"action", action}, {"metadata", {{"timestamp", seconds_of(now)}}}};
    return listed_update(number, "smb_app_state_sync", "state_sync", std::move(item));
}

Json history_item(Number const& number, Person const& customer, Message const& message, bool with_file)
{
    bool const placeholder = is_media(message.type) && !with_file;
    Json item{{"id", message.id}, {"timestamp", seconds_of(message.at)}, {"type", placeholder ? "media_placeholder" : message.type}};
    if (!placeholder)
        item[message.type] = message.content;
    if (message.from_business) {
        item["from"] = number.display_phone_number;
        item["to"] = customer.phone_hidden ? customer.user_id : customer.phone;
    } else {
        item["from"] = customer.phone_hidden ? customer.user_id : customer.phone;
    }
    if (!message.quoted.empty())
        item["context"] = Json{{"id", message.quoted}};
    item["history_context"] = Json{{"status", "READ"}};
    return item;
}

Update history_update(Number const& number, Person const& customer, Json messages, Json place)
{
    Json context{{"user_id", customer.user_id}};
    put_phone(context, "wa_id", customer);
    if (!customer.username.empty())
        context["username"] = customer.username;
    Json const thread{{"id", customer.phone_hidden ? customer.user_id : customer.phone}, {"context", context}, {"messages", std::move(messages)}};
    return listed_update(number, "history", "history", Json{{"metadata", std::move(place)}, {"threads", Json::array({thread})}});
}

} // namespace deskbridge::simulator
