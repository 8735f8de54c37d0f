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
    add_group_routes(routes);
    add_provider_routes(routes);
    add_fault_routes(routes);
    add_file_routes(routes);
    add_media_fault_routes(routes);
    add_template_routes(routes);
    add_account_routes(routes);
}

void ControlApi::add_customer_routes(std::vector<net::Route>& routes)
{
    auto const act = [&](std::string const& verb, auto& actor, auto action) {
        add(routes, "POST", "/sim/customers/{id}" + verb,
            [&actor, action](auto const& request, auto const& order) { return (actor.*action)(request.parameters[0], order); });
    };
    act("", actions_, &CustomerActions::change);
    act("/messages", actions_, &CustomerActions::write);
    act("/reactions", actions_, &CustomerActions::react);
    act("/taps", actions_, &CustomerActions::tap);
    act("/edits", actions_, &CustomerActions::edit);
    act("/revokes", actions_, &CustomerActions::revoke);
    act("/open", actions_, &CustomerActions::open);
    act("/plays", actions_, &CustomerActions::play);
    act("/number", actions_, &CustomerActions::change_number);
    act("/user-id", actions_, &CustomerActions::change_id);
    act("/security-code", actions_, &CustomerActions::change_code);
    act("/calls", actions_, &CustomerActions::call);
    act("/preferences", actions_, &CustomerActions::prefer);
    act("/handovers", actions_, &CustomerActions::hand_over);
    act("/echoes", business_phone_, &BusinessPhone::write);
    act("/echo-changes", business_phone_, &BusinessPhone::change);
    act("/history", business_phone_, &BusinessPhone::share_history);
    add(routes, "POST", "/sim/history", [this](auto const&, auto const& order) { return business_phone_.decline_history(order); });
    add(routes, "POST", "/sim/contacts", [this](auto const&, auto const& order) { return business_phone_.share_contacts(order); });
    add(routes, "POST", "/sim/customers", [this](auto const&, auto const& order) { return actions_.create(order); });
    add(routes, "GET", "/sim/customers/{id}", [this](auto const& request, auto const&) -> Result<Json> {
        auto const* customer = world_.book.find_customer(request.parameters[0]);
        if (!customer)
            return Error{Fault::not_found, "no such customer"};
        return chat_json(*customer, customer->messages.size());
    });
}

void ControlApi::add_group_routes(std::vector<net::Route>& routes)
{
    auto const act = [&](std::string const& verb, auto action) {
        add(routes, "POST", "/sim/groups/{id}" + verb,
            [this, action](auto const& request, auto const& order) { return (groups_.*action)(request.parameters[0], order); });
    };
    act("", &GroupActions::change);
    act("/messages", &GroupActions::write);
    act("/open", &GroupActions::open);
    add(routes, "POST", "/sim/groups", [this](auto const&, auto const& order) { return groups_.create(order); });
    add(routes, "GET", "/sim/groups/{id}", [this](auto const& request, auto const&) { return groups_.show(request.parameters[0]); });
}

void ControlApi::add_provider_routes(std::vector<net::Route>& routes)
{
    add(routes, "GET", "/sim/state", [this](auto const&, auto const&) -> Result<Json> { return state(); });
    add(routes, "GET", "/sim/hook", [this](auto const& request, auto const&) { return show_hook(request); });
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
}

void ControlApi::add_fault_routes(std::vector<net::Route>& routes)
{
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
