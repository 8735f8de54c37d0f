#include "telegram/people.hpp"

#include "signing.hpp"

#include <algorithm>
#include <array>

namespace deskbridge::simulator::telegram {
namespace {

Error no_such(std::string_view what)
{
    return Error{Fault::not_found, "no such " + std::string{what}};
}

/// A message as another one quotes it, or as a tap shows it: one step of answers only.
Json without_answer(Json message)
{
    message.erase("reply_to_message");
    return message;
}

bool has_button(Json const& message, std::string const& data)
{
    for (auto const& row : items(at(message, {"reply_markup", "inline_keyboard"})))
        for (auto const& button : items(&row))
            if (text_at(button, {"callback_data"}) == data)
                return true;
    return false;
}

/// "/start 4821" begins with a command, which the bot is told.
void mark_command(Json& message, std::string const& text)
{
    if (!text.starts_with('/') || text.size() < 2)
        return;
    auto const length = std::min(text.find_first_of(" \n"), text.size());
    Json const entity{{"type", "bot_command"}, {"offset", 0}, {"length", length}};
    message["entities"] = Json::array({entity});
}

} // namespace

Result<Json> People::create(Json const& order)
{
    auto const first_name = text_at(order, {"first_name"}).value_or("");
    if (first_name.empty() || utf16_length(first_name) > 64)
        return Error{Fault::malformed, "first_name must have 1 to 64 characters"};
    Person person;
    auto const id = int_at(order, {"id"}).value_or(static_cast<std::int64_t>(6'000'000'000 + random_number() % 1'000'000'000));
    if (id <= 0 || world_.book.find_person(id))
        return Error{Fault::malformed, "id must be above 0, and of nobody else"};
    person.user = Json{{"id", id}, {"is_bot", false}, {"first_name", first_name}};
    for (auto const* const member : {"last_name", "username", "language_code"})
        if (auto const value = text_at(order, {member}))
            person.user[member] = *value;
    world_.book.save(person);
    return person.user;
}

Result<People::Scene> People::scene_of(std::int64_t id, Json const& order) const
{
    auto const* person = world_.book.find_person(id);
    if (!person)
        return no_such("person");
    if (auto const connection = text_at(order, {"connection"}))
        return business_scene(*person, *connection, order);
    Scene scene{*person, world_.book.chat(id), Room{id}, 0};
    auto const group_id = int_at(order, {"group"});
    if (!group_id)
        return scene;
    auto const* group = world_.book.find_group(*group_id);
    if (!group || group->moved_to != 0)
        return no_such("group");
    scene.chat = group->chat;
    scene.room = Room{*group_id};
    scene.topic = int_at(order, {"topic"}).value_or(0);
    if (scene.topic != 0 && group->topics.count(scene.topic) == 0)
        return no_such("topic");
    return scene;
}

Result<void> People::add_content(Json& message, Json const& order) const
{
    if (auto const text = text_at(order, {"text"}); text && !text->empty()) {
        message["text"] = *text;
        mark_command(message, *text);
        return {};
    }
    auto const* file = world_.book.find_file(text_at(order, {"file"}).value_or(""));
    auto const as = text_at(order, {"as"}).value_or("document");
    constexpr std::array<std::string_view, 5> forms{"photo", "document", "video", "audio", "voice"};
    if (!file)
        return no_such("file, and there is no text");
    if (std::find(forms.begin(), forms.end(), as) == forms.end())
        return Error{Fault::malformed, "as must be one of photo, document, video, audio, voice"};
    Json doc{{"file_id", file->id}, {"file_unique_id", file->id.substr(0, 12)}, {"file_size", file->size}};
    if (as == "photo") {
        doc.update(Json{{"width", 1280}, {"height", 960}});
        message["photo"] = Json::array({doc});
    } else {
        doc["mime_type"] = file->mime_type;
        if (as == "document")
            doc["file_name"] = file->name;
        else
            doc["duration"] = 3;
        if (as == "video")
            doc.update(Json{{"width", 1280}, {"height", 720}});
        message[as] = doc;
    }
    if (auto const caption = text_at(order, {"caption"}); caption && !caption->empty())
        message["caption"] = *caption;
    return {};
}

Result<Json> People::message_of(Scene const& scene, Json const& order) const
{
    constexpr std::int64_t year_s = 31'536'000;
    auto const ago = std::clamp<std::int64_t>(int_at(order, {"ago_s"}).value_or(0), 0, year_s);
    Json message{{"message_id", world_.book.next_message_id(scene.room)}, {"from", scene.person.user}, {"chat", scene.chat}};
    message["date"] = world_.now_s() - ago;
    if (!scene.room.connection.empty())
        message["business_connection_id"] = scene.room.connection;
    if (scene.topic != 0)
        message.update(Json{{"message_thread_id", scene.topic}, {"is_topic_message", true}});
    if (auto const answered = int_at(order, {"reply_to"})) {
        auto const* quoted = world_.book.find_message(scene.room, *answered);
        if (!quoted)
            return no_such("message to answer");
        message["reply_to_message"] = without_answer(*quoted);
    }
    if (auto const added = add_content(message, order); !added)
        return added.error();
    return message;
}

Result<Json> People::write(std::int64_t id, Json const& order)
{
    auto scene = scene_of(id, order);
    if (!scene)
        return scene.error();
    if (scene->with_bot() && scene->person.blocked)
        return Error{Fault::conflict, "somebody who has blocked the bot cannot write to it"};
    auto message = message_of(*scene, order);
    if (!message)
        return message.error();
    if (scene->with_bot() && !scene->person.started) {
        scene->person.started = true;
        world_.book.save(scene->person);
    }
    world_.book.save_message(*message);
    updates_.emit(scene->room.connection.empty() ? "message" : "business_message", *message, scene->room.chat);
    return *message;
}

Result<Json> People::edit(std::int64_t id, Json const& order)
{
    auto const scene = scene_of(id, order);
    if (!scene)
        return scene.error();
    auto const* found = world_.book.find_message(scene->room, int_at(order, {"message_id"}).value_or(0));
    if (!found || int_at(*found, {"from", "id"}) != id)
        return no_such("message of this person");
    auto message = *found;
    auto const* const place = message.contains("text") ? "text" : "caption";
    message[place] = text_at(order, {"text"}).value_or("");
    message["edit_date"] = world_.now_s();
    world_.book.save_message(message);
    updates_.emit(scene->room.connection.empty() ? "edited_message" : "edited_business_message", message, scene->room.chat);
    return message;
}

Result<Json> People::remove(std::int64_t id, Json const& order)
{
    auto const scene = scene_of(id, order);
    if (!scene)
        return scene.error();
    auto const message = int_at(order, {"message_id"}).value_or(0);
    if (!world_.book.find_message(scene->room, message))
        return no_such("message");
    world_.book.remove_message(scene->room, message);
    if (!scene->room.connection.empty())
        updates_.emit("deleted_business_messages",
                      Json{{"business_connection_id", scene->room.connection}, {"chat", scene->chat}, {"message_ids", Json::array({message})}},
                      scene->room.chat);
    return Json{{"removed", message}};
}

Result<Json> People::tap(std::int64_t id, Json const& order)
{
    auto const scene = scene_of(id, order);
    if (!scene)
        return scene.error();
    auto const* found = world_.book.find_message(scene->room, int_at(order, {"message_id"}).value_or(0));
    auto const data = text_at(order, {"data"}).value_or("");
    if (!found || !has_button(*found, data))
        return no_such("button");
    Tap const pressed{random_digits(18), world_.now(), false};
    world_.book.save(pressed);
    Json const query{{"id", pressed.id},
                     {"from", scene->person.user},
                     {"message", without_answer(*found)},
                     {"chat_instance", random_digits(18)},
                     {"data", data}};
    updates_.emit("callback_query", query, scene->room.chat);
    return query;
}

Result<Json> People::react(std::int64_t id, Json const& order)
{
    auto const scene = scene_of(id, order);
    if (!scene)
        return scene.error();
    auto const message = int_at(order, {"message_id"}).value_or(0);
    if (!world_.book.find_message(scene->room, message))
        return no_such("message");
    auto reactions = Json::array();
    if (auto const emoji = text_at(order, {"emoji"}).value_or(""); !emoji.empty())
        reactions.push_back(Json{{"type", "emoji"}, {"emoji", emoji}});
    Json node{{"chat", scene->chat}, {"message_id", message}, {"user", scene->person.user}, {"date", world_.now_s()}};
    node["old_reaction"] = Json::array();
    node["new_reaction"] = std::move(reactions);
    updates_.emit("message_reaction", node, scene->room.chat);
    return node;
}

Result<Json> People::block(std::int64_t id, Json const& order)
{
    auto const* found = world_.book.find_person(id);
    auto const blocked = bool_at(order, {"blocked"});
    if (!found)
        return no_such("person");
    if (!blocked || *blocked == found->blocked)
        return Error{Fault::conflict, "blocked must be true or false, and other than it is"};
    auto person = *found;
    person.blocked = *blocked;
    world_.book.save(person);
    tell_membership(world_.book.chat(id), person.user, *blocked ? "member" : "kicked", *blocked ? "kicked" : "member");
    return Json{{"blocked", *blocked}};
}

} // namespace deskbridge::simulator::telegram
