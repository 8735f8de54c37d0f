#include "meta.hpp"

namespace deskbridge::test {

using nlohmann::json;

namespace {

std::string seconds_of(Timestamp at)
{
    return std::to_string(std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count());
}

} // namespace

json change(std::string const& field, Number const& number, json value)
{
    value["messaging_product"] = "whatsapp";
    value["metadata"] = {{"display_phone_number", number.display}, {"phone_number_id", number.phone_number_id}};
    return {{"field", field}, {"value", std::move(value)}};
}

json message_of(Customer const& customer, std::string const& id, Timestamp at)
{
    json message{{"id", id}, {"timestamp", seconds_of(at)}, {"from_user_id", customer.user_id}};
    if (!customer.phone.empty())
        message["from"] = customer.phone;
    return message;
}

json messages_change(Number const& number, Customer const& customer, json messages)
{
    json contact{{"profile", {{"name", customer.profile}}}, {"user_id", customer.user_id}};
    if (!customer.phone.empty())
        contact["wa_id"] = customer.phone;
    return change("messages", number, {{"contacts", json::array({std::move(contact)})}, {"messages", std::move(messages)}});
}

json status_of(std::string const& id, std::string const& status, Timestamp at, int error_code)
{
    json out{{"id", id}, {"status", status}, {"timestamp", seconds_of(at)}};
    if (error_code != 0)
        out["errors"] = json::array({{{"code", error_code}, {"title", "refused"}}});
    return out;
}

std::string webhook(std::vector<json> const& changes)
{
    json entry{{"id", waba_id}, {"changes", changes}};
    json const body{{"object", "whatsapp_business_account"}, {"entry", json::array({std::move(entry)})}};
    return body.dump(-1, ' ', true); // Meta escapes what is not ASCII
}

} // namespace deskbridge::test
