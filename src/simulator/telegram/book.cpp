#include "telegram/book.hpp"

#include "signing.hpp"

#include <algorithm>

namespace deskbridge::simulator::telegram {
namespace {

template <class Map, class Key>
auto const* found_in(Map const& map, Key const& key)
{
    auto const found = map.find(key);
    return found == map.end() ? nullptr : &found->second;
}

Room counter_of(Room const& room)
{
    constexpr std::int64_t supergroups_end = -1'000'000'000'000;
    return {room.chat < supergroups_end ? room.chat : 0, room.connection};
}

Room room_of(Json const& message)
{
    return {int_at(message, {"chat", "id"}).value_or(0), text_at(message, {"business_connection_id"}).value_or("")};
}

Connection connection_from(Json const& doc)
{
    return {text_at(doc, {"id"}).value_or(""), int_at(doc, {"owner"}).value_or(0), bool_at(doc, {"can_reply"}).value_or(true),
            bool_at(doc, {"is_enabled"}).value_or(true), from_ms(int_at(doc, {"since_ms"}).value_or(0))};
}

Json object_at(Json const& doc, std::string_view name)
{
    auto const* found = at(doc, {name});
    return found && found->is_object() ? *found : Json::object();
}

Json to_json(File const& file)
{
    return Json{{"id", file.id},     {"stored", file.stored},       {"path", file.path},
                {"name", file.name}, {"mime_type", file.mime_type}, {"size", file.size}};
}

File file_from(Json const& doc)
{
    auto const text = [&](std::string_view name) { return text_at(doc, {name}).value_or(""); };
    auto const size = static_cast<std::uint64_t>(int_at(doc, {"size"}).value_or(0));
    return {text("id"), text("stored"), text("path"), text("name"), text("mime_type"), size};
}

Group group_from(Json const& change)
{
    Group group{object_at(change, "chat"), bool_at(change, {"bot_in"}).value_or(true), int_at(change, {"moved_to"}).value_or(0), {}};
    for (auto const& topic : items(at(change, {"topics"})))
        if (topic.is_number_integer())
            group.topics.insert(topic.get<std::int64_t>());
    return group;
}

} // namespace

Result<void> Book::open(std::filesystem::path const& path, bool sync)
{
    auto const each = [this](Json const& change) { apply(change); };
    auto file = LineFile::open(path, sync, each);
    if (!file)
        return file.error();
    file_.emplace(std::move(*file));
    return {};
}

void Book::keep(Json change)
{
    if (file_)
        file_->append(change);
    apply(change);
}

void Book::apply(Json const& change)
{
    auto const what = text_at(change, {"change"}).value_or("");
    auto const number = [&](std::string_view name) { return int_at(change, {name}).value_or(0); };
    if (what == "person") {
        auto const is = [&](std::string_view name) { return bool_at(change, {name}).value_or(false); };
        Person person{object_at(change, "user"), is("started"), is("blocked")};
        people_[person.id()] = std::move(person);
    } else if (what == "group") {
        auto group = group_from(change);
        groups_[group.id()] = std::move(group);
    } else if (what == "message") {
        auto const message = object_at(change, "message");
        auto const room = room_of(message);
        auto const id = int_at(message, {"message_id"}).value_or(0);
        messages_[room][id] = message;
        auto& last = last_ids_[counter_of(room)];
        last = std::max(last, id);
    } else if (what == "removal") {
        messages_[{number("chat"), text_at(change, {"connection"}).value_or("")}].erase(number("id"));
    } else if (what == "file") {
        auto file = file_from(object_at(change, "file"));
        files_[file.id] = std::move(file);
    } else if (what == "tap") {
        auto const id = text_at(change, {"id"}).value_or("");
        taps_[id] = {id, from_ms(number("at_ms")), bool_at(change, {"answered"}).value_or(false)};
    } else if (what == "clock") {
        clock_offset_ = std::chrono::milliseconds{number("offset_ms")};
    } else {
        apply_update(change);
    }
}

void Book::apply_update(Json const& change)
{
    auto const what = text_at(change, {"change"}).value_or("");
    auto const number = [&](std::string_view name) { return int_at(change, {name}).value_or(0); };
    if (what == "update") {
        auto const kind = text_at(change, {"kind"}).value_or("");
        updates_.push_back({number("id"), kind, object_at(change, "node"), number("lane"), from_ms(number("at_ms"))});
        last_update_ = std::max(last_update_, number("id"));
    } else if (what == "connection") {
        auto connection = connection_from(change);
        connections_[connection.id] = std::move(connection);
    } else if (what == "update_gone") {
        std::erase_if(updates_, [&](Update const& update) { return update.id == number("id"); });
    } else if (what == "webhook") {
        webhook_ = {text_at(change, {"url"}).value_or(""), text_at(change, {"secret_token"}).value_or(""), number("connections")};
    } else if (what == "allowed") {
        auto const* kinds = at(change, {"kinds"});
        allowed_ = kinds ? *kinds : Json::array();
    }
}

void Book::save(Person const& person)
{
    keep(Json{{"change", "person"}, {"user", person.user}, {"started", person.started}, {"blocked", person.blocked}});
}

void Book::save(Group const& group)
{
    keep(Json{{"change", "group"}, {"chat", group.chat}, {"bot_in", group.bot_in}, {"moved_to", group.moved_to}, {"topics", group.topics}});
}

void Book::save(Connection const& connection)
{
    keep(Json{{"change", "connection"},             {"id", connection.id},
              {"owner", connection.owner},          {"can_reply", connection.can_reply},
              {"is_enabled", connection.is_enabled}, {"since_ms", to_ms(connection.since)}});
}

void Book::save(File const& file)
{
    keep(Json{{"change", "file"}, {"file", to_json(file)}});
}

void Book::save(Tap const& tap)
{
    keep(Json{{"change", "tap"}, {"id", tap.id}, {"at_ms", to_ms(tap.at)}, {"answered", tap.answered}});
}

void Book::save(Webhook const& webhook)
{
    keep(Json{{"change", "webhook"}, {"url", webhook.url}, {"secret_token", webhook.secret_token}, {"connections", webhook.connections}});
}

void Book::save_message(Json const& message)
{
    keep(Json{{"change", "message"}, {"message", message}});
}

void Book::remove_message(Room const& room, std::int64_t id)
{
    keep(Json{{"change", "removal"}, {"chat", room.chat}, {"connection", room.connection}, {"id", id}});
}

void Book::add(Update const& update)
{
    keep(Json{{"change", "update"},  {"id", update.id},     {"kind", update.kind},
              {"node", update.node}, {"lane", update.lane}, {"at_ms", to_ms(update.at)}});
}

void Book::drop_update(std::int64_t id)
{
    keep(Json{{"change", "update_gone"}, {"id", id}});
}

void Book::allow(Json const& kinds)
{
    keep(Json{{"change", "allowed"}, {"kinds", kinds}});
}

void Book::set_clock_offset(std::chrono::milliseconds offset)
{
    keep(Json{{"change", "clock"}, {"offset_ms", offset.count()}});
}

Person const* Book::find_person(std::int64_t id) const
{
    return found_in(people_, id);
}

Group const* Book::find_group(std::int64_t id) const
{
    return found_in(groups_, id);
}

Connection const* Book::find_connection(std::string const& id) const
{
    return found_in(connections_, id);
}

File const* Book::find_file(std::string const& id) const
{
    return found_in(files_, id);
}

File const* Book::find_file_at(std::string const& path) const
{
    auto const here = [&](auto const& entry) { return entry.second.path == path; };
    auto const found = std::find_if(files_.begin(), files_.end(), here);
    return found == files_.end() ? nullptr : &found->second;
}

Tap const* Book::find_tap(std::string const& id) const
{
    return found_in(taps_, id);
}

Json const* Book::find_message(Room const& room, std::int64_t id) const
{
    auto const* messages = found_in(messages_, room);
    return messages ? found_in(*messages, id) : nullptr;
}

Json Book::chat(std::int64_t id) const
{
    if (auto const* group = find_group(id))
        return group->chat;
    auto const* person = find_person(id);
    if (!person)
        return nullptr;
    Json chat{{"id", id}, {"type", "private"}};
    for (auto const* const member : {"first_name", "last_name", "username"})
        if (person->user.contains(member))
            chat[member] = person->user.at(member);
    return chat;
}

Json Book::messages_of(Room const& room) const
{
    auto out = Json::array();
    if (auto const* messages = found_in(messages_, room))
        for (auto const& [id, message] : *messages)
            out.push_back(message);
    return out;
}

std::int64_t Book::next_message_id(Room const& room) const
{
    auto const* last = found_in(last_ids_, counter_of(room));
    return (last ? *last : 0) + 1;
}

std::int64_t Book::next_update_id() const
{
    return last_update_ != 0 ? last_update_ + 1 : static_cast<std::int64_t>(100'000'000 + random_number() % 800'000'000);
}

} // namespace deskbridge::simulator::telegram
