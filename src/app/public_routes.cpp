#include "public_routes.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

namespace deskbridge::app {

namespace asio = boost::asio;

namespace {

asio::awaitable<net::Reply> receive(flow::Intake& intake, async::Clock& clock, net::Request& request)
{
    co_return net::Reply{co_await intake.receive(request.parameters.front(), std::move(request.http), clock.now())};
}

asio::awaitable<net::Reply> readiness_reply(Readiness const& readiness)
{
    if (!readiness.ready)
        co_return net::Reply{flow::plain_text(503, "not ready\n")};
    auto const room = readiness.store ? readiness.store->room() : store::Room::enough;
    if (room != store::Room::enough)
        co_return net::Reply{flow::plain_text(503, "not ready: " + std::string{store::render_room(room)} + "\n")};
    co_return net::Reply{flow::plain_text(200, "ready\n")};
}

asio::awaitable<net::Reply> health_reply()
{
    co_return net::Reply{flow::plain_text(200, "ok\n")};
}

asio::awaitable<net::Reply> metrics_reply(Figures& figures)
{
    auto text = co_await figures.render();
    auto response = flow::plain_text(200, std::move(text));
    response.headers.set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    co_return net::Reply{std::move(response)};
}

/// `/hooks/{name}`: what providers call.
std::vector<net::Route> hook_routes(flow::Intake& intake, async::Clock& clock)
{
    auto const handler = [&intake, &clock](net::Request& request) { return receive(intake, clock, request); };
    auto const refuse = [&intake](net::Request const& request) {
        return intake.refuse_head(request.parameters.front(), request.http, request.client_names);
    };
    auto const unheard = [&intake, &clock](net::Request const* request) {
        intake.note_unheard(request ? std::string_view{request->parameters.front()} : std::string_view{}, clock.now());
    };
    return {
        net::Route{"GET", "/hooks/{name}", handler, 0, refuse},
        net::Route{"POST", "/hooks/{name}", handler, flow::max_webhook_bytes, refuse, unheard},
    };
}

} // namespace

std::vector<net::Route> health_routes(Readiness const& readiness)
{
    return {
        net::Route{"GET", "/healthz", [](net::Request&) { return health_reply(); }},
        net::Route{"GET", "/readyz", [&readiness](net::Request&) { return readiness_reply(readiness); }},
    };
}

std::vector<net::Route> public_routes(flow::Intake& intake, async::Clock& clock, Readiness const& readiness, Figures* figures,
                                      FileDoor const* door)
{
    auto routes = hook_routes(intake, clock);
    auto const add = [&routes](std::vector<net::Route> more) { std::move(more.begin(), more.end(), std::back_inserter(routes)); };
    add(health_routes(readiness));
    if (figures)
        add(metrics_routes(*figures));
    if (door)
        routes.push_back(file_route(*door));
    return routes;
}

std::vector<net::Route> metrics_routes(Figures& figures)
{
    return {net::Route{"GET", "/metrics", [&figures](net::Request&) { return metrics_reply(figures); }}};
}

} // namespace deskbridge::app
