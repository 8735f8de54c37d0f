#include "telegram/people.hpp"

#include "signing.hpp"

namespace deskbridge::simulator::telegram {

/// With `to` the owner writes to a person, without it a person to the owner.
Result<People::Scene> People::business_scene(Person const& person, std::string const& connection, Json const& order) const
{
    auto const* found = world_.book.find_connection(connection);
    if (!found || !found->is_enabled)
        return Error{Fault::not_found, "no such connection, or it has ended"};
    auto const to = int_at(order, {"to"});
    if (to.has_value() != (person.id() == found->owner))
        return Error{Fault::malformed, "the owner writes to somebody, and others write to the owner"};
    auto const chat = to.value_or(person.id());
    if (!world_.book.find_person(chat))
        return Error{Fault::not_found, "no such person"};
    return Scene{person, world_.book.chat(chat), Room{chat, connection}, 0};
}

void People::tell_connection(Connection const& connection)
{
    auto const* owner = world_.book.find_person(connection.owner);
    Json const node{{"id", connection.id},
                    {"user", owner->user},
                    {"user_chat_id", connection.owner},
                    {"date", to_ms(connection.since) / 1000},
                    {"rights", {{"can_reply", connection.can_reply}, {"can_read_messages", true}}},
                    {"is_enabled", connection.is_enabled}};
    updates_.emit("business_connection", node, connection.owner);
}

Result<Json> People::connect(Json const& order)
{
    Connection connection;
    connection.owner = int_at(order, {"owner"}).value_or(0);
    connection.id = text_at(order, {"id"}).value_or(random_hex(12));
    connection.can_reply = bool_at(order, {"can_reply"}).value_or(true);
    connection.since = world_.now();
    if (!world_.book.find_person(connection.owner))
        return Error{Fault::not_found, "no such person"};
    if (world_.book.find_connection(connection.id))
        return Error{Fault::conflict, "there is such a connection"};
    world_.book.save(connection);
    tell_connection(connection);
    return Json{{"id", connection.id}, {"can_reply", connection.can_reply}};
}

Result<Json> People::change_connection(std::string const& id, Json const& order)
{
    auto const* found = world_.book.find_connection(id);
    if (!found)
        return Error{Fault::not_found, "no such connection"};
    auto connection = *found;
    connection.is_enabled = bool_at(order, {"is_enabled"}).value_or(connection.is_enabled);
    connection.can_reply = bool_at(order, {"can_reply"}).value_or(connection.can_reply);
    world_.book.save(connection);
    tell_connection(connection);
    return Json{{"id", id}, {"is_enabled", connection.is_enabled}, {"can_reply", connection.can_reply}};
}

} // namespace deskbridge::simulator::telegram
