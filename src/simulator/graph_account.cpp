#include "graph_api.hpp"

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

HttpResponse GraphApi::number_object(net::Request const& request)
{
    auto all = world_.account.number_fields();
    all["id"] = world_.number.phone_number_id;
    all["display_phone_number"] = "+" + world_.number.display_phone_number;
    all["verified_name"] = world_.options.business_name;
    return json_response(200, chosen(all, query_parameter(request.http.target, "fields").value_or("")));
}

HttpResponse GraphApi::token_object(net::Request const& request)
{
    if (query_parameter(request.http.target, "input_token") != world_.options.access_token)
        return json_response(200, Json{{"data", {{"is_valid", false}}}});
    return json_response(200, Json{{"data", world_.account.token_data()}});
}

HttpResponse GraphApi::subscribed_apps(net::Request const& request)
{
    if (auto const error = check_call(request))
        return error_response(*error);
    auto apps = Json::array();
    if (world_.account.subscribed())
        apps.push_back(Json{{"whatsapp_business_api_data", {{"id", app_id}, {"name", world_.options.business_name}}}});
    return json_response(200, Json{{"data", std::move(apps)}});
}

HttpResponse GraphApi::subscribe_app(net::Request const& request)
{
    if (auto const error = check_call(request))
        return error_response(*error);
    world_.account.subscribe();
    return json_response(200, Json{{"success", true}});
}

} // namespace deskbridge::simulator
