#include "payloads.hpp"

#include "signing.hpp"

#include <chrono>

namespace deskbridge::simulator {
namespace {

Json item_head(Person const& customer, std::string const& id, Timestamp at, std::string const& type)
{
    Json item{{"from_user_id", customer.user_id}, {"id", id}, {"timestamp", seconds_of(at)}, {"type", type}};
    if (!customer.parent_user_id.empty())
        item["from_parent_user_id"] = customer.parent_user_id;
    put_phone(item, "from", customer);
    return item;
}

Update update_of(Number const& number, char const* field, char const* array)
{
    Update update;
    update.number = number;
    update.field = field;
    update.array = array;
    return update;
}

Update update_of(Number const& number)
{
    return update_of(number, "messages", "messages");
}

Json unsupported_errors(bool in_group)
{
    return Json::array({late_error_item({in_group ? 130501 : 131051, "Message type is currently not supported."})});
}

/// What a status has whomever it is about.
Update status_head(Number const& number, Message const& message, Message::Status status, std::optional<LateError> const& error,
                   Timestamp now)
{
    auto update = update_of(number, "messages", "statuses");
    update.item = Json{{"id", message.id}, {"status", name_of(status)}, {"timestamp", seconds_of(now)}};
    if (!message.callback_data.empty())
        update.item["biz_opaque_callback_data"] = message.callback_data;
    if (status == Message::Status::sent || status == Message::Status::delivered)
        for (auto const* const member : {"pricing", "conversation"})
            if (auto const* found = at(message.price, {member}))
                update.item[member] = *found;
    if (status != Message::Status::sent && update.item.contains("conversation"))
        update.item["conversation"].erase("expiration_timestamp");
    if (error)
        update.item["errors"] = Json::array({late_error_item(*error)});
    return update;
}

} // namespace

std::string seconds_of(Timestamp at)
{
    return std::to_string(std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count());
}

void put_phone(Json& item, char const* name, Person const& customer)
{
    if (!customer.phone_hidden)
        item[name] = customer.phone;
    else if (customer.phone_empty)
        item[name] = "";
}

Json contact_of(Person const& customer, bool with_profile)
{
    Json contact{{"user_id", customer.user_id}};
    if (!customer.parent_user_id.empty())
        contact["parent_user_id"] = customer.parent_user_id;
    put_phone(contact, "wa_id", customer);
    if (with_profile && !customer.profile_hidden) {
        contact["profile"] = Json{{"name", customer.name}};
        if (!customer.username.empty())
            contact["profile"]["username"] = customer.username;
    }
    return contact;
}

Update message_update(Number const& number, Person const& customer, Message const& message, Message const* quoted)
{
    auto update = update_of(number);
    update.item = item_head(customer, message.id, message.at, message.type);
    if (!message.content.is_null())
        update.item[message.type] = message.content;
    if (message.type == "unsupported")
        update.item["errors"] = unsupported_errors(!message.group.empty());
    if (!message.quoted.empty()) {
        Json context{{"id", message.quoted}};
        if (quoted && (quoted->from_business || !customer.phone_hidden))
            context["from"] = quoted->from_business ? number.display_phone_number : customer.phone;
        update.item["context"] = std::move(context);
    }
    if (!message.group.empty())
        update.item["group_id"] = message.group;
    if (!message.referral.is_null())
        update.item["referral"] = message.referral;
    update.contact = contact_of(customer);
    update.message_id = message.id;
    return update;
}

Update event_update(Number const& number, Person const& customer, std::string const& type, Json const& content, Timestamp now,
                    std::string const& group)
{
    auto update = update_of(number);
    update.item = item_head(customer, new_message_id(), now, type);
    update.item[type] = content;
    if (type == "unsupported")
        update.item["errors"] = unsupported_errors(!group.empty());
    if (!group.empty())
        update.item["group_id"] = group;
    update.contact = contact_of(customer);
    return update;
}

Update changed_number_update(Number const& number, Person const& before, Person const& now_known_as, Timestamp now)
{
    auto update = update_of(number);
    update.item = item_head(before, new_message_id(), now, "system");
    Json system{{"type", "user_changed_number"},
                {"body", "User " + before.name + " changed from " + before.phone + " to " + now_known_as.phone},
                {"user_id", now_known_as.user_id}};
    if (!now_known_as.phone_hidden)
        system["wa_id"] = now_known_as.phone;
    update.item["system"] = std::move(system);
    return update;
}

Update changed_id_update(Number const& number, Person const& before, Person const& now_known_as, Timestamp now)
{
    auto update = update_of(number);
    update.item = item_head(before, new_message_id(), now, "system");
    update.item["system"] =
        Json{{"type", "user_changed_user_id"}, {"body", "The user's id has changed."}, {"user_id", now_known_as.user_id}};
    return update;
}

Update changed_code_update(Number const& number, Person const& before, Person const&, Timestamp now)
{
    auto update = update_of(number);
    update.item = item_head(before, new_message_id(), now, "system");
    update.item["identity"] = Json{{"acknowledged", false}, {"created_timestamp", seconds_of(now)}, {"hash", sha256_base64(new_message_id()).substr(0, 12)}};
    update.item["system"] = Json{{"type", "user_identity_changed"}, {"body", before.name + "'s security code changed"}};
    return update;
}

Update changed_user_id_update(Number const& number, Person const& before, Person const& now_known_as, Timestamp now)
{
    auto update = update_of(number, "user_id_update", "user_id_update");
    update.item = Json{{"detail", "The user's id has changed."},
                       {"timestamp", seconds_of(now)},
                       {"user_id", {{"previous", before.user_id}, {"current", now_known_as.user_id}}}};
    if (!now_known_as.phone_hidden)
        update.item["wa_id"] = now_known_as.phone;
    update.contact = contact_of(now_known_as);
    return update;
}

Update echo_update(Number const& number, Person const& customer, Message const& message)
{
    auto update = update_of(number, "smb_message_echoes", "message_echoes");
    update.item = Json{{"from", number.display_phone_number},
                       {"to_user_id", customer.user_id},
                       {"id", message.id},
                       {"timestamp", seconds_of(message.at)},
                       {"type", message.type},
                       {message.type, message.content}};
    put_phone(update.item, "to", customer);
    if (!message.quoted.empty())
        update.item["context"] = Json{{"id", message.quoted}};
    update.contact = contact_of(customer);
    return update;
}

Update status_update(Number const& number, Person const& customer, Message const& message, Message::Status status,
                     std::optional<LateError> const& error, Timestamp now)
{
    bool const failed = status == Message::Status::failed;
    bool const to_user_id = message.answered_to == customer.user_id;
    auto update = status_head(number, message, status, error, now);
    put_phone(update.item, "recipient_id", customer);
    if (!failed || to_user_id)
        update.item["recipient_user_id"] = customer.user_id;
    if (!failed && !customer.parent_user_id.empty())
        update.item["recipient_parent_user_id"] = customer.parent_user_id;
    if (!failed)
        update.contact = contact_of(customer, status != Message::Status::sent);
    return update;
}

Update group_status_update(Number const& number, Message const& message, Person const* participant, Message::Status status,
                           std::optional<LateError> const& error, Timestamp now)
{
    auto update = status_head(number, message, status, error, now);
    update.item["recipient_id"] = message.group;
    update.item["recipient_type"] = "group";
    if (participant) {
        put_phone(update.item, "recipient_participant_id", *participant);
        update.item["recipient_participant_user_id"] = participant->user_id;
        update.contact = contact_of(*participant);
    }
    return update;
}

} // namespace deskbridge::simulator
