#include "customer_actions.hpp"

#include "signing.hpp"

#include <algorithm>
#include <array>
#include <unordered_set>

namespace deskbridge::simulator {

using namespace std::chrono_literals;

namespace {

constexpr std::array<std::string_view, 5> media_types{"image", "video", "audio", "document", "sticker"};

bool is_media(std::string_view type)
{
    return std::find(media_types.begin(), media_types.end(), type) != media_types.end();
}

Error no_such(std::string_view what)
{
    return Error{Fault::not_found, "no such " + std::string{what}};
}

std::string without_at_sign(std::string name)
{
    return name.starts_with('@') ? name.substr(1) : name;
}

/// What a tap on `id` sends; null if the message offers no such choice.
Json choice_of(Message const& message, std::string const& id)
{
    auto const* action = at(message.content, {"action"});
    if (message.type == "interactive" && action) {
        for (auto const& button : items(at(*action, {"buttons"})))
            if (text_at(button, {"reply", "id"}) == id)
                return Json{{"type", "button_reply"}, {"button_reply", button.at("reply")}};
        for (auto const& section : items(at(*action, {"sections"})))
            for (auto const& row : items(at(section, {"rows"})))
                if (text_at(row, {"id"}) == id)
                    return Json{{"type", "list_reply"}, {"list_reply", row}};
    }
    return {};
}

/// What a customer answers to a message that asks for their number: a card of their own, even if the number is hidden else.
Json own_card(Customer const& customer)
{
    auto const name = customer.name.empty() ? customer.phone : customer.name;
    return Json::array({{{"name", {{"formatted_name", name}, {"first_name", name}}},
                         {"phones", Json::array({{{"phone", "+" + customer.phone}, {"wa_id", customer.phone}, {"type", "CELL"}}})},
                         {"origin", "contact_request"}}});
}

} // namespace

Result<Json> CustomerActions::create(Json const& order)
{
    auto const name = text_at(order, {"name"}).value_or("");
    if (utf16_length(name) > 60)
        return Error{Fault::malformed, "name must be at most 60 characters long"};
    auto customer = invent_customer(text_at(order, {"country"}).value_or("US"));
    for (int tries = 0; world_.book.find_phone(customer.phone); ++tries) {
        if (tries > 200)
            return Error{Fault::conflict, "no invented number of this country is free any more"};
        customer.phone = invent_phone(customer.country);
    }
    customer.name = name;
    customer.language = text_at(order, {"language"}).value_or(customer.language);
    customer.username = without_at_sign(text_at(order, {"username"}).value_or(""));
    customer.phone_hidden = bool_at(order, {"phone_hidden"}).value_or(false);
    if (auto const phone = text_at(order, {"phone"})) {
        bool const digits = !phone->empty() && phone->find_first_not_of("0123456789") == std::string::npos;
        if (!digits || world_.book.find_phone(*phone))
            return Error{Fault::malformed, "phone must be digits, and of nobody else"};
        customer.phone = *phone;
    }
    world_.book.save_customer(customer);
    return to_json(customer);
}

Result<Json> CustomerActions::change(std::string const& customer_id, Json const& order)
{
    auto const* found = world_.book.find_customer(customer_id);
    if (!found)
        return no_such("customer");
    auto customer = customer_from(to_json(*found));
    customer.name = text_at(order, {"name"}).value_or(customer.name);
    customer.online = bool_at(order, {"online"}).value_or(customer.online);
    customer.phone_hidden = bool_at(order, {"phone_hidden"}).value_or(customer.phone_hidden);
    bool const came_online = customer.online && !found->online;
    world_.book.save_customer(customer);
    if (came_online)
        statuses_.came_online(customer_id);
    return to_json(customer);
}

Result<Json> CustomerActions::write(std::string const& customer_id, Json const& order)
{
    auto const* customer = world_.book.find_customer(customer_id);
    if (!customer)
        return no_such("customer");
    Message message;
    message.type = text_at(order, {"type"}).value_or("text");
    auto const* content = at(order, {"content"});
    message.content = content ? *content : Json{};
    if (message.type == "text" && text_at(message.content, {"body"}).value_or("").empty())
        return Error{Fault::malformed, "content.body must not be empty"};
    if (is_media(message.type)) {
        auto const* media = world_.book.find_media(text_at(message.content, {"id"}).value_or(""));
        if (!media)
            return no_such("media");
        message.content["mime_type"] = media->mime_type;
        message.content["sha256"] = media->sha256_base64;
        if (message.type == "document" && !media->name.empty())
            message.content["filename"] = media->name;
        if (message.type == "audio")
            message.content["voice"] = bool_at(message.content, {"voice"}).value_or(false);
    }
    message.quoted = text_at(order, {"quoted"}).value_or("");
    message.at = world_.now() - std::chrono::seconds{std::clamp<std::int64_t>(int_at(order, {"ago_s"}).value_or(0), 0, 31'536'000)};
    return say(*customer, std::move(message));
}

Result<Json> CustomerActions::say(Customer const& customer, Message message)
{
    message.id = new_message_id();
    message.status = Message::Status::sent;
    world_.book.add_message(customer.id, message);
    tell(message.id);
    return to_json(message);
}

void CustomerActions::tell(std::string const& message_id)
{
    auto const* message = world_.book.find_message(message_id);
    auto const* owner = world_.book.owner_of(message_id);
    auto const* quoted = world_.book.find_message(message->quoted);
    world_.emitter.emit(message_update(world_.number, *owner, *message, quoted));
}

Result<CustomerActions::Found> CustomerActions::find(std::string const& customer_id, Json const& order, bool of_business) const
{
    auto const* customer = world_.book.find_customer(customer_id);
    if (!customer)
        return no_such("customer");
    auto const id = text_at(order, {"message_id"}).value_or("");
    auto const* message = world_.book.find_message(id);
    if (!message || world_.book.owner_of(id) != customer)
        return no_such("message");
    if (of_business != message->from_business)
        return Error{Fault::conflict, of_business ? "not a message of the business" : "not the customer's own message"};
    return Found{customer, message};
}

Result<Json> CustomerActions::react(std::string const& customer_id, Json const& order)
{
    auto const id = text_at(order, {"message_id"}).value_or("");
    auto const* customer = world_.book.find_customer(customer_id);
    if (!customer || world_.book.owner_of(id) != customer)
        return no_such("message");
    auto const emoji = text_at(order, {"emoji"}).value_or("");
    Json content{{"message_id", id}};
    if (!emoji.empty())
        content["emoji"] = emoji;
    world_.emitter.emit(event_update(*customer, "reaction", content, world_.now()));
    world_.book.change_message(id, Json{{"reaction_of_customer", emoji}});
    return to_json(*world_.book.find_message(id));
}

Result<Json> CustomerActions::tap(std::string const& customer_id, Json const& order)
{
    auto const found = find(customer_id, order, true);
    if (!found)
        return found.error();
    auto const id = text_at(order, {"id"}).value_or("");
    Message message;
    message.at = world_.now();
    message.quoted = found->message->id;
    if (found->message->type == "interactive" && text_at(found->message->content, {"type"}) == "contact_request" && id == "share_number") {
        message.type = "contacts";
        message.content = own_card(*found->customer);
    } else if (found->message->type == "template") {
        message.type = "button";
        message.content = Json{{"payload", id}, {"text", text_at(order, {"text"}).value_or(id)}};
    } else {
        message.type = "interactive";
        message.content = choice_of(*found->message, id);
    }
    if (message.content.is_null())
        return no_such("button or row");
    return say(*found->customer, std::move(message));
}

Result<Json> CustomerActions::edit(std::string const& customer_id, Json const& order)
{
    auto const found = find(customer_id, order, false);
    if (!found)
        return found.error();
    auto const body = text_at(order, {"body"}).value_or("");
    bool const text = found->message->type == "text";
    if (body.empty() || (!text && !is_media(found->message->type)))
        return Error{Fault::malformed, "only texts and captions can be edited"};
    if (world_.now() > found->message->at + 15min) // Source: WhatsApp help, "How to edit messages", read 2026-10.
        return Error{Fault::conflict, "15 minutes have passed"};
    auto const id = found->message->id;
    auto content = found->message->content;
    content[text ? "body" : "caption"] = body;
    Json const edited{{"original_message_id", id}, {"message", {{"type", found->message->type}, {found->message->type, content}}}};
    if (world_.options.edits_unsupported)
        world_.emitter.emit(event_update(*found->customer, "unsupported", Json{{"type", "edit"}}, world_.now()));
    else
        world_.emitter.emit(event_update(*found->customer, "edit", edited, world_.now()));
    world_.book.change_message(id, Json{{"content", content}, {"edited", true}});
    return to_json(*world_.book.find_message(id));
}

Result<Json> CustomerActions::revoke(std::string const& customer_id, Json const& order)
{
    auto const found = find(customer_id, order, false);
    if (!found)
        return found.error();
    auto const id = found->message->id;
    if (world_.now() > found->message->at + 48h)
        return Error{Fault::conflict, "two days have passed"};
    world_.emitter.emit(event_update(*found->customer, "revoke", Json{{"original_message_id", id}}, world_.now()));
    world_.book.change_message(id, Json{{"revoked", true}});
    return to_json(*world_.book.find_message(id));
}

Result<Json> CustomerActions::open(std::string const& customer_id)
{
    if (!world_.book.find_customer(customer_id))
        return no_such("customer");
    statuses_.opened(customer_id);
    return Json{{"success", true}};
}

Result<Json> CustomerActions::change_number(std::string const& customer_id, Json const& order)
{
    auto const* found = world_.book.find_customer(customer_id);
    if (!found)
        return no_such("customer");
    auto const before = customer_from(to_json(*found));
    auto after = before;
    while (world_.book.find_phone(after.phone))
        after.phone = invent_phone(after.country);
    after.user_id = invent_user_id(after.country);
    world_.book.save_customer(after);
    bool const by_field = text_at(order, {"by"}) == "user_id_update";
    world_.emitter.emit((by_field ? changed_user_id_update : changed_number_update)(before, after, world_.now()));
    return to_json(after);
}

Result<Json> CustomerActions::echo(std::string const& customer_id, Json const& order)
{
    auto const* customer = world_.book.find_customer(customer_id);
    auto const body = text_at(order, {"body"}).value_or("");
    if (!customer)
        return no_such("customer");
    if (body.empty())
        return Error{Fault::malformed, "body must not be empty"};
    Message message;
    message.id = new_message_id();
    message.from_business = true;
    message.at = world_.now();
    message.content = Json{{"body", body}};
    message.quoted = text_at(order, {"quoted"}).value_or("");
    message.status = Message::Status::delivered;
    message.answered_to = customer->phone;
    world_.book.add_message(customer_id, message);
    world_.emitter.emit(echo_update(world_.number, *world_.book.find_customer(customer_id), message));
    return to_json(message);
}

void CustomerActions::resume()
{
    auto const ids = world_.emitter.waiting_message_ids();
    std::unordered_set<std::string> const waiting{ids.begin(), ids.end()};
    std::vector<std::string> untold;
    for (auto const* customer : world_.book.customers())
        for (auto const& message : customer->messages)
            if (!message.from_business && message.status == Message::Status::sent &&
                !waiting.contains(message.id))
                untold.push_back(message.id);
    for (auto const& id : untold)
        tell(id);
}

} // namespace deskbridge::simulator
