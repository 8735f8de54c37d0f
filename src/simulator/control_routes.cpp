#include "control_api.hpp"

#include <boost/asio/awaitable.hpp>

#include <algorithm>

namespace deskbridge::simulator {

namespace asio = boost::asio;

namespace {

constexpr std::size_t max_order = 4u << 20;
constexpr std::size_t max_file = 16u << 20;

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

/// True unless a page of another site asks.
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

/// Writes and reads by other sites' pages are refused before a byte of the body is read.
net::HeadCheck const from_own_page = [](net::Request const& request) -> std::optional<HttpResponse> {
    if (own_origin(request.http))
        return std::nullopt;
    return problem(Error{Fault::forbidden, "asked by a page of another site"});
};

net::Handler replying(std::function<HttpResponse(net::Request const&)> answer)
{
    return [answer = std::move(answer)](net::Request& request) -> asio::awaitable<net::Reply> {
        co_return net::Reply{answer(request)};
    };
}

} // namespace

void ControlApi::add(std::vector<net::Route>& routes, std::string method, std::string pattern, Answer answer)
{
    auto const handle = [answer = std::move(answer)](net::Request const& request) {
        Json order = Json::object();
        if (!request.http.body.empty()) {
            auto const doc = parse_json(request.http.body);
            if (!doc || !doc->is_object())
                return problem(Error{Fault::malformed, "the body must be a JSON object"});
            order = *doc;
        }
        auto const result = answer(request, order);
        return result ? json_response(200, *result) : problem(result.error());
    };
    routes.push_back({std::move(method), std::move(pattern), replying(handle), max_order, from_own_page});
}

void ControlApi::add_routes(std::vector<net::Route>& routes)
{
    add_customer_routes(routes);
    add_provider_routes(routes);
    add_file_routes(routes);
    add_media_fault_routes(routes);
    add_template_routes(routes);
    add_account_routes(routes);
}

void ControlApi::add_customer_routes(std::vector<net::Route>& routes)
{
    auto const act = [&](std::string const& verb, CustomerAction action) {
        add(routes, "POST", "/sim/customers/{id}" + verb,
            [this, action](auto const& request, auto const& order) { return (actions_.*action)(request.parameters[0], order); });
    };
    act("", &CustomerActions::change);
    act("/messages", &CustomerActions::write);
    act("/reactions", &CustomerActions::react);
    act("/taps", &CustomerActions::tap);
    act("/edits", &CustomerActions::edit);
    act("/revokes", &CustomerActions::revoke);
    act("/echoes", &CustomerActions::echo);
    act("/number", &CustomerActions::change_number);
    add(routes, "POST", "/sim/customers/{id}/open",
        [this](auto const& request, auto const&) { return actions_.open(request.parameters[0]); });
    add(routes, "POST", "/sim/customers", [this](auto const&, auto const& order) { return actions_.create(order); });
    add(routes, "GET", "/sim/customers/{id}", [this](auto const& request, auto const&) -> Result<Json> {
        auto const* customer = world_.book.find_customer(request.parameters[0]);
        if (!customer)
            return Error{Fault::not_found, "no such customer"};
        return chat_json(*customer, customer->messages.size());
    });
}

void ControlApi::add_provider_routes(std::vector<net::Route>& routes)
{
    add(routes, "GET", "/sim/state", [this](auto const&, auto const&) -> Result<Json> { return state(); });
    add(routes, "GET", "/sim/hook", [this](auto const&, auto const&) -> Result<Json> { return hook_json(); });
    add(routes, "POST", "/sim/hook", [this](auto const&, auto const& order) { return set_hook(order); });
    add(routes, "POST", "/sim/statuses", [this](auto const&, auto const& order) { return statuses_.force(order); });
    add(routes, "POST", "/sim/chaos", [this](auto const&, auto const& order) { return set_chaos(order); });
    add(routes, "POST", "/sim/clock", [this](auto const&, auto const& order) { return set_clock(order); });
    add(routes, "GET", "/sim/ledger", [this](auto const& request, auto const&) -> Result<Json> {
        auto const number = [&](char const* name, std::int64_t otherwise) {
            auto const text = query_parameter(request.http.target, name).value_or("");
            auto const doc = parse_json(text);
            return doc && doc->is_number_integer() ? doc->template get<std::int64_t>() : otherwise;
        };
        auto const limit = std::clamp<std::int64_t>(number("limit", 1000), 1, 10'000);
        return Json{{"rows", world_.ledger.rows(number("after", 0), static_cast<std::size_t>(limit))}};
    });
    add(routes, "GET", "/sim/faults",
        [this](auto const&, auto const&) -> Result<Json> { return Json{{"faults", world_.mishaps.list()}}; });
    add(routes, "POST", "/sim/faults", [this](auto const&, auto const& order) -> Result<Json> {
        auto const mishap = mishap_from(order);
        if (!mishap)
            return mishap.error();
        world_.mishaps.add(*mishap);
        return Json{{"faults", world_.mishaps.list()}};
    });
    add(routes, "DELETE", "/sim/faults", [this](auto const&, auto const&) -> Result<Json> {
        world_.mishaps.clear();
        return Json{{"faults", Json::array()}};
    });
}

void ControlApi::add_template_routes(std::vector<net::Route>& routes)
{
    add(routes, "GET", "/sim/templates",
        [this](auto const&, auto const&) -> Result<Json> { return Json{{"templates", world_.templates.all()}}; });
    add(routes, "POST", "/sim/templates", [this](auto const&, auto const& order) -> Result<Json> {
        auto news = world_.templates.change(order);
        if (!news)
            return news.error();
        for (auto& one : *news)
            world_.emitter.emit({.field = std::move(one.field), .array = {}, .item = std::move(one.value), .at = world_.now()});
        return Json{{"templates", world_.templates.all()}};
    });
}

void ControlApi::add_media_fault_routes(std::vector<net::Route>& routes)
{
    add(routes, "GET", "/sim/media-faults",
        [this](auto const&, auto const&) -> Result<Json> { return Json{{"faults", world_.media_faults.list()}}; });
    add(routes, "POST", "/sim/media-faults", [this](auto const&, auto const& order) -> Result<Json> {
        auto const fault = media_fault_from(order);
        if (!fault)
            return fault.error();
        world_.media_faults.add(*fault);
        return Json{{"faults", world_.media_faults.list()}};
    });
    add(routes, "DELETE", "/sim/media-faults", [this](auto const&, auto const&) -> Result<Json> {
        world_.media_faults.clear();
        return Json{{"faults", Json::array()}};
    });
}

void ControlApi::add_file_routes(std::vector<net::Route>& routes)
{
    auto const result_of = [](Result<Json> const& result) { return result ? json_response(200, *result) : problem(result.error()); };
    routes.push_back({"POST", "/sim/media", replying([this, result_of](auto const& r) { return result_of(take_file(r)); }),
                      max_file, from_own_page});
    routes.push_back({"POST", "/sim/raw", replying([this, result_of](auto const& r) { return result_of(post_raw(r)); }),
                      max_order, from_own_page});
    routes.push_back({"GET", "/sim/media/{id}", replying([this](auto const& r) { return show_file(r); }), 0, from_own_page});
    auto subscribe = [this](net::Request&) -> asio::awaitable<net::Reply> { co_return world_.feed.subscribe(); };
    routes.push_back({"GET", "/sim/events", std::move(subscribe), 0, from_own_page});
    routes.push_back({"GET", "/", replying([](auto const&) { return page_file("index.html"); })});
    routes.push_back({"GET", "/sim/page/{path*}", replying([](auto const& r) { return page_file(r.parameters[0]); })});
}

} // namespace deskbridge::simulator
