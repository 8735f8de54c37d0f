#include "control_api.hpp"

#include <boost/asio/awaitable.hpp>

#include <algorithm>

namespace deskbridge::simulator {

namespace asio = boost::asio;

namespace {

constexpr std::size_t max_body = 4u << 20;
constexpr std::size_t max_file = 16u << 20;

} // namespace

void ControlApi::add(std::vector<net::Route>& routes, std::string method, std::string pattern, ControlAnswer answer)
{
    routes.push_back(control_route(std::move(method), std::move(pattern), std::move(answer)));
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
    routes.push_back(file_route("/sim/media", max_file, [this](auto const& r) { return take_file(r); }));
    routes.push_back(file_route("/sim/raw", max_body, [this](auto const& r) { return post_raw(r); }));
    routes.push_back(show_route("/sim/media/{id}", [this](auto const& r) { return show_file(r); }));
    auto subscribe = [this](net::Request&) -> asio::awaitable<net::Reply> { co_return world_.feed.subscribe(); };
    routes.push_back({"GET", "/sim/events", std::move(subscribe), 0, refuse_foreign_page});
    for (auto const* const pattern : {"/", "/sim/page/{path*}"}) {
        auto page = [](net::Request& r) -> asio::awaitable<net::Reply> {
            co_return net::Reply{page_file(r.parameters.empty() ? "index.html" : r.parameters[0])};
        };
        routes.push_back({"GET", pattern, std::move(page)});
    }
}

} // namespace deskbridge::simulator
