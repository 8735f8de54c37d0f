#include "group_actions.hpp"

#include "field_payloads.hpp"
#include "signing.hpp"
#include "written.hpp"

#include <algorithm>

namespace deskbridge::simulator {
namespace {

constexpr std::size_t most_participants = 8; // Source: Meta, WhatsApp Cloud API, "Groups API", read 2026-11.

Error no_such_in_groups(std::string_view what)
{
    return Error{Fault::not_found, "no such " + std::string{what}};
}

/// Ids of customers under this name; an error for one that there is not.
Result<std::vector<std::string>> customers_in(Json const& order, char const* name, Book const& book)
{
    std::vector<std::string> ids;
    for (auto const& id : items(at(order, {name}))) {
        if (!id.is_string() || !book.find_customer(id.get_ref<std::string const&>()))
            return no_such_in_groups("customer");
        ids.push_back(id.get<std::string>());
    }
    return ids;
}

} // namespace

void GroupActions::tell(Group const& group, char const* field, char const* type, Json more)
{
    Json item{{"timestamp", seconds_of(world_.now())}, {"group_id", group.id}, {"type", type}};
    item.update(more);
    world_.hooks.emit(listed_update(world_.number_of(group.number).number(), field, "groups", std::move(item)));
}

Json GroupActions::chat_of(Group const& group) const
{
    auto doc = to_json(group);
    auto messages = Json::array();
    for (auto const& message : group.messages)
        messages.push_back(to_json(message));
    doc["messages"] = std::move(messages);
    return doc;
}

Json GroupActions::all() const
{
    auto out = Json::array();
    for (auto const* group : world_.book.groups())
        out.push_back(chat_of(*group));
    return out;
}

Result<Json> GroupActions::show(std::string const& group_id) const
{
    auto const* group = world_.book.find_group(group_id);
    if (!group)
        return no_such_in_groups("group");
    return chat_of(*group);
}

Result<Json> GroupActions::create(Json const& order)
{
    auto const subject = text_at(order, {"subject"}).value_or("");
    auto const number = world_.number_in(order);
    auto const participants = customers_in(order, "participants", world_.book);
    if (!number)
        return number.error();
    if (!participants)
        return participants.error();
    if (subject.empty() || participants->size() > most_participants)
        return Error{Fault::malformed, "a group needs a subject, and takes up to eight participants"};
    Group group;
    group.id = text_at(order, {"id"}).value_or("Y2FwaV9ncm91cDox" + random_hex(8));
    if (world_.book.find_group(group.id))
        return Error{Fault::conflict, "there is such a group"};
    group.number = (*number)->own.phone_number_id;
    group.subject = subject;
    group.description = text_at(order, {"description"}).value_or("");
    group.participants.insert(participants->begin(), participants->end());
    world_.book.save_group(group);
    tell(group, "group_lifecycle_update", "group_create", Json{{"request_id", random_hex(8)}, {"subject", subject}});
    return to_json(group);
}

Result<void> GroupActions::change_participants(Group& group, Json const& order)
{
    auto const added = customers_in(order, "add", world_.book);
    auto const removed = customers_in(order, "remove", world_.book);
    if (!added)
        return added.error();
    if (!removed)
        return removed.error();
    if (group.participants.size() + added->size() > most_participants)
        return Error{Fault::conflict, "the group is full"};
    group.participants.insert(added->begin(), added->end());
    for (auto const& id : *removed)
        group.participants.erase(id);
    auto const list = [&](std::vector<std::string> const& ids) {
        auto people = Json::array();
        for (auto const& id : ids) {
            auto const seen = world_.seen_by(world_.number_of(group.number), *world_.book.find_customer(id));
            Json person{{"user_id", seen.user_id}};
            put_phone(person, "wa_id", seen);
            people.push_back(std::move(person));
        }
        return people;
    };
    if (!added->empty())
        tell(group, "group_participants_update", "group_participants_add", Json{{"added_participants", list(*added)}});
    if (!removed->empty())
        tell(group, "group_participants_update", "group_participants_remove", Json{{"removed_participants", list(*removed)}});
    return {};
}

void GroupActions::change_settings(Group& group, Json const& order)
{
    auto changed = Json::object();
    auto const set = [&](char const* key, char const* told, std::string& value) {
        if (auto const text = text_at(order, {key})) {
            value = *text;
            changed[told] = Json{{"text", *text}, {"update_successful", true}};
        }
    };
    set("subject", "group_subject", group.subject);
    set("description", "group_description", group.description);
    if (!changed.empty())
        tell(group, "group_settings_update", "group_settings_update", std::move(changed));
}

Result<Json> GroupActions::change(std::string const& group_id, Json const& order)
{
    auto const* found = world_.book.find_group(group_id);
    if (!found)
        return no_such_in_groups("group");
    if (found->deleted)
        return Error{Fault::conflict, "the group is gone"};
    auto group = *found;
    if (auto const changed = change_participants(group, order); !changed)
        return changed.error();
    change_settings(group, order);
    if (auto const suspended = bool_at(order, {"suspended"}); suspended && *suspended != group.suspended) {
        group.suspended = *suspended;
        tell(group, "group_status_update", *suspended ? "group_suspend" : "group_suspend_cleared", Json::object());
    }
    if (bool_at(order, {"deleted"}).value_or(false)) {
        group.deleted = true;
        tell(group, "group_lifecycle_update", "group_delete", Json::object());
    }
    world_.book.save_group(group);
    return to_json(group);
}

Result<Json> GroupActions::write(std::string const& group_id, Json const& order)
{
    auto const* group = world_.book.find_group(group_id);
    auto const author = text_at(order, {"customer"}).value_or("");
    if (!group || group->deleted || !group->participants.contains(author))
        return no_such_in_groups("group with this participant");
    auto written = written_in(order, world_.book);
    if (!written)
        return written.error();
    Message message;
    message.id = new_message_id();
    message.number = group->number;
    message.group = group_id;
    message.author = author;
    message.silent = world_.book.find_customer(author)->blocked_by.contains(group->number);
    message.type = std::move(written->type);
    message.content = std::move(written->content);
    message.quoted = text_at(order, {"quoted"}).value_or("");
    message.at = world_.now() - std::chrono::seconds{std::clamp<std::int64_t>(int_at(order, {"ago_s"}).value_or(0), 0, 31'536'000)};
    world_.book.add_group_message(message);
    customers_.tell(message.id);
    return to_json(message);
}

Result<Json> GroupActions::open(std::string const& group_id, Json const& order)
{
    auto const* group = world_.book.find_group(group_id);
    auto const reader = text_at(order, {"customer"}).value_or("");
    if (!group || !group->participants.contains(reader))
        return no_such_in_groups("group with this participant");
    statuses_.opened_group(reader, group_id);
    return Json{{"success", true}};
}

} // namespace deskbridge::simulator
