#include "control_route.hpp"

#include "graph_error.hpp"

#include <boost/asio/awaitable.hpp>

namespace deskbridge::simulator {

namespace asio = boost::asio;

namespace {

constexpr std::size_t max_order = 4u << 20;

int status_of(Fault fault) noexcept
{
    switch (fault) {
    case Fault::malformed: return 400;
    case Fault::forbidden: return 403;
    case Fault::not_found: return 404;
    case Fault::conflict: return 409;
    case Fault::unavailable: return 503;
    case Fault::storage: return 500;
    }
    return 500;
}

bool own_origin(HttpRequest const& request)
{
    if (request.headers.count("Origin") == 0)
        return true;
    auto const origin = request.headers.find("Origin");
    auto const host = request.headers.find("Host");
    return origin && host && (*origin == "http://" + std::string{*host} || *origin == "https://" + std::string{*host});
}

HttpResponse problem(Error const& error)
{
    return json_response(status_of(error.fault), Json{{"error", error.detail}});
}

HttpResponse response_of(Result<Json> const& result)
{
    return result ? json_response(200, *result) : problem(result.error());
}

net::Handler replying(std::function<HttpResponse(net::Request const&)> answer)
{
    return [answer = std::move(answer)](net::Request& request) -> asio::awaitable<net::Reply> {
        co_return net::Reply{answer(request)};
    };
}

} // namespace

std::optional<HttpResponse> refuse_foreign_page(net::Request const& request)
{
    if (own_origin(request.http))
        return std::nullopt;
    return problem(Error{Fault::forbidden, "asked by a page of another site"});
}

net::Route control_route(std::string method, std::string pattern, ControlAnswer answer)
{
    auto const handle = [answer = std::move(answer)](net::Request const& request) {
        Json order = Json::object();
        if (!request.http.body.empty()) {
            auto const doc = parse_json(request.http.body);
            if (!doc || !doc->is_object())
                return problem(Error{Fault::malformed, "the body must be a JSON object"});
            order = *doc;
        }
        return response_of(answer(request, order));
    };
    return {std::move(method), std::move(pattern), replying(handle), max_order, refuse_foreign_page};
}

net::Route file_route(std::string pattern, std::size_t most, std::function<Result<Json>(net::Request const&)> answer)
{
    auto const handle = [answer = std::move(answer)](net::Request const& request) { return response_of(answer(request)); };
    return {"POST", std::move(pattern), replying(handle), most, refuse_foreign_page};
}

net::Route show_route(std::string pattern, std::function<HttpResponse(net::Request const&)> answer)
{
    return {"GET", std::move(pattern), replying(std::move(answer)), 0, refuse_foreign_page};
}

} // namespace deskbridge::simulator
