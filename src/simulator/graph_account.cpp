#include "graph_api.hpp"
#include "signing.hpp"

#include <algorithm>

namespace deskbridge::simulator {
namespace {

/// Of all fields those that were asked for; the id always.
Json chosen(Json const& all, std::string const& fields)
{
    if (fields.empty())
        return all;
    auto some = Json::object();
    for (auto const& [key, value] : all.items())
        if (key == "id" || ("," + fields + ",").find("," + key + ",") != std::string::npos)
            some[key] = value;
    return some;
}

} // namespace

HttpResponse GraphApi::number_object(NumberState const& number, net::Request const& request)
{
    auto all = number.account.number_fields();
    all["id"] = number.own.phone_number_id;
    all["display_phone_number"] = "+" + number.own.display_phone_number;
    all["verified_name"] = number.own.business_name;
    return json_response(200, chosen(all, query_parameter(request.http.target, "fields").value_or("")));
}

HttpResponse GraphApi::token_object(net::Request const& request)
{
    auto const asked = query_parameter(request.http.target, "input_token");
    for (auto const& number : world_.numbers)
        if (asked == number.own.access_token)
            return json_response(200, Json{{"data", number.account.token_data()}});
    return json_response(200, Json{{"data", {{"is_valid", false}}}});
}

HttpResponse GraphApi::subscribed_apps(net::Request const& request)
{
    auto const found = account_in(request);
    if (auto const* error = std::get_if<GraphError>(&found))
        return error_response(*error);
    auto const& number = *std::get<NumberState*>(found);
    auto apps = Json::array();
    if (number.account.subscribed())
        apps.push_back(Json{{"whatsapp_business_api_data", {{"id", app_id}, {"name", number.own.business_name}}}});
    return json_response(200, Json{{"data", std::move(apps)}});
}

/// An app alone may read it: its id and its secret are its token.
HttpResponse GraphApi::app_subscriptions(net::Request const& request)
{
    if (!world_.healthy())
        return error_response({2, "The simulator cannot write its state folder."});
    auto const shown = request.http.headers.find("Authorization");
    auto const proof = query_parameter(request.http.target, "appsecret_proof");
    auto const is_app = [&](NumberState const& number) {
        return shown == "Bearer " + std::string{app_id} + "|" + number.own.app_secret;
    };
    auto const number = std::find_if(world_.numbers.begin(), world_.numbers.end(), is_app);
    if (world_.mishaps.token_expired() || number == world_.numbers.end())
        return error_response({190, ""});
    if (request.parameters[1] != app_id)
        return error_response({100, "Tried accessing nonexisting field on node " + request.parameters[1]});
    auto const token = std::string{app_id} + "|" + number->own.app_secret;
    if (proof ? *proof != appsecret_proof(number->own.app_secret, token) : number->account.requires_proof())
        return error_response({100, "", proof ? "Invalid appsecret_proof provided in the API argument"
                                              : "API calls from the server require an appsecret_proof argument"});
    return json_response(200, Json{{"data", Json::array({number->account.app_subscription(world_.hooks.of(number->own.phone_number_id).settings().url)})}});
}

HttpResponse GraphApi::subscribe_app(net::Request const& request)
{
    auto const found = account_in(request);
    if (auto const* error = std::get_if<GraphError>(&found))
        return error_response(*error);
    std::get<NumberState*>(found)->account.subscribe();
    return json_response(200, Json{{"success", true}});
}

} // namespace deskbridge::simulator
