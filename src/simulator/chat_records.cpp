#include "customer.hpp"

#include <algorithm>
#include <array>

namespace deskbridge::simulator {
namespace {

constexpr std::array<std::string_view, 6> status_names{"sent", "delivered", "read", "failed", "accepted", "played"};

std::string text_or(Json const& doc, std::string_view key, std::string_view otherwise = {})
{
    return text_at(doc, {key}).value_or(std::string{otherwise});
}

bool flag(Json const& doc, std::string_view key, bool otherwise = false)
{
    return bool_at(doc, {key}).value_or(otherwise);
}

Json json_or(Json const& doc, std::string_view key, Json otherwise = nullptr)
{
    auto const* found = at(doc, {key});
    return found ? *found : std::move(otherwise);
}

template <class Texts>
Texts texts_of(Json const& doc, std::string_view key)
{
    Texts out;
    for (auto const& one : items(at(doc, {key})))
        if (one.is_string())
            out.insert(out.end(), one.get<std::string>());
    return out;
}

} // namespace

std::string_view name_of(Message::Status status) noexcept
{
    return status_names[static_cast<std::size_t>(status)];
}

std::optional<Message::Status> status_named(std::string_view name) noexcept
{
    auto const found = std::find(status_names.begin(), status_names.end(), name);
    if (found == status_names.end())
        return std::nullopt;
    return static_cast<Message::Status>(found - status_names.begin());
}

Json to_json(Message const& message)
{
    Json doc{{"id", message.id},
             {"from", message.from_business ? "business" : "customer"},
             {"at_ms", to_ms(message.at)},
             {"type", message.type},
             {"content", message.content},
             {"status", name_of(message.status)}};
    auto const put = [&](char const* key, auto const& value) {
        if (!value.empty())
            doc[key] = value;
    };
    put("number", message.number);
    put("group", message.group);
    put("author", message.author);
    put("reached", message.reached);
    put("read_by", message.read_by);
    put("referral", message.referral);
    put("price", message.price);
    put("quoted", message.quoted);
    put("callback_data", message.callback_data);
    put("answered_to", message.answered_to);
    put("held", message.held);
    put("reaction_of_customer", message.reaction_of_customer);
    put("reaction_of_business", message.reaction_of_business);
    if (!message.error.is_null())
        doc["error"] = message.error;
    for (auto const& [key, value] :
         {std::pair{"silent", message.silent}, {"initiated", message.initiated}, {"edited", message.edited}, {"revoked", message.revoked}})
        if (value)
            doc[key] = true;
    return doc;
}

Message message_from(Json const& doc)
{
    Message message;
    message.id = text_or(doc, "id");
    message.number = text_or(doc, "number");
    message.group = text_or(doc, "group");
    message.author = text_or(doc, "author");
    message.from_business = text_or(doc, "from") == "business";
    message.at = from_ms(int_at(doc, {"at_ms"}).value_or(0));
    message.type = text_or(doc, "type", "text");
    message.content = json_or(doc, "content", Json::object());
    message.status = status_named(text_or(doc, "status")).value_or(Message::Status::sent);
    message.error = json_or(doc, "error");
    message.referral = json_or(doc, "referral");
    message.price = json_or(doc, "price");
    message.reached = texts_of<std::vector<std::string>>(doc, "reached");
    message.read_by = texts_of<std::vector<std::string>>(doc, "read_by");
    message.quoted = text_or(doc, "quoted");
    message.callback_data = text_or(doc, "callback_data");
    message.answered_to = text_or(doc, "answered_to");
    message.reaction_of_customer = text_or(doc, "reaction_of_customer");
    message.reaction_of_business = text_or(doc, "reaction_of_business");
    message.held = text_or(doc, "held");
    message.silent = flag(doc, "silent");
    message.initiated = flag(doc, "initiated");
    message.edited = flag(doc, "edited");
    message.revoked = flag(doc, "revoked");
    return message;
}

Json to_json(Person const& person)
{
    return Json{{"id", person.id},
                {"name", person.name},
                {"country", person.country},
                {"language", person.language},
                {"phone", person.phone},
                {"user_id", person.user_id},
                {"parent_user_id", person.parent_user_id},
                {"username", person.username},
                {"phone_hidden", person.phone_hidden},
                {"phone_empty", person.phone_empty},
                {"profile_hidden", person.profile_hidden},
                {"online", person.online},
                {"blocking", person.blocking},
                {"blocked_by", person.blocked_by},
                {"opted_out", person.opted_out},
                {"standby", person.standby}};
}

Customer customer_from(Json const& doc)
{
    Customer customer;
    customer.id = text_or(doc, "id");
    customer.name = text_or(doc, "name");
    customer.country = text_or(doc, "country", "US");
    customer.language = text_or(doc, "language", "en");
    customer.phone = text_or(doc, "phone");
    customer.user_id = text_or(doc, "user_id");
    customer.parent_user_id = text_or(doc, "parent_user_id");
    customer.username = text_or(doc, "username");
    customer.phone_hidden = flag(doc, "phone_hidden");
    customer.phone_empty = flag(doc, "phone_empty");
    customer.profile_hidden = flag(doc, "profile_hidden");
    customer.online = flag(doc, "online", true);
    customer.blocking = texts_of<std::set<std::string>>(doc, "blocking");
    customer.blocked_by = texts_of<std::set<std::string>>(doc, "blocked_by");
    customer.opted_out = texts_of<std::set<std::string>>(doc, "opted_out");
    customer.standby = texts_of<std::set<std::string>>(doc, "standby");
    return customer;
}

Json to_json(Group const& group)
{
    return Json{{"id", group.id},
                {"number", group.number},
                {"subject", group.subject},
                {"description", group.description},
                {"participants", group.participants},
                {"suspended", group.suspended},
                {"deleted", group.deleted}};
}

Group group_from(Json const& doc)
{
    Group group;
    group.id = text_or(doc, "id");
    group.number = text_or(doc, "number");
    group.subject = text_or(doc, "subject");
    group.description = text_or(doc, "description");
    group.participants = texts_of<std::set<std::string>>(doc, "participants");
    group.suspended = flag(doc, "suspended");
    group.deleted = flag(doc, "deleted");
    return group;
}

} // namespace deskbridge::simulator
