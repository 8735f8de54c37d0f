#include "telegram/bot_api.hpp"

#include <algorithm>

namespace deskbridge::simulator::telegram {

namespace {

/// What a group's kind is called in refusals.
std::string_view kind_of(Group const& group)
{
    return text_at(group.chat, {"type"}) == "supergroup" ? "supergroup" : "group";
}

std::optional<BotError> objection_to_group(Group const& group, std::int64_t topic)
{
    if (group.moved_to != 0) {
        auto error = bad_request("group chat was upgraded to a supergroup chat");
        error.parameters = Json{{"migrate_to_chat_id", group.moved_to}};
        return error;
    }
    if (!group.bot_in)
        return forbidden(std::string{"bot was kicked from the "}.append(kind_of(group)).append(" chat"));
    if (topic != 0 && group.topics.count(topic) == 0)
        return bad_request("message thread not found");
    return std::nullopt;
}

std::optional<BotError> objection_to_person(Person const& person, std::int64_t topic)
{
    if (!person.started)
        return forbidden("bot can't initiate conversation with a user");
    if (person.blocked)
        return forbidden("bot was blocked by the user");
    return topic != 0 ? std::optional{bad_request("message thread not found")} : std::nullopt;
}

} // namespace

std::variant<BotApi::Place, BotError> BotApi::find_place(Parameters const& parameters) const
{
    if (!parameters.text("chat_id"))
        return bad_request("chat_id is empty");
    if (auto const connection = parameters.text("business_connection_id"))
        return find_business_place(*connection, parameters);
    auto const chat = parameters.integer("chat_id").value_or(0);
    auto const topic = parameters.integer("message_thread_id").value_or(0);
    auto const* group = world_.book.find_group(chat);
    auto const* person = world_.book.find_person(chat);
    if (!group && !person)
        return bad_request("chat not found");
    if (auto objection = group ? objection_to_group(*group, topic) : objection_to_person(*person, topic))
        return std::move(*objection);
    return Place{world_.book.chat(chat), topic};
}

/// Sources: github.com/tdlib/td, BusinessConnectionManager.cpp (2026-11), and for the words in capitals core.telegram.org/api/errors.
std::variant<BotApi::Place, BotError> BotApi::find_business_place(std::string const& connection, Parameters const& parameters) const
{
    auto const* found = world_.book.find_connection(connection);
    if (!found)
        return bad_request("business connection not found");
    auto const chat = parameters.integer("chat_id").value_or(0);
    if (!world_.book.find_person(chat))
        return bad_request("chat not found");
    if (!found->is_enabled)
        return bad_request("BUSINESS_CONNECTION_INVALID");
    if (!found->can_reply)
        return bad_request("BUSINESS_CONNECTION_NOT_ALLOWED");
    return Place{world_.book.chat(chat), 0, connection};
}

/// The message that this one answers; null: none, or one that is gone and may be.
std::variant<Json, BotError> BotApi::find_quoted(Parameters const& parameters, Room const& room) const
{
    auto const reply = parameters.json("reply_parameters");
    if (reply.is_null())
        return Json{};
    if (!reply.is_object())
        return bad_request("object expected as reply parameters");
    auto const id = int_at(reply, {"message_id"});
    if (!id)
        return bad_request("can't parse reply parameters: Field \"message_id\" must be of type Number");
    auto const* message = world_.book.find_message({int_at(reply, {"chat_id"}).value_or(room.chat), room.connection}, *id);
    if (message) {
        auto quoted = *message;
        quoted.erase("reply_to_message"); // one step only
        return quoted;
    }
    if (bool_at(reply, {"allow_sending_without_reply"}).value_or(false))
        return Json{};
    return bad_request("message to be replied not found");
}

Answer BotApi::send_text(Parameters const& parameters)
{
    auto const text = parameters.text("text").value_or("");
    if (auto objection = objection_to_text(text))
        return std::move(*objection);
    Json content{{"text", trimmed(text)}};
    if (auto entities = parameters.json("entities"); !entities.is_null())
        content["entities"] = std::move(entities);
    return say(parameters, std::move(content));
}

Answer BotApi::send_file(FileForm const& form, Parameters const& parameters)
{
    auto const caption = trimmed(parameters.text("caption").value_or(""));
    if (auto objection = objection_to_caption(caption))
        return std::move(*objection);
    auto const place = find_place(parameters);
    if (auto const* error = std::get_if<BotError>(&place))
        return *error;
    auto content = file_content(form, parameters);
    if (auto* error = std::get_if<BotError>(&content))
        return std::move(*error);
    if (!caption.empty())
        std::get<Json>(content)["caption"] = caption;
    return say(parameters, std::move(std::get<Json>(content)));
}

std::variant<Json, BotError> BotApi::file_content(FileForm const& form, Parameters const& parameters)
{
    auto const* part = parameters.file(form.field);
    auto const named = parameters.text(form.field).value_or("");
    if (!part) {
        if (named.empty())
            return bad_request("there is no " + std::string{form.field} + " in the request");
        if (named.starts_with("http://") || named.starts_with("https://"))
            return bad_request("failed to get HTTP URL content"); // it fetches from nobody
        auto const* file = world_.book.find_file(named);
        if (!file)
            return bad_request("wrong remote file identifier specified: Wrong string length");
        return content_of(form, *file);
    }
    if (auto objection = objection_to_upload(form, part->bytes))
        return std::move(*objection);
    auto const kept = world_.keep_file(form.field, part->content_type, part->filename, part->bytes);
    if (!kept)
        return BotError{500, "Internal Server Error", {}};
    return content_of(form, *kept);
}

/// How a file stands in a message. What would have to be looked up in it (width, length, …) is the same for all.
Json BotApi::content_of(FileForm const& form, File const& file)
{
    Json doc{{"file_id", file.id}, {"file_unique_id", file.id.substr(0, 12)}, {"file_size", file.size}};
    if (form.field == "photo") {
        auto small = file;
        small.id += "-small";
        world_.book.save(small);
        Json preview{{"file_id", small.id}, {"file_unique_id", small.id.substr(0, 12)}, {"file_size", small.size}};
        preview.update(Json{{"width", 90}, {"height", 67}});
        doc.update(Json{{"width", 1280}, {"height", 960}});
        return Json{{"photo", Json::array({std::move(preview), std::move(doc)})}};
    }
    if (!file.mime_type.empty())
        doc["mime_type"] = file.mime_type;
    if (!file.name.empty() && form.field != "voice")
        doc["file_name"] = file.name;
    if (form.field != "document")
        doc["duration"] = 3;
    if (form.field == "video")
        doc.update(Json{{"width", 1280}, {"height", 720}});
    auto content = Json::object();
    content[std::string{form.field}] = std::move(doc);
    return content;
}

/// Has the person written to the business account within a day?
bool BotApi::wrote_lately(Room const& room) const
{
    constexpr std::int64_t day_s = 86'400; // Source: core.telegram.org/api/bots/connected-business-bots (2026-11).
    auto const messages = world_.book.messages_of(room);
    return std::any_of(messages.begin(), messages.end(), [&](Json const& message) {
        return int_at(message, {"from", "id"}) == room.chat && int_at(message, {"date"}).value_or(0) > world_.now_s() - day_s;
    });
}

/// What every message has: format, keyboard, place, what it answers, and the pace.
Answer BotApi::say(Parameters const& parameters, Json content)
{
    if (auto objection = objection_to_format(parameters))
        return std::move(*objection);
    auto const markup = parameters.json("reply_markup");
    if (auto objection = objection_to_markup(markup))
        return std::move(*objection);
    auto const found = find_place(parameters);
    if (auto const* error = std::get_if<BotError>(&found))
        return *error;
    auto const& place = std::get<Place>(found);
    auto const room = place.room();
    auto const quoted = find_quoted(parameters, room);
    if (auto const* error = std::get_if<BotError>(&quoted))
        return *error;
    if (!room.connection.empty() && !wrote_lately(room))
        return bad_request("BUSINESS_PEER_USAGE_MISSING");
    if (auto const seconds = world_.pace(room.chat); seconds > 0)
        return too_many(seconds);
    Json message{{"message_id", world_.book.next_message_id(room)}, {"from", world_.bot()}, {"chat", place.chat}, {"date", world_.now_s()}};
    message.update(content);
    if (auto const* connection = world_.book.find_connection(room.connection)) // the owner writes, by the bot
        message.update(Json{{"from", world_.book.find_person(connection->owner)->user},
                            {"business_connection_id", room.connection},
                            {"sender_business_bot", world_.bot()}});
    if (place.topic != 0)
        message.update(Json{{"message_thread_id", place.topic}, {"is_topic_message", true}});
    if (auto const& answered = std::get<Json>(quoted); !answered.is_null())
        message["reply_to_message"] = answered;
    if (markup.is_object() && markup.contains("inline_keyboard"))
        message["reply_markup"] = markup; // other keyboards are the person's, and stand in no message
    world_.book.save_message(message);
    if (!room.connection.empty())
        updates_.emit("business_message", message, room.chat); // what is written there comes back, whoever wrote it
    return Done{std::move(message), {}};
}

} // namespace deskbridge::simulator::telegram
