#include "business_phone.hpp"

#include "field_payloads.hpp"
#include "signing.hpp"
#include "written.hpp"

#include <algorithm>

namespace deskbridge::simulator {

using namespace std::chrono_literals;

namespace {

constexpr std::int64_t longest_history_s = 180 * 86'400;
constexpr auto files_follow_for = 14 * 24h;

Error no_such_on_phone(std::string_view what)
{
    return Error{Fault::not_found, "no such " + std::string{what}};
}

} // namespace

Result<Json> BusinessPhone::write(std::string const& customer_id, Json const& order)
{
    auto const* customer = world_.book.find_customer(customer_id);
    if (!customer)
        return no_such_on_phone("customer");
    auto const number = world_.number_in(order);
    if (!number)
        return number.error();
    auto written = written_in(order, world_.book);
    if (!written)
        return written.error();
    Message message;
    message.id = new_message_id();
    message.number = (*number)->own.phone_number_id;
    message.from_business = true;
    message.at = world_.now();
    message.type = std::move(written->type);
    message.content = std::move(written->content);
    message.quoted = text_at(order, {"quoted"}).value_or("");
    message.status = Message::Status::delivered;
    message.answered_to = customer->phone;
    world_.book.add_message(customer_id, message);
    auto const seen = world_.seen_by(**number, *world_.book.find_customer(customer_id));
    world_.tell(seen, echo_update((*number)->number(), seen, message));
    return to_json(message);
}

Result<Json> BusinessPhone::change(std::string const& customer_id, Json const& order)
{
    auto const id = text_at(order, {"message_id"}).value_or("");
    auto const* owner = world_.book.owner_of(id);
    if (!owner || owner->id != customer_id)
        return no_such_on_phone("message");
    auto const& found = *world_.book.find_message(id);
    bool const typed = found.from_business && found.price.is_null() && found.error.is_null();
    auto const body = text_at(order, {"body"}).value_or("");
    bool const text = found.type == "text";
    if (!typed || found.revoked || (!body.empty() && !text && !is_media(found.type)))
        return Error{Fault::conflict, "not a message that was typed on the business's phone, or not one with words"};
    Message event;
    event.id = new_message_id();
    event.at = world_.now();
    event.type = body.empty() ? "revoke" : "edit";
    event.content = Json{{"original_message_id", id}};
    auto fields = Json{{"revoked", true}};
    if (!body.empty()) {
        auto content = found.content;
        content[text ? "body" : "caption"] = body;
        event.content["message"] = Json{{"type", found.type}, {found.type, content}};
        fields = Json{{"content", content}, {"edited", true}};
    }
    auto const& number = world_.number_of(found.number);
    auto const seen = world_.seen_by(number, *owner);
    world_.book.change_message(id, fields);
    world_.tell(seen, echo_update(number.number(), seen, event));
    return to_json(*world_.book.find_message(id));
}

Result<Message> BusinessPhone::told_in(Json const& item, NumberState const& number) const
{
    auto written = written_in(item, world_.book);
    if (!written)
        return written.error();
    auto const by = text_at(item, {"by"}).value_or("customer");
    if (by != "customer" && by != "business")
        return Error{Fault::malformed, "by must be customer or business"};
    Message message;
    message.id = new_message_id();
    message.number = number.own.phone_number_id;
    message.from_business = by == "business";
    message.at = world_.now() - std::chrono::seconds{std::clamp<std::int64_t>(int_at(item, {"ago_s"}).value_or(86'400), 0, longest_history_s)};
    message.type = std::move(written->type);
    message.content = std::move(written->content);
    message.quoted = text_at(item, {"quoted"}).value_or("");
    message.status = message.from_business ? Message::Status::read : Message::Status::delivered; // nobody tells it as news
    return message;
}

Result<Json> BusinessPhone::share_history(std::string const& customer_id, Json const& order)
{
    auto const* customer = world_.book.find_customer(customer_id);
    if (!customer)
        return no_such_on_phone("customer");
    auto const number = world_.number_in(order);
    if (!number)
        return number.error();
    std::vector<Message> messages;
    for (auto const& item : items(at(order, {"messages"}))) {
        auto message = told_in(item, **number);
        if (!message)
            return message.error();
        messages.push_back(std::move(*message));
    }
    auto const seen = world_.seen_by(**number, *customer);
    auto const own = (*number)->number();
    auto told = Json::array();
    auto ids = Json::array();
    for (auto const& message : messages) {
        world_.book.add_message(customer_id, message);
        told.push_back(history_item(own, seen, message, false));
        ids.push_back(message.id);
    }
    auto const place = [&](char const* key, std::int64_t otherwise) { return int_at(order, {key}).value_or(otherwise); };
    Json const where{{"phase", place("phase", 0)}, {"chunk_order", place("chunk_order", 1)}, {"progress", place("progress", 100)}};
    world_.hooks.emit(history_update(own, seen, std::move(told), where));
    for (auto const& message : messages)
        if (is_media(message.type) && message.at + files_follow_for > world_.now())
            world_.hooks.emit(listed_update(own, "history", "messages", history_item(own, seen, message, true), contact_of(seen)));
    return Json{{"message_ids", std::move(ids)}};
}

Result<Json> BusinessPhone::decline_history(Json const& order)
{
    auto const number = world_.number_in(order);
    if (!number)
        return number.error();
    auto const declined = late_error_item({2593109, "History sharing is turned off by the business via the WhatsApp Business App"});
    world_.hooks.emit(listed_update((*number)->number(), "history", "history", Json{{"errors", Json::array({declined})}}));
    return Json{{"success", true}};
}

Result<Json> BusinessPhone::share_contacts(Json const& order)
{
    auto const number = world_.number_in(order);
    if (!number)
        return number.error();
    auto const action = text_at(order, {"action"}).value_or("add");
    if (action != "add" && action != "remove")
        return Error{Fault::malformed, "action must be add or remove"};
    std::vector<Person> people;
    for (auto const& id : items(at(order, {"customers"}))) {
        auto const* customer = id.is_string() ? world_.book.find_customer(id.get_ref<std::string const&>()) : nullptr;
        if (!customer)
            return no_such_on_phone("customer");
        people.push_back(*customer);
    }
    if (!at(order, {"customers"}))
        for (auto const* customer : world_.book.customers())
            people.push_back(*customer);
    for (auto const& person : people)
        world_.hooks.emit(address_book_update((*number)->number(), world_.seen_by(**number, person), action, world_.now()));
    return Json{{"contacts", people.size()}};
}

} // namespace deskbridge::simulator
