#include "graph_api.hpp"

#include "signing.hpp"

namespace deskbridge::simulator {
namespace {

/// One item of `block_users`: a number in any writing, or a business-scoped id.
Customer const* named_by(Book const& book, std::string const& user, std::string const& portfolio)
{
    std::string digits;
    for (char const c : user)
        if (c >= '0' && c <= '9')
            digits += c;
    auto const* by_phone = book.find_phone(digits);
    return by_phone ? by_phone : book.find_user_id(user, portfolio);
}

Json failed_user(std::string const& input)
{
    Json const error{{"message", "Re-engagement required"},
                     {"code", 131047},
                     {"error_data", {{"details", "This user has not written to this number within the last 24 hours."}}}};
    return Json{{"input", input}, {"errors", Json::array({error})}};
}

Json blocked_user(std::string const& input, Person const& customer)
{
    Json user{{"input", input}, {"user_id", customer.user_id}};
    put_phone(user, "wa_id", customer);
    return user;
}

} // namespace

// Source: Meta, WhatsApp Cloud API, "Block users", read 2026-11.

HttpResponse GraphApi::blocked_users(net::Request const& request)
{
    auto const found = number_in(request);
    if (auto const* error = std::get_if<GraphError>(&found))
        return error_response(*error);
    auto const& number = *std::get<NumberState*>(found);
    auto data = Json::array();
    for (auto const* customer : world_.book.customers()) {
        if (!customer->blocked_by.contains(number.own.phone_number_id))
            continue;
        Json user{{"messaging_product", "whatsapp"}, {"user_id", world_.seen_by(number, *customer).user_id}};
        put_phone(user, "wa_id", *customer);
        data.push_back(std::move(user));
    }
    return json_response(200, Json{{"data", std::move(data)}});
}

HttpResponse GraphApi::change_blocked(net::Request const& request, bool block)
{
    auto const found = number_in(request);
    if (auto const* error = std::get_if<GraphError>(&found))
        return error_response(*error);
    auto const& number = *std::get<NumberState*>(found);
    auto const& own = number.own.phone_number_id;
    auto const order = parse_json(request.http.body);
    auto const& users = items(order ? at(*order, {"block_users"}) : nullptr);
    if (users.empty())
        return error_response({100, "The parameter block_users is required."});
    auto changed = Json::array();
    auto failed = Json::array();
    for (auto const& user : users) {
        auto const input = text_at(user, {"user"}).value_or(text_at(user, {"user_id"}).value_or(""));
        auto const* customer = named_by(world_.book, input, number.own.portfolio);
        bool const lately = customer && window_open(customer->written_to(own), world_.now());
        if (!customer || (block && !lately)) {
            failed.push_back(failed_user(input));
            continue;
        }
        Person person = *customer;
        block ? void(person.blocked_by.insert(own)) : void(person.blocked_by.erase(own));
        changed.push_back(blocked_user(input, world_.seen_by(number, person)));
        world_.book.save_customer(person);
    }
    world_.ledger.add("blocks", world_.clock.now(), Json{{"number", own}, {"block", block}, {"changed", changed}, {"failed", failed}});
    Json body{{"messaging_product", "whatsapp"}, {"block_users", {{block ? "added_users" : "removed_users", changed}}}};
    if (failed.empty())
        return json_response(200, body);
    body["block_users"]["failed_users"] = failed;
    body.update(error_body({139100, "Some users could not be changed."}, "A" + random_hex(11)));
    return json_response(400, body);
}

} // namespace deskbridge::simulator
