#include "customer_actions.hpp"

namespace deskbridge::simulator {
namespace {

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
Json own_card(Person const& customer)
{
    auto const name = customer.name.empty() ? customer.phone : customer.name;
    return Json::array({{{"name", {{"formatted_name", name}, {"first_name", name}}},
                         {"phones", Json::array({{{"phone", "+" + customer.phone}, {"wa_id", customer.phone}, {"type", "CELL"}}})},
                         {"origin", "contact_request"}}});
}

} // namespace

Result<Json> CustomerActions::tap(std::string const& customer_id, Json const& order)
{
    auto const found = find(customer_id, order, true);
    if (!found)
        return found.error();
    auto const id = text_at(order, {"id"}).value_or("");
    Message message;
    message.number = found->message->number;
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
        return Error{Fault::not_found, "no such button or row"};
    return say(*found->customer, std::move(message));
}

} // namespace deskbridge::simulator
