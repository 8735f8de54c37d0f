#include "telegram/people.hpp"

#include "signing.hpp"

namespace deskbridge::simulator::telegram {
namespace {

Error no_such_group()
{
    return Error{Fault::not_found, "no such group"};
}

/// Whoever does in groups what nobody else in the simulator does.
Json const& owner()
{
    static Json const user{{"id", 5'900'000'001}, {"is_bot", false}, {"first_name", "Group owner"}};
    return user;
}

std::int64_t new_group_id(bool super)
{
    auto const number = static_cast<std::int64_t>(1'000'000'000 + random_number() % 1'000'000'000);
    return super ? -1'000'000'000'000 - number : -number;
}

} // namespace

void People::tell_membership(Json const& chat, Json const& by, std::string_view before, std::string_view after)
{
    auto const member = [&](std::string_view status) {
        Json doc{{"user", world_.bot()}, {"status", status}};
        if (status == "kicked")
            doc["until_date"] = 0;
        return doc;
    };
    Json node{{"chat", chat}, {"from", by}, {"date", world_.now_s()}};
    node["old_chat_member"] = member(before);
    node["new_chat_member"] = member(after);
    updates_.emit("my_chat_member", node, int_at(chat, {"id"}).value_or(0));
}

/// A message that tells about the chat.
void People::say_in(Json const& chat, Json const& fields)
{
    auto const id = int_at(chat, {"id"}).value_or(0);
    Json message{{"message_id", world_.book.next_message_id(id)}, {"from", owner()}, {"chat", chat}, {"date", world_.now_s()}};
    message.update(fields);
    world_.book.save_message(message);
    updates_.emit("message", message, id);
}

Result<Json> People::create_group(Json const& order)
{
    auto const title = text_at(order, {"title"}).value_or("");
    if (title.empty())
        return Error{Fault::malformed, "title must not be empty"};
    bool const forum = bool_at(order, {"forum"}).value_or(false);
    bool const super = forum || bool_at(order, {"supergroup"}).value_or(false);
    Group group;
    auto const id = int_at(order, {"id"}).value_or(new_group_id(super));
    if (id >= 0 || world_.book.find_group(id))
        return Error{Fault::malformed, "id must be below 0, and of no other group"};
    group.chat = Json{{"id", id}, {"title", title}, {"type", super ? "supergroup" : "group"}};
    if (forum)
        group.chat["is_forum"] = true;
    world_.book.save(group);
    tell_membership(group.chat, owner(), "left", "member");
    return group.chat;
}

Result<Json> People::open_topic(std::int64_t id, Json const& order)
{
    auto const* found = world_.book.find_group(id);
    auto const name = text_at(order, {"name"}).value_or("");
    if (!found || !bool_at(found->chat, {"is_forum"}).value_or(false))
        return Error{Fault::not_found, "no such forum"};
    if (name.empty())
        return Error{Fault::malformed, "name must not be empty"};
    auto group = *found;
    auto const topic = int_at(order, {"id"}).value_or(world_.book.next_message_id(id)); // a topic is named by the message that opens it
    group.topics.insert(topic);
    world_.book.save(group);
    Json fields{{"message_thread_id", topic}, {"is_topic_message", true}};
    fields["forum_topic_created"] = Json{{"name", name}, {"icon_color", 7'322'096}};
    say_in(group.chat, fields);
    return Json{{"message_thread_id", topic}, {"name", name}};
}

Result<Json> People::upgrade(std::int64_t id, Json const& order)
{
    auto const* found = world_.book.find_group(id);
    if (!found || found->moved_to != 0)
        return no_such_group();
    if (text_at(found->chat, {"type"}) != "group")
        return Error{Fault::conflict, "it is a supergroup already"};
    Group before = *found;
    Group after;
    after.chat = Json{{"id", new_group_id(true)}, {"title", text_at(before.chat, {"title"}).value_or("")}, {"type", "supergroup"}};
    before.moved_to = after.id();
    world_.book.save(before);
    world_.book.save(after);
    if (!bool_at(order, {"silent"}).value_or(false)) {
        say_in(before.chat, Json{{"migrate_to_chat_id", after.id()}});
        say_in(after.chat, Json{{"migrate_from_chat_id", id}});
    }
    return after.chat;
}

Result<Json> People::change_membership(std::int64_t id, Json const& order)
{
    auto const* found = world_.book.find_group(id);
    auto const bot_in = bool_at(order, {"bot_in"});
    if (!found)
        return no_such_group();
    if (!bot_in || *bot_in == found->bot_in)
        return Error{Fault::conflict, "bot_in must be true or false, and other than it is"};
    auto group = *found;
    group.bot_in = *bot_in;
    world_.book.save(group);
    tell_membership(group.chat, owner(), *bot_in ? "kicked" : "member", *bot_in ? "member" : "kicked");
    return Json{{"bot_in", *bot_in}};
}

} // namespace deskbridge::simulator::telegram
