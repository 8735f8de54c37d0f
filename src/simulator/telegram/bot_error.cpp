#include "telegram/bot_error.hpp"

#include "graph_error.hpp"

namespace deskbridge::simulator::telegram {
namespace {

BotError saying(int code, std::string_view class_of, std::string_view why)
{
    return {code, std::string{class_of}.append(": ").append(why), {}};
}

} // namespace

BotError bad_request(std::string_view why)
{
    return saying(400, "Bad Request", why);
}

BotError forbidden(std::string_view why)
{
    return saying(403, "Forbidden", why);
}

BotError conflict(std::string_view why)
{
    return saying(409, "Conflict", why);
}

BotError too_many(int seconds)
{
    auto error = saying(429, "Too Many Requests", "retry after " + std::to_string(seconds));
    error.parameters = Json{{"retry_after", seconds}};
    return error;
}

HttpResponse response_of(Answer const& answer)
{
    if (auto const* done = std::get_if<Done>(&answer)) {
        Json body{{"ok", true}, {"result", done->result}};
        if (!done->description.empty())
            body["description"] = done->description;
        return json_response(200, body);
    }
    auto const& error = std::get<BotError>(answer);
    Json body{{"ok", false}, {"error_code", error.code}, {"description", error.description}};
    if (!error.parameters.is_null())
        body["parameters"] = error.parameters;
    auto response = json_response(error.code, body);
    if (auto const seconds = int_at(error.parameters, {"retry_after"}))
        response.headers.add("Retry-After", std::to_string(*seconds));
    return response;
}

} // namespace deskbridge::simulator::telegram
