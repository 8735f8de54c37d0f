#include "graph_api.hpp"

#include "signing.hpp"
#include "templates.hpp"

#include <openssl/crypto.h>

#include <algorithm>

namespace deskbridge::simulator {

namespace asio = boost::asio;

namespace {

constexpr std::size_t max_send_body = 256u << 10;
constexpr std::size_t max_upload = 101u << 20; // the limit of documents, and room for the form around it

bool is_version(std::string_view text) noexcept
{
    return text.size() >= 4 && text.front() == 'v' && text.find('.') != std::string_view::npos &&
           text.find_first_not_of("0123456789.", 1) == std::string_view::npos;
}

bool same_text(std::string_view a, std::string_view b) noexcept
{
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

/// A route whose answer is there at once.
net::Handler at_once(std::function<HttpResponse(net::Request const&)> answer)
{
    return [answer = std::move(answer)](net::Request& request) -> asio::awaitable<net::Reply> {
        co_return net::Reply{answer(request)};
    };
}

} // namespace

void GraphApi::add_routes(std::vector<net::Route>& routes)
{
    routes.push_back({"POST", "/{version}/{id}/messages", [this](net::Request& r) { return post_messages(r); }, max_send_body});
    routes.push_back({"POST", "/{version}/{id}/media", [this](net::Request& r) { return upload_media(r); }, max_upload});
    routes.push_back({"GET", "/{version}/{id}", at_once([this](auto const& r) { return get_object(r); })});
    for (bool const behind_redirect : {false, true}) {
        auto download = [this, behind_redirect](net::Request& request) -> asio::awaitable<net::Reply> {
            co_return download_media(request, behind_redirect);
        };
        routes.push_back({"GET", behind_redirect ? "/lookaside/{token}/moved" : "/lookaside/{token}", std::move(download)});
    }
    routes.push_back({"DELETE", "/{version}/{id}", at_once([this](auto const& r) { return delete_object(r); })});
    routes.push_back({"GET", "/{version}/{id}/message_templates", at_once([this](auto const& r) { return list_templates(r); })});
    routes.push_back({"GET", "/{version}/{id}/subscribed_apps", at_once([this](auto const& r) { return subscribed_apps(r); })});
    routes.push_back({"GET", "/{version}/{id}/subscriptions", at_once([this](auto const& r) { return app_subscriptions(r); })});
    routes.push_back({"POST", "/{version}/{id}/subscribed_apps", at_once([this](auto const& r) { return subscribe_app(r); }), 64u << 10});
    routes.push_back({"GET", "/{version}/{id}/block_users", at_once([this](auto const& r) { return blocked_users(r); })});
    for (auto const* const method : {"POST", "DELETE"}) {
        bool const block = std::string_view{method} == "POST";
        routes.push_back({method, "/{version}/{id}/block_users", at_once([this, block](auto const& r) { return change_blocked(r, block); }), max_send_body});
    }
}

bool GraphApi::bears_token(net::Request const& request, NumberState const& number)
{
    auto const header = request.http.headers.find("Authorization");
    return header && same_text(*header, "Bearer " + number.own.access_token);
}

bool GraphApi::bears_any_token(net::Request const& request) const
{
    return std::any_of(world_.numbers.begin(), world_.numbers.end(), [&](NumberState const& number) { return bears_token(request, number); });
}

std::variant<GraphError, NumberState*> GraphApi::number_in(net::Request const& request)
{
    if (auto error = check_call(request))
        return std::move(*error);
    auto const& id = request.parameters[1];
    auto* const number = world_.find_number(id);
    if (!number || !bears_token(request, *number))
        return GraphError{33, "Object with ID '" + id + "' does not exist or cannot be loaded."};
    return number;
}

std::variant<GraphError, NumberState*> GraphApi::account_in(net::Request const& request)
{
    if (auto error = check_call(request))
        return std::move(*error);
    for (auto& number : world_.numbers)
        if (number.own.waba_id == request.parameters[1] && bears_token(request, number)) {
            if (auto error = count_managing(number.own.waba_id))
                return std::move(*error);
            return &number;
        }
    return GraphError{100, "Tried accessing nonexisting field on node " + request.parameters[1]};
}

/// Calls that manage an account: 200 in an hour. Source: Meta, Graph API "Rate limits", business use case "WhatsApp Business Management" (2026-11).
std::optional<GraphError> GraphApi::count_managing(std::string const& waba_id)
{
    constexpr std::size_t most = 200;
    auto& calls = managed_[waba_id];
    while (!calls.empty() && calls.front() <= world_.now() - std::chrono::hours{1})
        calls.pop_front();
    if (calls.size() >= most)
        return GraphError{80007, ""};
    calls.push_back(world_.now());
    return std::nullopt;
}

std::optional<GraphError> GraphApi::check_call(net::Request const& request) const
{
    if (!world_.healthy())
        return GraphError{2, "The simulator cannot write its state folder."};
    if (!is_version(request.parameters[0]))
        return GraphError{2500, "Unknown path components: /" + request.parameters[0]};
    if (world_.mishaps.token_expired() || !bears_any_token(request))
        return GraphError{190, ""};
    return check_proof(request);
}

std::optional<GraphError> GraphApi::check_proof(net::Request const& request) const
{
    auto const shown = query_parameter(request.http.target, "appsecret_proof");
    auto const any_caller = [&](auto const& holds) {
        return std::any_of(world_.numbers.begin(), world_.numbers.end(), [&](NumberState const& number) { return bears_token(request, number) && holds(number); });
    };
    if (!shown && any_caller([](NumberState const& number) { return number.account.requires_proof(); }))
        return GraphError{100, "", "API calls from the server require an appsecret_proof argument"};
    if (shown && !any_caller([&](NumberState const& number) { return same_text(*shown, appsecret_proof(number.own.app_secret, number.own.access_token)); }))
        return GraphError{100, "", "Invalid appsecret_proof provided in the API argument"};
    return std::nullopt;
}

HttpResponse GraphApi::get_object(net::Request const& request)
{
    if (auto const error = check_call(request))
        return error_response(*error);
    auto const& id = request.parameters[1];
    auto const* number = world_.find_number(id);
    if (number && bears_token(request, *number))
        return number_object(*number, request);
    if (id == "debug_token")
        return token_object(request);
    auto const* media = world_.book.find_media(id);
    if (!media || media->expires <= world_.now())
        return error_response({33, "Object with ID '" + id + "' does not exist or cannot be loaded."});
    return media_object(*media);
}

HttpResponse GraphApi::delete_object(net::Request const& request)
{
    if (auto const error = check_call(request))
        return error_response(*error);
    auto const* media = world_.book.find_media(request.parameters[1]);
    if (!media || media->expires <= world_.now())
        return error_response({33, "Object with ID '" + request.parameters[1] + "' does not exist or cannot be loaded."});
    auto gone = *media;
    gone.expires = world_.now();
    world_.book.add_media(gone);
    return json_response(200, Json{{"success", true}});
}

HttpResponse GraphApi::list_templates(net::Request const& request)
{
    auto const found = account_in(request);
    if (auto const* error = std::get_if<GraphError>(&found))
        return error_response(*error);
    auto const& target = request.http.target;
    auto const said = [&](char const* name) { return query_parameter(target, name).value_or(""); };
    auto const limit = parse_json(said("limit"));
    TemplateBook::Question question;
    if (limit && limit->is_number_integer())
        question.limit = static_cast<std::size_t>(std::clamp<std::int64_t>(limit->get<std::int64_t>(), 1, 1000));
    question.after = said("after");
    question.fields = said("fields");
    question.here = world_.public_base + std::string{path_of(target)} + "?limit=" + std::to_string(question.limit) +
                    (question.fields.empty() ? "" : "&fields=" + question.fields);
    auto const page = world_.templates_of(*std::get<NumberState*>(found)).list(question);
    if (!page)
        return error_response({100, "Invalid cursors values"});
    return json_response(200, *page);
}

} // namespace deskbridge::simulator
