#include "customer.hpp"

#include "signing.hpp"

#include <algorithm>
#include <array>

namespace deskbridge::simulator {
namespace {

constexpr std::array<std::string_view, 5> status_names{"sent", "delivered", "read", "failed", "accepted"};

std::string text_or(Json const& doc, std::string_view key, std::string_view otherwise = {})
{
    return text_at(doc, {key}).value_or(std::string{otherwise});
}

} // namespace

std::string_view name_of(Message::Status status) noexcept
{
    return status_names[static_cast<std::size_t>(status)];
}

std::optional<Message::Status> status_named(std::string_view name) noexcept
{
    auto const found = std::find(status_names.begin(), status_names.end(), name);
    if (found == status_names.end())
        return std::nullopt;
    return static_cast<Message::Status>(found - status_names.begin());
}

Json to_json(Message const& message)
{
    Json doc{{"id", message.id},
             {"from", message.from_business ? "business" : "customer"},
             {"at_ms", to_ms(message.at)},
             {"type", message.type},
             {"content", message.content},
             {"status", name_of(message.status)}};
    auto const put = [&](char const* key, std::string const& value) {
        if (!value.empty())
            doc[key] = value;
    };
    put("quoted", message.quoted);
    put("callback_data", message.callback_data);
    put("answered_to", message.answered_to);
    put("reaction_of_customer", message.reaction_of_customer);
    put("reaction_of_business", message.reaction_of_business);
    if (!message.error.is_null())
        doc["error"] = message.error;
    for (auto const& [key, value] : {std::pair{"silent", message.silent}, {"edited", message.edited}, {"revoked", message.revoked}})
        if (value)
            doc[key] = true;
    return doc;
}

Message message_from(Json const& doc)
{
    Message message;
    message.id = text_or(doc, "id");
    message.from_business = text_or(doc, "from") == "business";
    message.at = from_ms(int_at(doc, {"at_ms"}).value_or(0));
    message.type = text_or(doc, "type", "text");
    if (auto const* content = at(doc, {"content"}))
        message.content = *content;
    message.status = status_named(text_or(doc, "status")).value_or(Message::Status::sent);
    if (auto const* error = at(doc, {"error"}))
        message.error = *error;
    message.quoted = text_or(doc, "quoted");
    message.callback_data = text_or(doc, "callback_data");
    message.answered_to = text_or(doc, "answered_to");
    message.reaction_of_customer = text_or(doc, "reaction_of_customer");
    message.reaction_of_business = text_or(doc, "reaction_of_business");
    message.silent = bool_at(doc, {"silent"}).value_or(false);
    message.edited = bool_at(doc, {"edited"}).value_or(false);
    message.revoked = bool_at(doc, {"revoked"}).value_or(false);
    return message;
}

Json to_json(Customer const& customer)
{
    Json doc{{"id", customer.id},           {"name", customer.name},
             {"country", customer.country}, {"language", customer.language},
             {"phone", customer.phone},     {"user_id", customer.user_id},
             {"username", customer.username}, {"phone_hidden", customer.phone_hidden},
             {"online", customer.online}};
    if (customer.last_written)
        doc["last_written_ms"] = to_ms(*customer.last_written);
    return doc;
}

Customer customer_from(Json const& doc)
{
    Customer customer;
    customer.id = text_or(doc, "id");
    customer.name = text_or(doc, "name");
    customer.country = text_or(doc, "country", "US");
    customer.language = text_or(doc, "language", "en");
    customer.phone = text_or(doc, "phone");
    customer.user_id = text_or(doc, "user_id");
    customer.username = text_or(doc, "username");
    customer.phone_hidden = bool_at(doc, {"phone_hidden"}).value_or(false);
    customer.online = bool_at(doc, {"online"}).value_or(true);
    if (auto const ms = int_at(doc, {"last_written_ms"}))
        customer.last_written = from_ms(*ms);
    return customer;
}

std::vector<Country> const& countries()
{
    // Fictional ranges: NANPA 555-01XX; Ofcom 07700 900; Bundesnetzagentur 0176 040690; ARCEP 06 39 98.
    static std::vector<Country> const all{
        {"US", "United States", "en", "120255501", 2},   {"GB", "United Kingdom", "en", "447700900", 3},
        {"DE", "Germany", "de", "4917604069", 3},        {"FR", "France", "fr", "33639980", 3},
        {"ES", "Spain", "es", "34600", 6},               {"MX", "Mexico", "es", "521550", 7},
        {"AR", "Argentina", "es", "54911", 8},           {"BR", "Brazil", "pt-BR", "55119", 8},
        {"PT", "Portugal", "pt-BR", "351910", 6},        {"IN", "India", "hi", "9190000", 5},
        {"ID", "Indonesia", "id", "62812000", 6},        {"AE", "United Arab Emirates", "ar", "97150000", 4},
        {"EG", "Egypt", "ar", "20100000", 5},            {"SA", "Saudi Arabia", "ar", "96650000", 4},
    };
    return all;
}

Country const& country_of(std::string_view code)
{
    auto const& all = countries();
    auto const found = std::find_if(all.begin(), all.end(), [&](Country const& c) { return c.code == code; });
    return found == all.end() ? all.front() : *found;
}

std::string invent_phone(std::string_view country)
{
    auto const& where = country_of(country);
    return std::string{where.prefix} + random_digits(where.digits);
}

std::string invent_user_id(std::string_view country)
{
    return std::string{country_of(country).code} + "." + random_digits(16);
}

Customer invent_customer(std::string_view country)
{
    auto const& where = country_of(country);
    Customer customer;
    customer.id = "c" + random_hex(5);
    customer.country = where.code;
    customer.language = where.language;
    customer.phone = invent_phone(where.code);
    customer.user_id = invent_user_id(where.code);
    return customer;
}

} // namespace deskbridge::simulator
