#include "payloads.hpp"

#include "signing.hpp"

#include <chrono>

namespace deskbridge::simulator {
namespace {

std::string seconds_of(Timestamp at)
{
    return std::to_string(std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count());
}

Json contact_of(Customer const& customer, bool with_profile = true)
{
    Json contact{{"user_id", customer.user_id}};
    if (!customer.phone_hidden)
        contact["wa_id"] = customer.phone;
    if (with_profile) {
        contact["profile"] = Json{{"name", customer.name}};
        if (!customer.username.empty())
            contact["profile"]["username"] = customer.username;
    }
    return contact;
}

Json item_head(Customer const& customer, std::string const& id, Timestamp at, std::string const& type)
{
    Json item{{"from_user_id", customer.user_id}, {"id", id}, {"timestamp", seconds_of(at)}, {"type", type}};
    if (!customer.phone_hidden)
        item["from"] = customer.phone;
    return item;
}

Json pricing_of(Message const& message)
{
    // Since 2026-10-01 free-form replies are charged too. Source: Meta, "Pricing on the WhatsApp Business Platform".
    return Json{{"billable", true},
                {"pricing_model", "PMP"},
                {"type", "regular"},
                {"category", message.type == "template" ? "utility" : "service"}};
}

} // namespace

Update message_update(Number const& number, Customer const& customer, Message const& message, Message const* quoted)
{
    Update update;
    update.item = item_head(customer, message.id, message.at, message.type);
    if (!message.content.is_null())
        update.item[message.type] = message.content;
    if (message.type == "unsupported") {
        update.item["errors"] =
            Json::array({late_error_item({131051, "Message type is currently not supported."})});
    }
    if (!message.quoted.empty()) {
        Json context{{"id", message.quoted}};
        if (quoted && (quoted->from_business || !customer.phone_hidden))
            context["from"] = quoted->from_business ? number.display_phone_number : customer.phone;
        update.item["context"] = std::move(context);
    }
    update.contact = contact_of(customer);
    update.message_id = message.id;
    return update;
}

Update event_update(Customer const& customer, std::string const& type, Json const& content, Timestamp now)
{
    Update update;
    update.item = item_head(customer, new_message_id(), now, type);
    update.item[type] = content;
    if (type == "unsupported")
        update.item["errors"] = Json::array({late_error_item({131051, "Message type is currently not supported."})});
    update.contact = contact_of(customer);
    return update;
}

Update changed_number_update(Customer const& before, Customer const& now_known_as, Timestamp now)
{
    Update update;
    update.item = item_head(before, new_message_id(), now, "system");
    Json system{{"type", "user_changed_number"},
                {"body", "User " + before.name + " changed from " + before.phone + " to " + now_known_as.phone},
                {"user_id", now_known_as.user_id}};
    if (!now_known_as.phone_hidden)
        system["wa_id"] = now_known_as.phone;
    update.item["system"] = std::move(system);
    return update;
}

Update changed_user_id_update(Customer const& before, Customer const& now_known_as, Timestamp now)
{
    Update update;
    update.field = "user_id_update";
    update.array = "user_id_update";
    update.item = Json{{"detail", "The user's id has changed."},
                       {"timestamp", seconds_of(now)},
                       {"user_id", {{"previous", before.user_id}, {"current", now_known_as.user_id}}}};
    if (!now_known_as.phone_hidden)
        update.item["wa_id"] = now_known_as.phone;
    update.contact = contact_of(now_known_as);
    return update;
}

Update echo_update(Number const& number, Customer const& customer, Message const& message)
{
    Update update;
    update.field = "smb_message_echoes";
    update.array = "message_echoes";
    update.item = Json{{"from", number.display_phone_number},
                       {"to_user_id", customer.user_id},
                       {"id", message.id},
                       {"timestamp", seconds_of(message.at)},
                       {"type", message.type},
                       {message.type, message.content}};
    if (!customer.phone_hidden)
        update.item["to"] = customer.phone;
    if (!message.quoted.empty())
        update.item["context"] = Json{{"id", message.quoted}};
    update.contact = contact_of(customer);
    return update;
}

Update status_update(Customer const& customer, Message const& message, Message::Status status,
                     std::optional<LateError> const& error, Timestamp now)
{
    bool const failed = status == Message::Status::failed;
    bool const to_user_id = message.answered_to == customer.user_id;
    Update update;
    update.array = "statuses";
    update.item = Json{{"id", message.id}, {"status", name_of(status)}, {"timestamp", seconds_of(now)}};
    if (!customer.phone_hidden)
        update.item["recipient_id"] = customer.phone;
    if (!failed || to_user_id)
        update.item["recipient_user_id"] = customer.user_id;
    if (!message.callback_data.empty())
        update.item["biz_opaque_callback_data"] = message.callback_data;
    if (status == Message::Status::sent || status == Message::Status::delivered)
        update.item["pricing"] = pricing_of(message);
    if (error)
        update.item["errors"] = Json::array({late_error_item(*error)});
    if (!failed)
        update.contact = contact_of(customer, status != Message::Status::sent);
    return update;
}

} // namespace deskbridge::simulator
