#include "customer_actions.hpp"

#include "signing.hpp"
#include "written.hpp"

#include <algorithm>
#include <unordered_set>

namespace deskbridge::simulator {

using namespace std::chrono_literals;

namespace {

Error no_such(std::string_view what)
{
    return Error{Fault::not_found, "no such " + std::string{what}};
}

std::string without_at_sign(std::string name)
{
    return name.starts_with('@') ? name.substr(1) : name;
}

/// As an advert's click has it. Source: Meta, WhatsApp Cloud API webhooks, `referral`, read 2026-10.
Json sample_referral()
{
    return Json{{"source_url", "https://fb.me/3cr4Wqqkv"}, {"source_id", "120226305854810726"}, {"source_type", "ad"},
                {"headline", "Chat with us"},              {"body", "Parcels that arrive"},     {"media_type", "image"},
                {"image_url", "https://scontent.example/parcel.jpg"}, {"ctwa_clid", "Aff-n8ZTODiE79d22"}, {"ref", "parcels"}};
}

/// What of an order changes how somebody is, and how they are told of.
void read_person(Json const& order, Person& person)
{
    person.name = text_at(order, {"name"}).value_or(person.name);
    person.parent_user_id = text_at(order, {"parent_user_id"}).value_or(person.parent_user_id);
    person.online = bool_at(order, {"online"}).value_or(person.online);
    person.phone_hidden = bool_at(order, {"phone_hidden"}).value_or(person.phone_hidden);
    person.phone_empty = bool_at(order, {"phone_empty"}).value_or(person.phone_empty);
    person.profile_hidden = bool_at(order, {"profile_hidden"}).value_or(person.profile_hidden);
}

void put_in(std::set<std::string>& set, std::string const& id, bool in)
{
    if (in)
        set.insert(id);
    else
        set.erase(id);
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
    read_person(order, customer);
    customer.language = text_at(order, {"language"}).value_or(customer.language);
    customer.username = without_at_sign(text_at(order, {"username"}).value_or(""));
    if (auto const phone = text_at(order, {"phone"})) {
        bool const digits = !phone->empty() && phone->find_first_not_of("0123456789") == std::string::npos;
        if (!digits || world_.book.find_phone(*phone))
            return Error{Fault::malformed, "phone must be digits, and of nobody else"};
        customer.phone = *phone;
    }
    if (auto const user_id = text_at(order, {"user_id"})) {
        if (user_id->find('.') == std::string::npos || world_.book.find_user_id(*user_id))
            return Error{Fault::malformed, "user_id must be a country, a dot and an id, and of nobody else"};
        customer.user_id = *user_id;
    }
    world_.book.save_customer(customer);
    return to_json(customer);
}

Result<CustomerActions::Pair> CustomerActions::pair_of(std::string const& customer_id, Json const& order)
{
    auto const* customer = world_.book.find_customer(customer_id);
    if (!customer)
        return no_such("customer");
    auto const number = world_.number_in(order);
    if (!number)
        return number.error();
    return Pair{customer, *number};
}

Result<Json> CustomerActions::change(std::string const& customer_id, Json const& order)
{
    auto const found = pair_of(customer_id, order);
    if (!found)
        return found.error();
    Person person = *found->customer;
    bool const was_online = person.online;
    read_person(order, person);
    if (auto const blocking = bool_at(order, {"blocking"}))
        put_in(person.blocking, found->number->own.phone_number_id, *blocking);
    world_.book.save_customer(person);
    if (person.online && !was_online)
        statuses_.came_online(customer_id);
    return to_json(person);
}

Result<Json> CustomerActions::write(std::string const& customer_id, Json const& order)
{
    auto const found = pair_of(customer_id, order);
    if (!found)
        return found.error();
    auto written = written_in(order, world_.book);
    if (!written)
        return written.error();
    Message message;
    message.number = found->number->own.phone_number_id;
    message.type = std::move(written->type);
    message.content = std::move(written->content);
    if (auto const* referral = at(order, {"referral"}))
        message.referral = referral->is_object() ? *referral : sample_referral();
    message.quoted = text_at(order, {"quoted"}).value_or("");
    message.at = world_.now() - std::chrono::seconds{std::clamp<std::int64_t>(int_at(order, {"ago_s"}).value_or(0), 0, 31'536'000)};
    return say(*found->customer, std::move(message));
}

Result<Json> CustomerActions::say(Customer const& customer, Message message)
{
    message.id = new_message_id();
    message.status = Message::Status::sent;
    message.silent = customer.blocked_by.contains(message.number);
    world_.book.add_message(customer.id, message);
    tell(message.id);
    return to_json(message);
}

void CustomerActions::tell(std::string const& message_id)
{
    auto const* message = world_.book.find_message(message_id);
    auto const* author = message->group.empty() ? world_.book.owner_of(message_id) : world_.book.find_customer(message->author);
    if (!author || message->silent)
        return;
    auto const& number = world_.number_of(message->number);
    auto const* quoted = world_.book.find_message(message->quoted);
    world_.tell(*author, message_update(number.number(), world_.seen_by(number, *author), *message, quoted));
}

void CustomerActions::tell_event(Customer const& customer, Message const& about, std::string const& type, Json const& content)
{
    auto const& number = world_.number_of(about.number);
    if (!customer.blocked_by.contains(about.number))
        world_.tell(customer, event_update(number.number(), world_.seen_by(number, customer), type, content, world_.now(), about.group));
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
    auto const* message = world_.book.find_message(id);
    auto const* group = message ? world_.book.find_group(message->group) : nullptr;
    bool const here = group ? group->participants.contains(customer_id) : world_.book.owner_of(id) == customer;
    if (!customer || !message || !here)
        return no_such("message");
    auto const emoji = text_at(order, {"emoji"}).value_or("");
    Json content{{"message_id", id}};
    if (!emoji.empty())
        content["emoji"] = emoji;
    tell_event(*customer, *message, "reaction", content);
    world_.book.change_message(id, Json{{"reaction_of_customer", emoji}});
    return to_json(*world_.book.find_message(id));
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
        tell_event(*found->customer, *found->message, "unsupported", Json{{"type", "edit"}});
    else
        tell_event(*found->customer, *found->message, "edit", edited);
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
    tell_event(*found->customer, *found->message, "revoke", Json{{"original_message_id", id}});
    world_.book.change_message(id, Json{{"revoked", true}});
    return to_json(*world_.book.find_message(id));
}

Result<Json> CustomerActions::open(std::string const& customer_id, Json const& order)
{
    auto const found = pair_of(customer_id, order);
    if (!found)
        return found.error();
    statuses_.opened(customer_id, found->number->own.phone_number_id);
    return Json{{"success", true}};
}

Result<Json> CustomerActions::play(std::string const& customer_id, Json const& order)
{
    return statuses_.play(customer_id, text_at(order, {"message_id"}).value_or(""));
}

void CustomerActions::resume()
{
    auto const ids = world_.hooks.waiting_message_ids();
    std::unordered_set<std::string> const waiting{ids.begin(), ids.end()};
    std::vector<std::string> untold;
    auto const collect = [&](std::vector<Message> const& messages) {
        for (auto const& message : messages)
            if (!message.from_business && !message.silent && message.status == Message::Status::sent && !waiting.contains(message.id))
                untold.push_back(message.id);
    };
    for (auto const* customer : world_.book.customers())
        collect(customer->messages);
    for (auto const* group : world_.book.groups())
        collect(group->messages);
    for (auto const& id : untold)
        tell(id);
}

} // namespace deskbridge::simulator
