#include "graph_error.hpp"

#include "signing.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace deskbridge::simulator {
namespace {

struct Known {
    int code;
    int status;
    std::string_view title;
};

constexpr std::array<Known, 71> known{{
    {0, 401, "AuthException"},
    {1, 400, "API Unknown"},
    {2, 503, "Service temporarily unavailable"},
    {3, 500, "Capability or permissions issue"},
    {4, 400, "Application request limit reached"},
    {10, 403, "Application does not have permission for this action"},
    {33, 400, "Unsupported request. Object does not exist or cannot be loaded"},
    {100, 400, "Invalid parameter"},
    {190, 401, "Invalid OAuth access token"},
    {368, 403, "Temporarily blocked for policies violations"},
    {613, 400, "Calls to this API have exceeded the rate limit"},
    {80007, 400, "Rate limit issues"},
    {130403, 400, "User blocked"},
    {130429, 400, "Rate limit hit"},
    {130472, 400, "User's number is part of an experiment"},
    {130497, 403, "Business account is restricted from messaging users in this country"},
    {130501, 400, "Message type is not currently supported in groups"},
    {131000, 500, "Something went wrong"},
    {131005, 403, "Access denied"},
    {131008, 400, "Required parameter is missing"},
    {131009, 400, "Parameter value is not valid"},
    {131016, 500, "Service unavailable"},
    {131020, 400, "Group is not available"},
    {131021, 400, "Recipient cannot be sender"},
    {131026, 400, "Message undeliverable"},
    {131030, 400, "Recipient phone number not in allowed list"},
    {131031, 403, "Account has been locked"},
    {131037, 400, "Display name approval is needed"},
    {131042, 400, "Business eligibility payment issue"},
    {131045, 500, "Incorrect certificate"},
    {131047, 400, "Re-engagement message"},
    {131048, 400, "Spam rate limit hit"},
    {131049, 400, "Message not delivered to maintain healthy ecosystem engagement"},
    {131050, 400, "User has stopped marketing messages"},
    {131051, 400, "Unsupported message type"},
    {131052, 400, "Media download error"},
    {131053, 400, "Media upload error"},
    {131055, 400, "Method not allowed"},
    {131056, 400, "(Business Account, Consumer Account) pair rate limit hit"},
    {131057, 500, "Account in maintenance mode"},
    {131062, 400, "Business-scoped user IDs (BSUID) recipient is not supported for this message"},
    {131063, 400, "Method not allowed for this template category"},
    {131064, 400, "Template classification violation"},
    {132000, 400, "Template param count mismatch"},
    {132001, 404, "Template does not exist"},
    {132005, 400, "Template Hydrated Text Too Long"},
    {132007, 400, "Template Format Character Policy Violated"},
    {132008, 400, "Template parameter value is not valid"},
    {132012, 400, "Template parameter format mismatch"},
    {132015, 400, "Template is paused"},
    {132016, 400, "Template is disabled"},
    {132018, 400, "There's an issue with the parameters in your template"},
    {132068, 400, "Flow is blocked"},
    {132069, 400, "Flow is throttled"},
    {133000, 500, "Incomplete deregistration"},
    {133004, 503, "Server temporarily unavailable"},
    {133005, 400, "Two-step verification PIN mismatch"},
    {133006, 400, "Phone number re-verification needed"},
    {133008, 400, "Too many two-step verification PIN guesses"},
    {133009, 400, "Two-step verification PIN guessed too fast"},
    {133010, 400, "Phone number not registered"},
    {133015, 400, "Please wait a few minutes"},
    {133016, 400, "Account register and deregister limit reached"},
    {134011, 400, "Payments terms of service not accepted"},
    {134100, 400, "Only marketing messages are supported"},
    {134101, 400, "Template is syncing"},
    {134102, 500, "Template is unavailable"},
    {135000, 400, "Generic user error"},
    {137000, 400, "Recipient identity key hash mismatch"},
    {139100, 400, "Failed to block or unblock users"},
    {2494100, 500, "Phone number is in maintenance"},
}};

Known const* find(int code) noexcept
{
    auto const* found = std::find_if(known.begin(), known.end(), [&](Known const& k) { return k.code == code; });
    return found == known.end() ? nullptr : found;
}

/// The HTTP status that goes with a code. What is not listed is the caller's fault (400), or their lack of a permission.
int http_status_of(int code) noexcept
{
    auto const* entry = find(code);
    bool const permission = code >= 200 && code <= 299;
    return entry ? entry->status : permission ? 403 : 400;
}

} // namespace

std::string title_of(int code)
{
    auto const* entry = find(code);
    return entry ? std::string{entry->title} : "Unknown error";
}

Json error_body(GraphError const& error, std::string const& trace_id)
{
    Json body{{"message", "(#" + std::to_string(error.code) + ") " + title_of(error.code)},
              {"type", "OAuthException"},
              {"code", error.code},
              {"fbtrace_id", trace_id}};
    if (!error.message.empty()) {
        body["message"] = error.message;
        body["type"] = "GraphMethodException";
    }
    if (error.code == 190)
        body["message"] = "Error validating access token";
    if (error.code == 33)
        body["error_subcode"] = 33;
    if (!error.details.empty())
        body["error_data"] = Json{{"messaging_product", "whatsapp"}, {"details", error.details}};
    return Json{{"error", std::move(body)}};
}

HttpResponse json_response(int status, Json const& body)
{
    HttpResponse response;
    response.status = status;
    response.headers.add("Content-Type", "application/json; charset=UTF-8");
    response.headers.add("Cache-Control", "no-store");
    response.body = render_json(body);
    return response;
}

HttpResponse error_response(GraphError const& error)
{
    auto response = json_response(http_status_of(error.code), error_body(error, "A" + random_hex(11)));
    if (error.code == 190)
        response.headers.add("WWW-Authenticate",
                             "OAuth \"Facebook Platform\" \"invalid_token\" \"Error validating access token\"");
    return response;
}

Json late_error_item(LateError const& error)
{
    auto const title = error.code == 131051 ? std::string{"Message type unknown"} : title_of(error.code);
    return Json{{"code", error.code},
                {"title", title},
                {"message", title},
                {"error_data", {{"details", error.details}}},
                {"href", "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"}};
}

} // namespace deskbridge::simulator
